import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.data.columns import cells
from nnviz.data.columns.encode import Encoder
from nnviz.data.new_rows import wanted_by
from nnviz.data.readers.matching_text import read_new, typed_number
from nnviz.data.tables import Table
from nnviz.errors import DataError
from nnviz.jobs.worker.predictions import new_rows
from nnviz.spec import FileData, RunSpec

OPTIONS = FileData(kind="file", path="new.csv")


def trained(folder: Path, text: str, *, codec: str = "utf-8", **block: object) -> Encoder:
    """The encoder of a run on this file, as the store gives it back."""
    (folder / "train.csv").write_bytes(text.encode(codec))
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": "train.csv", "target": "y", **block},
            "layers": [],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam"},
        }
    )
    return Encoder.from_json(json.loads(json.dumps(data.load(spec, base=folder).encoder.to_json())))


def with_comma(folder: Path) -> Encoder:
    """y = 2x, written in German."""
    rows = [f"{row / 4:.2f};{row / 2:.2f}".replace(".", ",") for row in range(60)]
    return trained(folder, "\n".join(["x;y", *rows]))


def with_point(folder: Path) -> Encoder:
    """Two inputs, the target in the middle."""
    rows = [f"{row / 4:.2f},{row / 2:.2f},{row % 7}.5" for row in range(60)]
    return trained(folder, "\n".join(["a,y,b", *rows]))


def new(content: str | bytes, encoder: Encoder, options: FileData = OPTIONS) -> tuple[Table, str]:
    blob = content.encode() if isinstance(content, str) else content
    table, _ = read_new(blob, name="new.csv", wanted=wanted_by(encoder, options))
    return table, "; ".join(table.notes)


@pytest.mark.parametrize(
    ("content", "x", "note"),
    [
        ("x\n1,5\n2,5\n7,0\n", [1.5, 2.5, 7], ""),
        ('"x"\n"1,5"\n2,5\n', [1.5, 2.5], ""),
        ("y;x\n3;1,5\n5;2,5\n", [1.5, 2.5], ""),
        ("no;x;note\nA1;1,5;u\nA2;2,5;v\n", [1.5, 2.5], ""),
        ("x\n1.794\n2.100\n", [1794, 2100], ""),
        ("x\n1.794,5\n1,250\n", [1794.5, 1.25], ""),
        ("x;y\n1,250;3\n1.000;5\n", [1.25, 1000], ""),
        ("x\n1.5\n2.25\n", [1.5, 2.25], "numbers have a decimal point (1.5)"),
        ("x,y\n1.5,3\n2.5,5\n", [1.5, 2.5], "separated by comma, not by semicolon"),
        ("x\ty\n1,5\t3\n2,5\t5\n", [1.5, 2.5], "separated by tab, not by semicolon"),
        ("\ufeffx;y\n1,5;3\n2,5;5\n", [1.5, 2.5], ""),
        ("  x ;y\n1,5;3\n2,5;5\n", [1.5, 2.5], ""),
        ("\u200bx\u00a0;y\n1,5;3\n2,5;5\n", [1.5, 2.5], ""),
        ("1,5;3\n2,5;5\n", [1.5, 2.5], "taken in their order as x, y: there is no header"),
        ("1,5\n2,5\n", [1.5, 2.5], "taken in their order as x: there is no header"),
    ],
)
def test_rows_with_decimal_commas_are_read_as_before(tmp_path: Path, content: str, x: list[float], note: str) -> None:
    table, notes = new(content, with_comma(tmp_path))
    assert cells.numbers(table.frame["x"]).tolist() == x
    assert note in notes
    assert bool(notes) == bool(note)


