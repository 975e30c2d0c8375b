"""Names and labels that try to be links, markup, scripts, formulas or invisible: in a real browser nothing comes of them."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from nnviz.plain_text import visible
from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.stream import assets
from tests.pages.example_runs import Worker
from tests.serving import Server

pytestmark = pytest.mark.e2e

EVIL = [
    "http://evil.example/x",
    "<img src=x onerror=alert(1)>",
    "$x^2$ :red[a] :smile: :material/home:",
    "\u202egnp.exe",
    "L" * 10_000,
    "](javascript:alert(1))",
    "tab\tand\nline",
    "www.evil.example me@evil.example",
    "a -> b",
    "\u200b\u2066",
]
CLASSES = ["=1+1", "<script>alert(2)</script>", "\u202eesrever", "C" * 10_000, "%{y} <a href='http://evil.example'>a</a>"]
NAME = "<img src=x onerror=alert(3)> http://evil.example :red[a] $x$ \u202eabc " + "R" * 200
ENCODER = {
    "version": 1,
    "shape": [],
    "divide": 1.0,
    "target": {"names": [EVIL[0]], "task": "classification", "classes": CLASSES, "mean": [], "scale": []},
    "columns": [{"name": name, "type": "number", "fill": [0.0], "centre": [0.0], "scale": [1.0]} for name in EVIL[:-1]]
    + [{"name": EVIL[-1], "type": "category", "categories": EVIL[:-1]}],
}
HIDDEN = "/[\\u202a-\\u202e\\u2066-\\u2069\\u200b]/.test(document.body.innerText)"
OUTSIDE = "nodes => nodes.map((node) => node.href).filter((href) => !href.startsWith(location.origin))"


def hostile_run(store: Store) -> str:
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": "\u202ehttp://evil.example.csv", "sha256": store.blobs.put(b"a,b\n1,2\n")},
            "layers": [],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "SGD"},
        }
    )
    worker = Worker(store, spec, name=NAME)
    store.runs.set_phase(
        worker.id,
        worker.attempt,
        "training",
        encoder=ENCODER,
        info={
            "task": "classification",
            "shape": [len(EVIL)],
            "outputs": len(CLASSES),
            "classes": CLASSES,
            "columns": EVIL,
            "rows": {"train": 10},
            "network": EVIL[1],
        },
    )
    worker.train(2)
    store.runs.add_event(worker.id, "finding", f"{EVIL[1]} {EVIL[0]} {EVIL[3]}")
    store.runs.edit(worker.id, tags=EVIL[:4], note=EVIL[1])
    store.runs.finish(worker.id, worker.attempt, "finished", weights=store.blobs.put(b"weights"))
    return worker.id


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home: Path = tmp_path_factory.mktemp("hostile")
    server = Server(home, environment={"NNVIZ_WORKERS": "1"}).start()
    yield server
    server.stop()


def test_nothing_comes_of_hostile_text(server, browser):
    store = Store(server.store_url)
    first, second = hostile_run(store), hostile_run(store)
    store.close()
    block = {"kind": "file", "path": EVIL[1], "sha256": "0" * 64, "target": EVIL[0]}
    pages = {
        "train": (f"/?run={first}", ".nv-events li"),
        "data": (f"/data?data={quote(json.dumps(block))}", "h3"),
        "runs": ("/runs", "[data-testid=stDataFrame]"),
        "compare": (f"/compare?runs={first},{second}", ".nv-plot svg"),
        "predict": (f"/predict?run={first}", "input[type=number]"),
    }
    page = browser.new_page(viewport={"width": 390, "height": 844})
    dialogs, outside, faults = [], [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: outside.append(request.url) if not request.url.startswith((server.url, "data:", "blob:")) else None,
    )
    for name, (address, sign) in pages.items():
        page.goto(server.url + address)
        page.locator(sign).first.wait_for(state="attached", timeout=60_000)
        page.wait_for_timeout(700)
        assert page.eval_on_selector_all("a[href]", OUTSIDE) == [], name
        assert page.locator("img[src=x], .katex, [data-testid=stIconMaterial] >> text=home").count() == 0, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), name
        assert not page.evaluate(HIDDEN), name
        assert "L" * 200 not in page.inner_text("body"), name
    labels = page.locator("[data-testid=stWidgetLabel]").all_inner_texts()
    joined = " ".join(label.replace("\u2060", "") for label in labels)
    for text in (*EVIL[:3], "\\u202egnp.exe", "tab⇥and⏎line", "](javascript:alert(1))", "a -> b", "\\u200b\\u2066"):
        assert text in joined
    # the browser's scripts show text as the pages do
    texts = [*EVIL, *CLASSES, "z" + "\u0301" * 50, "a\x00\x7f\x85\ufeff\U000e0041b", "Zürich 3°"]
    script = "async ([url, texts]) => { const it = await import(url); return texts.map((text) => it.visible(text, 80)); }"
    assert page.evaluate(script, [assets.url("common/visible.js"), texts]) == [visible(text, limit=80) for text in texts]
    page.close()
    assert dialogs == []
    assert faults == []
    assert outside == []
