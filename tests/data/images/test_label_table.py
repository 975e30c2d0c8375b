"""A table beside images: which column names files, which their labels, and what has none."""

import numpy as np
import pytest

from nnviz import data
from nnviz.data.columns.reading_rules import Rules
from nnviz.data.images import image_zip
from nnviz.errors import DataError
from nnviz.spec import FileData, RunSpec
from tests.data.shapes import body, drawn, files, write, zipped

OLD = Rules(version=1)

KINDS = ("circle", "cross", "square")


def pictures(count=30, *, folder="train/", name="{:04}.png"):
    return {folder + name.format(index): body(drawn(KINDS[index % 3], index)) for index in range(count)}


def rows(count=30, *, cell="{:04}.png"):
    return [(cell.format(index), KINDS[index % 3]) for index in range(count)]


def table(head, cells):
    return "\n".join([head, *(",".join(map(str, row)) for row in cells)]).encode()


def read(contents, **more):
    return data.inspect(zipped(contents), name="dogs.zip", data=FileData(kind="file", path="dogs.zip", **more))


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("id,breed", "{:04}"),
        ("image,label", "{:04}.png"),
        ("filename,class", "train/{:04}.png"),
        ("path,category", "/data/x/train/{:04}.PNG"),
        ("file,target", r".\train\{:04}.png"),
        ("image_id,dog_breed", "{:04}.jpg"),
        ("id,breed", "{}"),
        ("whatever,it_is", "{:04}"),
    ],
)
def test_names_with_and_without_folder_and_ending_are_matched(head, cell):
    report = read(pictures() | {"labels.csv": table(head, rows(cell=cell))})
    assert report.classes == KINDS
    assert report.class_counts == (10, 10, 10)
    assert report.target == (head.split(",")[1],)
    assert report.rows == 30
    assert "labels.csv" in report.read["words"][0]
    assert report.warnings == ()


def test_each_image_has_the_label_of_its_own_row(tmp_path):
    shuffled = [rows()[index] for index in np.random.default_rng(0).permutation(30)]
    path = tmp_path / "dogs.zip"
    path.write_bytes(zipped(pictures() | {"train.csv": table("id,breed", shuffled)}))
    prepared = data.load(spec(path))
    for part in prepared.parts.values():
        for row, label in zip(part.rows, part.y, strict=True):
            assert prepared.classes[label] == KINDS[row % 3]
    folder = write(tmp_path / "dogs", pictures() | {"train.csv": table("id,breed", shuffled), ".DS_Store": b"x"})
    np.testing.assert_array_equal(data.load(spec(folder)).parts["train"].x, prepared.parts["train"].x)


def spec(path, **more):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(path)} | more,
            "layers": [{"kind": "Flatten"}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )


def test_files_without_label_and_labels_without_file_are_counted_and_said():
    known = [*rows(), ("gone.png", "circle"), ("0003.png", "circle"), ("0005.png", "")]
    known[5] = ("0005.png", "")
    report = read(pictures(32) | {"labels.csv": table("file,label", known)})
    warnings = "\n".join(report.warnings)
    assert "1 row of labels.csv names no image that is there (gone.png)" in warnings
    assert "train/0030.png, train/0031.png (no label in labels.csv)" in warnings.replace("train/0005.png, ", "")
    assert report.rows == 32 - 2 - 1


def test_an_image_with_two_labels_is_left_out_and_said():
    report = read(pictures() | {"labels.csv": table("file,label", [*rows(), ("0000.png", "cross")])})
    assert report.rows == 29
    assert "1 image with two different labels in labels.csv left out: train/0000.png" in "\n".join(report.warnings)


def test_numbers_are_predicted_as_numbers_and_classes_of_figures_can_be_asked_for(tmp_path):
    ages = [(f"{index:04}.png", 0.5 + index) for index in range(30)]
    contents = pictures() | {"ages.csv": table("file,age", ages)}
    report = read(contents)
    assert (report.task, report.target) == ("regression", ("age",))
    assert report.read["words"][0] == "Numbers from 0.5 to 29.5 by the column 'age' of ages.csv"
    path = tmp_path / "ages.zip"
    path.write_bytes(zipped(contents))
    prepared = data.load(spec(path).with_("cost", {"kind": "MeanSquaredError"}))
    part = prepared.parts["train"]
    own = part.y[:, 0] * prepared.target_scale[0] + prepared.target_mean[0]
    np.testing.assert_allclose(own, 0.5 + part.rows, rtol=1e-5)
    figures = [(cell, index % 2) for index, (cell, _) in enumerate(ages)]
    assert read(pictures() | {"t.csv": table("file,label", figures)}, task="classification").classes == ("0", "1")


