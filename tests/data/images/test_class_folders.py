"""Classes and parts by folders: the folder next to an image, a folder that holds itself, and how it was before."""

import pytest

from nnviz import data
from nnviz.spec import FileData
from tests.data.shapes import files, zipped

KINDS = ("circle", "cross", "square")


def inspect(contents, rules=2):
    return data.inspect(zipped(contents), name="shapes.zip", data=FileData(kind="file", path="shapes.zip", read={"rules": rules}))


@pytest.mark.parametrize("top", ["cells/", "a/b/"])
def test_a_folder_that_holds_itself_gives_each_image_once(top):
    contents = files(top=top) | {top + name: content for name, content in files(top=top).items()}
    report = inspect(contents)
    assert report.classes == KINDS
    assert report.class_counts == (12, 12, 12)
    assert report.rows == 36
    assert "36 files left out" in report.warnings[0]
    assert "copies" in report.warnings[0]
    assert report.copies["rows"] == 0


def test_parts_within_a_folder_that_holds_itself_stay_parts():
    inner = files(top="train/") | files(4, top="test/", size=(24, 24))
    contents = {"xray/" + name: content for name, content in inner.items()}
    contents |= {"xray/xray/" + name: content for name, content in inner.items()} | {"__MACOSX/xray/._a.png": b"x"}
    report = inspect(contents)
    assert report.classes == KINDS
    assert report.rows == 48


def test_the_class_is_the_folder_next_to_the_image_and_the_others_are_named():
    contents = files(top="camera 1/") | {
        name.replace("circle", "cross", 1).replace(".png", "b.png"): content
        for name, content in files(top="camera 2/", shapes=("circle",)).items()
    }
    report = inspect(contents)
    assert report.classes == KINDS
    assert "the folders above are not looked at: camera 1, camera 2" in report.read["words"][-1]
    old = inspect(contents, rules=1)
    assert old.classes == ("camera 1", "camera 2")
    assert len(old.read["words"]) == 3


def test_a_part_may_lie_above_or_below_the_class():
    for pattern in ("{part}/{rest}", "{kind}/{part}/{file}"):
        contents = {}
        for part, each in (("train", 10), ("Val", 3)):
            for name, content in files(each).items():
                kind, file = name.split("/")
                contents[pattern.format(part=part, kind=kind, file=file, rest=name)] = content + part.encode()
        report = inspect(contents)
        assert report.classes == KINDS
        assert report.rows == 39


def test_letters_written_in_two_ways_are_one_class():
    contents = files(shapes=("circle", "square"))
    contents = {
        name.replace("circle", "caf\u00e9" if index % 2 else "cafe\u0301"): content
        for index, (name, content) in enumerate(contents.items())
    }
    assert inspect(contents).classes == ("caf\u00e9", "square")


def test_equal_pictures_of_other_names_are_counted_and_of_other_classes_said():
    contents = files() | {"circle/again.png": files()["circle/000.png"], "square/again.png": files()["circle/001.png"]}
    report = inspect(contents)
    assert report.copies["rows"] == 1
    assert report.copies["contradictory"] == 2
    assert "2 images have the pixels of another image but another target" in "\n".join(report.warnings)