@pytest.mark.parametrize(
    ("content", "a", "b", "note"),
    [
        ("a,b\n1.5,2\n2.5,3\n", [1.5, 2.5], [2, 3], ""),
        ("b,a\n2,1.5\n3,2.5\n", [1.5, 2.5], [2, 3], ""),
        ("a,b\n1234,2\n1,3\n", [1234, 1], [2, 3], ""),
        ("a;b\n1,5;2,25\n2,5;3\n", [1.5, 2.5], [2.25, 3], "numbers have a decimal comma (1,5)"),
        ("a;b\n1.5;2\n2.5;3\n", [1.5, 2.5], [2, 3], "separated by semicolon, not by comma"),
        ('a,b\n"1,5","2,25"\n"2,5","3"\n', [1.5, 2.5], [2.25, 3], "numbers have a decimal comma"),
        ("a,b,a\n1.5,2,7\n2.5,3,8\n", [1.5, 2.5], [2, 3], "more than one column is called 'a'"),
        ("# from the lab\na,b\n1.5,2\n2.5,3\n", [1.5, 2.5], [2, 3], ""),
        ("1.5,2\n2.5,3\n", [1.5, 2.5], [2, 3], "in their order as a, b"),
        ("1.5,9,2\n2.5,9,3\n", [1.5, 2.5], [2, 3], "in their order as a, y, b"),
    ],
)
def test_rows_with_decimal_points_likewise(tmp_path: Path, content: str, a: list[float], b: list[float], note: str) -> None:
    table, notes = new(content, with_point(tmp_path))
    assert (cells.numbers(table.frame["a"]).tolist(), cells.numbers(table.frame["b"]).tolist()) == (a, b)
    assert note in notes
    assert bool(notes) == bool(note)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a,b\n1,5,2\n2,5,3\n", "line 2: this row has 3 fields where the others have 2"),
        ("a,b\n1,5,2,5\n2,5,3,5\n", "line 2: this row has 4 fields where the others have 2"),
        ("a,b\n1,2\n2\n", "line 3: this row has 1 field where the others have 2"),
        ("a\n1.5\n", "missing column 'b'"),
        ("c,d\n1.5,2\n", "missing columns 'a', 'b'.*It has 'c', 'd'"),
        ("1.5,2,3,4\n2.5,3,4,5\n", "missing columns 'a', 'b'"),
        ("word,other\nred,blue\n", "missing columns 'a', 'b'"),
    ],
)
def test_columns_are_never_shifted(tmp_path: Path, content: str, what: str) -> None:
    with pytest.raises(DataError, match=what):
        new(content, with_point(tmp_path))


def test_a_file_without_a_header_is_read_by_position_alone(tmp_path: Path) -> None:
    rows = [f"{row / 2:.2f};{row / 4:.2f};{row % 5}".replace(".", ",") for row in range(60)]
    encoder = trained(tmp_path, "\n".join(rows), target=0)
    assert encoder.inputs == ("column 2", "column 3")
    whole, notes = new("9;1,5;2\n9;2,5;3\n", encoder)
    assert (whole.frame["column 2"].tolist(), notes) == ([1.5, 2.5], "")
    without, _ = new("1,5;2\n2,5;3\n", encoder)
    assert without.frame["column 2"].tolist() == [1.5, 2.5]
    named, notes = new("u;v\n1,5;2\n2,5;3\n", encoder)
    assert named.frame["column 3"].tolist() == [2, 3]
    assert "the first row holds other names" in notes
    with pytest.raises(DataError, match="missing columns"):
        new("1;2;3;4\n2;3;4;5\n", encoder)


def test_a_single_row_of_words_without_a_header_is_a_row(tmp_path: Path) -> None:
    rows = [f"{'red' if row % 3 else 'blue'},{'big' if row % 2 else 'small'},{'yes' if row % 5 else 'no'}" for row in range(60)]
    encoder = trained(tmp_path, "\n".join(rows), target=2, header=False)
    for content in ("red,big", "red,big,yes\n", "red;small\n"):
        table, _ = new(content, encoder)
        assert table.frame["column 1"].tolist() == ["red"]


def test_what_the_spec_says_of_reading_goes_first(tmp_path: Path) -> None:
    encoder = with_point(tmp_path)
    options = FileData.model_validate({"kind": "file", "path": "new.csv", "read": {"separator": "semicolon", "decimal": ","}})
    table, notes = new("a;b\n1.794;2\n2.100;3\n", encoder, options)
    assert (cells.numbers(table.frame["a"]).tolist(), notes) == ([1794, 2100], "")