def test_columns_of_0_and_1_are_classes():
    marks = [(f"{index:04}", *(int(index % 3 == place) for place in range(3))) for index in range(30)]
    report = read(pictures() | {"truth.csv": table("image,MEL,NV,BCC", marks)})
    assert report.classes == ("BCC", "MEL", "NV")
    assert report.class_counts == (10, 10, 10)


def test_other_columns_and_other_tables_are_passed_over():
    wide = [(index, cell, "ab"[index % 2], 7, index * 1.5, label) for index, (cell, label) in enumerate(rows())]
    more = {
        "train.csv": table("row,filename,side,width,weight,species", wide),
        "test.csv": table("filename", [(f"{index}.png",) for index in range(90, 99)]),
        "sample_submission.csv": table("filename,species", [(cell, "cat") for cell, _ in rows()]),
    }
    report = read(pictures() | more)
    assert report.target == ("species",)
    warnings = "\n".join(report.warnings)
    assert "test.csv" in warnings
    assert "sample_submission.csv" in warnings
    numbered = [(cell, KINDS.index(label), label) for cell, label in rows()]
    assert read(pictures() | {"a.csv": table("file,class_id,class_name", numbered)}).target == ("class_name",)


def test_images_of_one_name_belong_to_the_table_named_like_their_folder():
    contents = pictures() | pictures(folder="test/")
    report = read(contents | {"train_labels.csv": table("id,label", rows())})
    assert report.rows == 30
    assert "test/0000.png" in "\n".join(report.warnings)


def test_what_is_ambiguous_is_refused_by_name():
    two = {"a.csv": table("file,label", rows()), "b.csv": table("file,label", [(cell, label[::-1]) for cell, label in rows()])}
    with pytest.raises(DataError, match=r"2 tables say the labels of the images: a\.csv, b\.csv"):
        read(pictures() | two)
    open_columns = {"a.csv": table("file,left,right", [(cell, label, label[0]) for cell, label in rows()])}
    with pytest.raises(DataError, match="several columns could say the labels of the images: left, right") as caught:
        read(pictures() | open_columns)
    assert "data.target" in caught.value.remedy
    assert read(pictures() | open_columns, target="right").classes == ("c", "s")
    with pytest.raises(DataError, match="no column 'wrong'"):
        read(pictures() | open_columns, target="wrong")


def test_folders_of_classes_stay_so_beside_tables_that_are_not_plain():
    sizes = {"sizes.csv": table("file,width", [(name, index) for index, name in enumerate(files())])}
    report = read(files() | sizes)
    assert report.classes == KINDS
    assert "by the names of the folders" in report.read["words"][0]
    assert "sizes.csv" in "\n".join(report.warnings)
    old = read(
        files() | {"labels.csv": table("file,label", [(name, "ab"[index % 2]) for index, name in enumerate(files())])},
        read={"rules": 1},
    )
    assert old.classes == KINDS


def test_new_images_have_the_labels_of_a_table_or_none(tmp_path):
    path = tmp_path / "new.zip"

    def batches(contents, **more):
        path.write_bytes(zipped(contents))
        left = image_zip.LeftOut()
        ((_, names, labels),) = image_zip.batches(
            path, name="new.zip", shape=(24, 24, 1), divide=255.0, classes=KINDS, rows=99, left=left, target="breed", **more
        )
        return dict(zip(names, labels, strict=True)) if labels is not None else None, left

    labels, _ = batches(pictures(4) | {"labels.csv": table("id,breed", rows(3))})
    assert labels == {"train/0000.png": "circle", "train/0001.png": "cross", "train/0002.png": "square", "train/0003.png": None}
    labels, left = batches(pictures(4) | {"sizes.csv": table("id,width", [(cell, 3) for cell, _ in rows(4)])})
    assert labels is None
    assert left.count == 1
    assert batches(pictures(4))[0] is None
    old, _ = batches(files(1) | {"labels.csv": table("id,breed", rows(3))}, rules=OLD)
    assert old == {f"{kind}/000.png": kind for kind in KINDS}
