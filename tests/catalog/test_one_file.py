"""A cost, an optimizer and layers that Keras has take one file each: from there they go through all of nnviz."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnviz.catalog.collect import collect
from nnviz.catalog.entry import LayerEntry

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "one_file"


def test_one_file_each_is_all_that_they_take(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "nnviz", tmp_path / "nnviz", ignore=shutil.ignore_patterns("__pycache__"))
    for name, room in (("cost", "costs"), ("optimizer", "optimizers"), ("layer", "layers"), ("shape", "layers")):
        shutil.copy(FILES / f"{name}.py", tmp_path / "nnviz" / "catalog" / room / f"new_{name}.py")
    # The copy stands before the repository, which has the tests.
    done = subprocess.run(
        [sys.executable, "-m", "tests.catalog.one_file.through"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "NNVIZ_HOME": str(tmp_path / "home")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("through\n")


@pytest.mark.parametrize("name", ["cost", "optimizer", "layer"])
def test_the_page_on_components_has_these_files(name: str) -> None:
    page = (ROOT / "docs" / "add-a-component.md").read_text(encoding="utf-8")
    assert f"```python\n{(FILES / f'{name}.py').read_text(encoding='utf-8')}```" in page


@pytest.mark.parametrize(
    ("text", "why"),
    [("from nnviz.catalog.layers.core import ENTRIES", "there is a Dense already"), ("ENTRIES = (3,)", "is no LayerEntry")],
)
def test_what_cannot_be_told_apart_or_is_no_entry_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    package = tmp_path / f"room_{len(why)}"
    package.mkdir()
    (package / "first.py").write_text("from nnviz.catalog.layers.core import ENTRIES\nENTRIES = ENTRIES[:1]\n")
    (package / "second.py").write_text(f"{text}\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match=why):
        collect(package.name, [str(package)], LayerEntry)
