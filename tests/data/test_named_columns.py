import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from nnviz import data
from nnviz.data.column_names import as_column, canonical
from nnviz.spec import RunSpec


def apart(text: str) -> str:
    """Letters and their accents as two characters, as macOS writes names of files."""
    return unicodedata.normalize("NFD", text)


def fruit() -> pd.DataFrame:
    rows = range(60)
    kinds = ["Äpfel", apart("Äpfel"), "Möhren", " Möhren\u00a0", "\u200bMöhren"]
    return pd.DataFrame(
        {
            apart("größe"): [row % 13 / 2 for row in rows],
            "länge": [row % 7 + 0.5 for row in rows],
            apart("früh"): [f"{row % 4}" for row in rows],
            "sorte": [kinds[row % 5] for row in rows],
        }
    )


def load(path: Path, *, rules: int = 2, split: dict[str, object] | None = None, **block: object) -> data.Prepared:
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(path), "read": {"rules": rules}, **block},
                "split": split or {},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
            }
        )
    )


def write(folder: Path, ending: str) -> Path:
    path, frame = folder / f"fruit.{ending}", fruit()
    if ending == "csv":
        frame.to_csv(path, index=False)
    elif ending == "json":
        frame.to_json(path, orient="records")
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_labels_and_names_are_compared_as_they_look(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path, ending)
    prepared = load(path, target=apart("sorte"), drop=[apart("länge")], split={"by": "früh"})
    assert prepared.classes == ("Möhren", "Äpfel")
    assert prepared.report.class_counts == (36, 24)
    assert prepared.encoder.inputs == ("größe",)
    typed = load(path, target="sorte", columns={"größe": {"type": "category"}}, drop=["länge", "früh"])
    assert typed.encoder.columns[0].type == "category"
    again = typed.encoder.transform_target(pd.DataFrame({"sorte": ["Äpfel", apart("Äpfel"), "Möhren "]}))
    assert again is not None
    assert again.tolist() == [1, 1, 0]


def test_a_large_parquet_file_likewise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_LARGE_MB", "0")
    prepared = load(write(tmp_path, "parquet"), target="sorte", drop=["früh"])
    assert prepared.encoder.inputs == ("größe", "länge")
    assert prepared.classes == ("Möhren", "Äpfel")


def test_under_the_old_rules_they_are_as_they_are_stored(tmp_path: Path) -> None:
    prepared = load(write(tmp_path, "csv"), rules=1, target="sorte")
    assert len(prepared.classes) == 4
    assert apart("größe") in prepared.encoder.inputs


def test_a_name_means_the_column_that_looks_the_same() -> None:
    assert canonical("\u00a0\u200b e\u0301té \ufeff") == "été"
    assert as_column(apart("größe"), {"größe"}) == "größe"
    assert as_column(apart("größe"), {apart("größe"), "größe"}) == apart("größe")
    assert as_column("Größe", {"größe"}) == "Größe"
