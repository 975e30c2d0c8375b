"""Every page, run in a process of its own as the web process runs it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from streamlit.testing.v1 import AppTest
from nnviz.jobs import launcher
from nnviz.store import Store
from tests.pages.example_runs import gallery

launcher.ensure_supervisor = lambda url: None  # the workers are other processes: none is wanted here
ids = gallery(Store())
app = AppTest.from_file("dashboard.py", default_timeout=60).run()
shown = {}
for page, address in {
        "train": {"run": ids["adam"]}, "data": {}, "runs": {}, "predict": {"run": ids["adam"]},
        "compare": {"runs": ids["adam"] + "," + ids["sgd"]}}.items():
    app.query_params.clear()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, (page, app.exception)
    shown[page] = len(app.main.children)
    heavy = sorted({name.split(".")[0] for name in sys.modules} & {"tensorflow", "keras", "sklearn", "mlxtend"})
    assert not heavy, (page, heavy)
assert set(shown) == {path.stem for path in __import__("pathlib").Path("pages").glob("*.py")}, shown
assert all(shown.values()), shown
"""


def test_no_page_loads_tensorflow(tmp_path: Path) -> None:
    environment = os.environ | {
        "NNVIZ_STORE": f"sqlite:///{tmp_path}/nnviz.db",
        "NNVIZ_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