def test_names_written_by_r_are_no_columns(tmp_path: Path) -> None:
    rows = [f'"{row + 1}" {row / 4:.2f} {row / 2:.2f}' for row in range(60)]
    encoder = trained(tmp_path, "\n".join(['"x" "y"', *rows]))
    assert encoder.form is not None
    assert encoder.form.row_names
    assert new('"x" "y"\n"1" 1.5 3\n"2" 2.5 5\n', encoder)[0].frame["x"].tolist() == [1.5, 2.5]
    # another run's file had none: a number in front may be half of another
    with pytest.raises(DataError, match="fields where the others"):
        new("x,y\n1,1,5\n2,2,5\n", with_comma(tmp_path))


@pytest.mark.parametrize(
    ("codec", "as_new"),
    [
        ("cp1251", "cp1251"),
        ("koi8_r", "koi8_r"),
        ("cp1251", "utf-8"),
        ("utf-8", "koi8_r"),
        ("cp1252", "utf-16"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_another_encoding_is_said(tmp_path: Path, codec: str, as_new: str) -> None:
    words = ("größe", "grün") if codec == "cp1252" else ("город", "Уфа")
    rows = [f"{words[1] if row % 2 else 'Oslo'},{row / 2}" for row in range(60)]
    encoder = trained(tmp_path, "\n".join([f"{words[0]},y", *rows]), codec=codec)
    table, notes = new(f"{words[0]}\n{words[1]}\nOslo\n".encode(as_new), encoder)
    assert table.frame[words[0]].tolist() == [words[1], "Oslo"]
    assert ("read as" in notes) == (codec != as_new and not as_new.startswith("utf-16") and as_new != "utf-8-sig")


def test_accents_may_be_stored_in_two_ways(tmp_path: Path) -> None:
    apples = "A\u0308pfel"
    rows = [f"{row},{apples if row % 2 else 'Möhren'},{row / 2}" for row in range(60)]
    encoder = trained(tmp_path, "\n".join(["gro\u0308ße,sorte,y", *rows]))
    assert encoder.inputs[-1] == "sorte"
    assert encoder.columns[-1].categories == ("Möhren", "Äpfel")
    table, _ = new("größe,sorte\n1,Äpfel\n2,Mo\u0308hren\n", encoder)
    x = encoder.transform(table.frame)
    assert x[:, -2:].tolist() == [[0, 1], [1, 0]]


def test_a_large_file_is_read_in_pieces_as_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = with_comma(tmp_path)
    path = tmp_path / "new.csv"
    path.write_text("x\n" + "".join(f"{row},{row % 100:02d}\n" for row in range(2000)))
    monkeypatch.setattr(new_rows, "PIECE", 5000)
    batches = list(new_rows.from_file(path, name="new.csv", encoder=encoder, data=OPTIONS))
    assert len(batches) > 2
    x = pd.concat([batch.rows for batch in batches])["x"].to_numpy()
    np.testing.assert_allclose(x, [row + row % 100 / 100 for row in range(2000)])
    assert [batch.start for batch in batches[:2]] == [0, len(batches[0])]


def test_what_was_read_otherwise_is_among_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("x,y\n1.5,3\n2.5,5\n")
    (batch,) = new_rows.from_file(path, name="new.csv", encoder=with_comma(tmp_path), data=OPTIONS)
    assert batch.notes[0].startswith("the columns are separated by comma")
    assert batch.y is not None


def test_cells_that_are_no_numbers_are_said_and_the_others_read(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_text("x;y\n1,250;2,5\nabc;5\n2.000,5;x\n")
    encoder = with_comma(tmp_path)
    (batch,) = new_rows.from_file(path, name="new.csv", encoder=encoder, data=OPTIONS)
    code = encoder.columns[0]
    own = batch.x[:, 0] * code.scale[0] + code.centre[0]
    np.testing.assert_allclose(own, [1.25, code.fill[0], 2000.5], rtol=1e-5)
    assert any("'abc'" in note for note in batch.notes)
    assert batch.y is not None
    scaled = (np.array([2.5, 5]) - encoder.target.mean[0]) / encoder.target.scale[0]
    np.testing.assert_allclose(batch.y[:2, 0], scaled, rtol=1e-5)
    assert np.isnan(batch.y[2, 0])


def test_other_formats_go_by_name(tmp_path: Path) -> None:
    encoder = with_point(tmp_path)
    frame = pd.DataFrame({"note": ["u", "v"], "b": [2.0, 3.0], "a": [1.5, 2.5]})
    frame.to_parquet(tmp_path / "new.parquet")
    frame.to_json(tmp_path / "new.json", orient="records")
    expected = encoder.transform(frame)
    for name in ("new.parquet", "new.json"):
        (batch,) = new_rows.from_file(tmp_path / name, name=name, encoder=encoder, data=OPTIONS)
        np.testing.assert_array_equal(batch.x, expected)
        np.testing.assert_array_equal(
            encoder.transform(data.read_rows((tmp_path / name).read_bytes(), name=name, encoder=encoder)), expected
        )


def test_typed_numbers_follow_the_decimal_mark(tmp_path: Path) -> None:
    comma, point = with_comma(tmp_path), with_point(tmp_path)
    assert typed_number("1.234,5", comma.form) == "1234.5"
    assert typed_number("1,234", comma.form) == "1.234"
    # what a form writes has a point whatever the file had
    assert typed_number("1.234", comma.form) == "1.234"
    assert typed_number("1,234", point.form) == "1,234"
    (batch,) = new_rows.typed([{"x": "1,234"}], comma)
    assert batch.rows["x"].tolist() == ["1.234"]


def test_files_that_validate_and_test_are_read_as_the_training_file(tmp_path: Path) -> None:
    rows = [f"{row / 4:.2f};{row / 2:.2f}".replace(".", ",") for row in range(60)]
    (tmp_path / "train.csv").write_text("\n".join(["x;y", *rows]))
    # of its own it would have whole numbers, grouped in thousands
    (tmp_path / "val.csv").write_text("y;x\n" + "2,468;1,234\n" * 5)
    (tmp_path / "test.csv").write_text("x,y,more\n1.5,3.0,u\n2.5,5.0,v\n")
    spec = RunSpec.parse(
        {
            "data": {"kind": "file", "path": "train.csv", "validation_path": "val.csv", "test_path": "test.csv", "target": "y"},
            "layers": [],
            "cost": {"kind": "MeanSquaredError"},
            "optimizer": {"kind": "Adam"},
        }
    )
    prepared = data.load(spec, base=tmp_path)
    code = prepared.encoder.columns[0]

    def own(part: str) -> np.ndarray:
        return prepared.parts[part].x[:, 0] * code.scale[0] + code.centre[0]

    np.testing.assert_allclose(own("validation"), [1.234] * 5, rtol=1e-6)
    np.testing.assert_allclose(own("test"), [1.5, 2.5], rtol=1e-6)
    assert any("test.csv: the columns are separated by comma" in warning for warning in prepared.report.warnings)


def test_a_run_of_the_old_rules_guesses_as_it_did(tmp_path: Path) -> None:
    rows = [f"{row / 4:.2f};{row / 2:.2f}".replace(".", ",") for row in range(60)]
    old = trained(tmp_path, "\n".join(["x;y", *rows]), read={"rules": 1})
    assert "dialect" not in old.to_json()
    path = tmp_path / "new.csv"
    path.write_text("x\n1,5\n2,5\n7,0\n")
    (batch,) = new_rows.from_file(path, name="new.csv", encoder=old)
    assert batch.rows["x"].tolist() == [5, 5, 0]


def test_a_record_from_elsewhere_is_looked_at(tmp_path: Path) -> None:
    record = with_comma(tmp_path).to_json()
    for wrong in ("x", {"separator": 3}, {"columns": "ab"}, {"decimal": "!"}):
        assert Encoder.from_json({**record, "dialect": wrong}).form is None
