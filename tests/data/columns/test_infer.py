import pandas as pd
import pytest

from nnviz.data.columns.infer import infer_column
from nnviz.data.columns.report import action
from nnviz.data.columns.target import guess_target, guess_task
from nnviz.spec import ColumnSpec

WORDS = ["red", "green", "blue", "red"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([1.5, 2.5, None, 4.0] * 5, "number"),
        (["1.5", "2", "?", "4"] * 5, "number"),
        (["1", "2", "x", "3", "4", "5"] * 5, "number"),
        ([0, 1] * 10, "number"),
        (WORDS * 5, "category"),
        (["yes", "No"] * 10, "boolean"),
        ([True, False, None] * 7, "boolean"),
        ([f"2024-0{1 + i % 9}-11" for i in range(20)], "date"),
        ([f"{1 + i}.3.2024" for i in range(20)], "date"),
        ([f"{1 + i}/3/2024 10:{i + 10}" for i in range(20)], "date"),
        ([f"2024-01-{i + 1:02d}T10:00:00+02:00" for i in range(20)], "date"),
        ([f"user{i}" for i in range(20)], "identifier"),
        ([f"a long remark about number {i}" for i in range(20)], "text"),
        (["same"] * 20, "constant"),
        ([3] * 20, "constant"),
        (["?", "", "NA", None] * 5, "empty"),
        ([float("inf"), float("nan")] * 10, "empty"),
    ],
)
def test_types(cells: list[object], kind: str) -> None:
    series = pd.Series(cells, dtype="str") if all(isinstance(cell, str) for cell in cells) else pd.Series(cells)
    inferred = infer_column("c", series)
    assert inferred.type == kind
    assert inferred.use == (kind in ("number", "category", "boolean", "date"))
    assert action(inferred).startswith("left out: ") != inferred.use


def test_running_numbers_and_ids() -> None:
    running = pd.Series(range(30))
    assert infer_column("unit", running, first=True).type == "identifier"
    assert infer_column("unit", running).type == "number"
    assert infer_column("x", running, first=True).type == "number"
    for name in ("id", "ID", "PassengerId", "customer_id", "Unnamed: 0", "user id"):
        assert infer_column(name, running + 5).type == "identifier"
    for name in ("paid", "solid", "humidity", "grid"):
        assert infer_column(name, running + 5).type == "number"


def test_day_first_is_seen() -> None:
    european = infer_column("when", pd.Series([f"{day}/02/2024" for day in range(1, 21)]))
    assert european.day_first
    american = infer_column("when", pd.Series([f"02/{day}/2024" for day in range(1, 21)]))
    assert not american.day_first


def test_mixed_cells_are_counted() -> None:
    inferred = infer_column("c", pd.Series(["1", "2", "x", "inf", "?"] + ["3"] * 20))
    assert (inferred.odd, inferred.infinite, inferred.missing, inferred.odd_examples) == (1, 1, 1, ("'x'",))
    assert "('x') counted as missing" in action(inferred)


def test_told_type_and_use_win() -> None:
    assert infer_column("c", pd.Series([1, 2] * 10), choice=ColumnSpec(type="category")).type == "category"
    assert not infer_column("c", pd.Series([1, 2] * 10), choice=ColumnSpec(use=False)).use
    used = infer_column("c", pd.Series([f"user{i}" for i in range(20)]), choice=ColumnSpec(use=True))
    assert (used.type, used.use) == ("category", True)


def test_target_and_task() -> None:
    def guessed(**columns: list[object]) -> tuple[str, str]:
        frame = pd.DataFrame(columns)
        inferred = {name: infer_column(name, frame[name]) for name in frame.columns}
        target, _ = guess_target(list(inferred.values()))
        return target, guess_task(frame[target], inferred[target])[0]

    numbers = [float(i) + 0.5 for i in range(40)]
    assert guessed(a=numbers, Species=WORDS * 10, b=numbers) == ("Species", "classification")
    assert guessed(a=WORDS * 10, b=numbers) == ("b", "regression")
    assert guessed(a=numbers, b=[0, 1, 2, 3] * 10) == ("b", "classification")
    assert guessed(a=numbers, b=WORDS * 10, note=[f"user{i}" for i in range(40)]) == ("b", "classification")
    assert guessed(a=numbers, y=list(range(40))) == ("y", "regression")
