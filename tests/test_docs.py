"""The examples in the docs run as they stand, and links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), f"{page.name} links {link}"


ENGINE = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")


def features() -> list[tuple[str, list[str], str]]:
    """The rows of the table of the article's features: what, the names in `here`, the example's anchor."""
    table = ENGINE.partition("## The article's features")[2].partition("\n## ")[0]
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in table.splitlines() if line.startswith("| ")][1:]
    name = re.compile(r"`((?:engine|catalog|data|export)\.[\w.]+)`")
    return [(what.strip(), name.findall(here), "".join(re.findall(r"\(#(.*?)\)", example))) for what, _, here, example in rows]


def sections() -> dict[str, str]:
    """The Python of each section by its anchor, as GitHub makes them."""
    blocks = {}
    for part in re.split(r"^##+ (?=\S)", ENGINE, flags=re.M)[1:]:
        title, _, text = part.partition("\n")
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        blocks[anchor] = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    return blocks


def test_the_table_of_features_is_whole():
    assert len(features()) >= 27


@pytest.mark.parametrize(("what", "names", "anchor"), features(), ids=[what[:40] for what, _, _ in features()])
def test_a_feature_has_an_example_that_is_run_and_uses_it(what, names, anchor):
    code = sections().get(anchor)
    assert code, f"{what}: no example at #{anchor}"
    assert names, f"{what}: the row names nothing of nnviz"
    for name in names:
        assert re.search(rf"\b{name.rpartition('.')[2]}\b", code), f"{what}: the example at #{anchor} does not use {name}"


def bare(home: Path) -> dict[str, str]:
    """The environment of a fresh user; the compiler does as little for each network as in the other tests."""
    return {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(home), "XLA_FLAGS": os.environ.get("XLA_FLAGS", "")}


def test_the_examples_of_the_engine_page_run(tmp_path):
    folder = tmp_path / ".nnviz" / "components"
    folder.mkdir(parents=True)
    for number, text in enumerate(re.findall(r"```toml\n(.*?)```", ENGINE, re.S)):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", ENGINE, re.S)
    assert len(blocks) >= 6
    # every name of the table leads to something
    names = sorted({name for _, dotted_names, _ in features() for name in dotted_names})
    blocks.append(
        f"import pkgutil\nfor name in {names!r}:\n    if name != 'engine.Model.history':\n"
        "        pkgutil.resolve_name(f'nnviz.{name}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(blocks)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        env=bare(tmp_path),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_articles_programs_run_and_reach_what_the_page_says(tmp_path):
    programs = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "article.md").read_text(encoding="utf-8"), re.S)
    assert len(programs) == 3
    assert all(len([line for line in program.splitlines() if line.strip()]) <= 15 for program in programs)
    # all digits and all epochs take minutes
    short = "\n".join(programs).replace("EVERY, EPOCHS = 1, 6", "EVERY, EPOCHS = 50, 1")
    done = subprocess.run(
        [sys.executable, "-c", short], cwd=tmp_path, capture_output=True, text=True, timeout=180, env=bare(tmp_path), check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_the_components_of_the_page_on_components_are_read_and_used(tmp_path):
    page = (ROOT / "docs" / "add-a-component.md").read_text(encoding="utf-8")
    folder = tmp_path / "components"
    folder.mkdir()
    files = re.findall(r"```toml\n(.*?)```", page, re.S)
    assert len(files) == 2
    for number, text in enumerate(files):
        (folder / f"{number}.toml").write_text(text, encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.S))
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nfrom nnviz.catalog import OWN\nassert not OWN.troubles, OWN.troubles"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "NNVIZ_HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda path: path.name)
def test_the_files_that_a_page_names_are_there(page):
    """Paths in backquotes, from the top or from `nnviz/`; a name alone is that of some module."""
    named = re.findall(r"`([\w/.-]+\.(?:py|js))`", page.read_text(encoding="utf-8"))
    tops = ("nnviz/", "tests/", "benchmarks/", "pages/", "docs/")
    missing = [
        path
        for path in dict.fromkeys(named)
        if not (ROOT / path if path.startswith(tops) else ROOT / "nnviz" / path).exists()
        and ("/" in path or not any(ROOT.glob(f"{top}**/{path}") for top in ("", *tops)))
    ]
    assert not missing
