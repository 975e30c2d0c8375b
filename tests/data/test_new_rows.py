"""New rows for a trained network: a table in other writing, rows that are typed, and images."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnviz import data
from nnviz.errors import DataError
from tests.data.mixed_table import mixed, spec, stored


def test_new_rows_and_typed_rows(tmp_path: Path) -> None:
    frame = mixed()
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    part = prepared.parts["test"]
    content = frame.iloc[part.rows].drop(columns=["note", "fixed", "id"]).to_csv(index=False, sep=";", decimal=",").encode()
    rows = data.read_rows(content, name="new.csv", encoder=prepared.encoder)
    np.testing.assert_allclose(prepared.encoder.transform(rows), part.x, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(prepared.encoder.transform_target(rows), part.y)
    typed = pd.DataFrame([{"size": "50", "weight": "?", "colour": "violet", "member": "yes", "when": "2021-02-03", "x": "1"}])
    x = prepared.encoder.transform(typed)
    assert x.shape == (1, 12)
    assert x[0, 2] == 1
    assert x[0, 3:8].tolist() == [0, 0, 0, 0, 1]
    assert prepared.encoder.transform_target(typed) is None
    with pytest.raises(DataError, match="missing columns 'weight', 'when'"):
        data.read_rows(
            frame.drop(columns=["weight", "when"]).to_csv(index=False).encode(), name="n.csv", encoder=prepared.encoder
        )


def test_words_under_their_names_are_read_as_such(tmp_path: Path) -> None:
    frame = pd.DataFrame({"up": ["red", "blue"] * 20, "down": ["blue", "up", "up", "red"] * 10, "label": ["a", "b"] * 20})
    prepared = data.load(spec(stored(tmp_path, frame)), base=tmp_path)
    rows = data.read_rows(b"up,down\nred,up\nred,down\nblue,down\n", name="n.csv", encoder=prepared.encoder)
    assert rows["up"].tolist() == ["red", "red", "blue"]


def test_one_new_row_and_new_images(tmp_path: Path) -> None:
    iris = data.load(spec({"kind": "builtin", "name": "iris"}))
    line = ",".join(iris.encoder.inputs) + "\n5.1,3.5,1.4,0.2\n"
    assert iris.encoder.transform(data.read_rows(line.encode(), name="n.csv", encoder=iris.encoder)).shape == (1, 4)
    digits = data.load(spec({"kind": "builtin", "name": "digits"}))
    buffer = io.BytesIO()
    np.savez(buffer, x=np.full((3, 8, 8), 16))
    x = digits.encoder.transform(data.read_rows(buffer.getvalue(), name="n.npz", encoder=digits.encoder))
    assert x.shape == (3, 8, 8, 1)
    assert x.max() == 1
    with pytest.raises(DataError, match="trained on images"):
        data.read_rows(line.encode(), name="n.csv", encoder=digits.encoder)
