"""A zip or a folder of images by class: what is found in it, what is left out, and what is refused."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from nnviz import data
from nnviz.data.images import image_zip, zip_members
from nnviz.data.images.image_folder import pack
from nnviz.errors import DataError, SpecError
from nnviz.jobs.worker.predictions.new_rows import from_file
from nnviz.spec import FileData, RunSpec
from tests.data.shapes import body, drawn, files, write, zipped


def block(**more):
    return FileData(kind="file", path="shapes.zip", **more)


def spec(path, **more):
    return RunSpec.parse(
        {
            "data": {"kind": "file", "path": str(path)} | more,
            "layers": [{"kind": "Flatten"}],
            "cost": {"kind": "CrossEntropy"},
            "optimizer": {"kind": "Adam"},
        }
    )


def inspect(contents, **more):
    return data.inspect(zipped(contents), name="shapes.zip", data=block(**more))


@pytest.mark.parametrize("top", ["", "flowers/", "a/b/"])
def test_folders_are_classes_and_a_folder_around_them_is_looked_through(top):
    report = inspect(files(top=top))
    assert report.classes == ("circle", "cross", "square")
    assert report.class_counts == (12, 12, 12)
    assert report.task == "classification"
    assert report.shape == (24, 24, 1)
    words = report.read["words"]
    assert "3 classes by the names of the folders: circle (12), cross (12), square (12)" in words[0]
    assert "24 x 24" in words[1]
    assert words[2].startswith("Grey")


def test_a_folder_gives_what_its_zip_gives_and_always_the_same_bytes(tmp_path):
    folder = write(tmp_path / "shapes", files() | {".git/x.png": b"x", "circle/.hidden.png": b"x", "notes.txt": b"x"})
    (tmp_path / "shapes.zip").write_bytes(zipped(files()))
    one, other = data.load(spec(folder)), data.load(spec(tmp_path / "shapes.zip"))
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(one.parts[part].x, other.parts[part].x)
        np.testing.assert_array_equal(one.parts[part].y, other.parts[part].y)
    pack(folder, tmp_path / "first.zip")
    pack(folder, tmp_path / "second.zip")
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    first = np.asarray(Image.open(io.BytesIO(files()["circle/000.png"])), np.float32) / 255
    every = np.concatenate([one.parts[part].x for part in ("train", "validation", "test")])
    assert any(np.array_equal(image[..., 0], first) for image in every)


def test_the_most_common_size_wins_and_is_brought_to_at_most_64():
    odd = {"circle/odd.png": body(drawn("circle", 7, size=(30, 40)))}
    report = inspect(files() | odd)
    assert report.shape == (24, 24, 1)
    assert "2 sizes, 36 of 37 are 24 x 24" in report.read["words"][1]
    assert inspect(files(size=(200, 100))).shape == (32, 64, 1)
    assert inspect(files(size=(200, 100)), image_size=[20, 30]).shape == (20, 30, 1)
    assert inspect(files(), image_size=12).shape == (12, 12, 1)


def test_colour_is_found_in_the_pixels():
    grey = {name: body(Image.open(io.BytesIO(content)).convert("RGB"), "JPEG") for name, content in files().items()}
    assert inspect(grey).shape == (24, 24, 1)
    coloured = files() | {"square/red.png": body(drawn("square", 3, mode="RGB", colour=(250, 30, 30)))}
    report = inspect(coloured)
    assert report.shape == (24, 24, 3)
    assert report.read["words"][2].startswith("In colour")


def test_what_cannot_be_read_is_counted_and_named():
    png = files()["circle/000.png"]
    bad = {
        "circle/cut.png": png[:60],
        "cross/text.jpg": b"this is no image",
        "loose.png": png,
        "circle/readme.txt": b"x",
        "__MACOSX/circle/._000.png": b"x",
        "circle/.DS_Store": b"x",
        "circle/Thumbs.db": b"x",
        ".hidden/a.png": png,
    }
    report = inspect(files() | bad)
    assert report.rows == 36
    warnings = "\n".join(report.warnings)
    assert "circle/cut.png (is damaged or cut off)" in warnings
    assert "cross/text.jpg (is no PNG, JPEG, BMP or GIF image)" in warnings
    assert "loose.png (in no folder that names a class)" in warnings
    assert "circle/readme.txt (no PNG, JPEG, BMP or GIF by its name)" in warnings
    assert report.read["left_out"] == 4
    assert not any(word in warnings for word in ("MACOSX", "DS_Store", "Thumbs", "hidden"))


def test_a_class_with_one_image_is_said_and_trains():
    lonely = {"star/one.png": body(drawn("cross", 1))}
    report = inspect(files() | lonely)
    assert "class star has one image only" in "\n".join(report.warnings)


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("folder", ["none", "NA", "null"])
def test_a_folder_that_is_named_like_a_missing_value_is_a_class_by_this_name(folder, count):
    crosses = {f"{folder}/{number}.png": body(drawn("cross", number)) for number in range(count)}
    held = files(shapes=("circle", "square")) | crosses
    report = inspect(held)
    assert set(report.classes) == {"circle", folder, "square"}
    assert dict(zip(report.classes, report.class_counts, strict=True))[folder] == count
    assert report.rows_dropped == 0
    assert not any("missing" in warning for warning in report.warnings)


def test_a_class_called_none_is_told_apart_and_known_again(tmp_path):
    held = files(shapes=("circle", "square")) | {f"None/{number}.png": body(drawn("cross", number)) for number in range(12)}
    path = tmp_path / "shapes.zip"
    path.write_bytes(zipped(held))
    encoder = data.Encoder.from_json(json.loads(json.dumps(data.load(spec(path)).encoder.to_json())))
    assert encoder.target.classes == ("None", "circle", "square")
    (batch,) = from_file(path, name="shapes.zip", encoder=encoder)
    assert np.bincount(batch.y).tolist()[0] == 12
    assert batch.notes == ()


def test_folders_named_by_number_are_classes():
    numbers = {f"{10 * number}/{index}.png": body(drawn("circle", index)) for number in range(25) for index in range(3)}
    report = inspect(numbers)
    assert report.task == "classification"
    assert report.classes[:3] == ("0", "10", "20")


def test_folders_of_parts_are_taken_for_the_split(tmp_path):
    contents = files(top="train/") | files(4, top="test/", size=(24, 24))
    (tmp_path / "parts.zip").write_bytes(zipped(contents))
    prepared = data.load(spec(tmp_path / "parts.zip"))
    assert len(prepared.parts["test"]) == 12
    assert len(prepared.parts["train"]) + len(prepared.parts["validation"]) == 36
    assert prepared.classes == ("circle", "cross", "square")


def test_a_file_of_its_own_for_the_test_is_prepared_like_the_training_images(tmp_path):
    (tmp_path / "all.zip").write_bytes(zipped(files()))
    (tmp_path / "test.zip").write_bytes(zipped(files(4, size=(60, 50), mode="RGB", colour=(200, 10, 90))))
    prepared = data.load(spec(tmp_path / "all.zip", test_path=str(tmp_path / "test.zip")))
    assert prepared.parts["test"].x.shape == (12, 24, 24, 1)


def link():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("circle/link.png")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        for name, content in files().items():
            archive.writestr(name, content)
    return file.getvalue()


def locked():
    content = bytearray(zipped(files()))
    for place in range(len(content) - 4):
        if content[place : place + 4] == b"PK\x01\x02":
            content[place + 8] |= 1
    return bytes(content)


def test_links_are_not_followed():
    assert data.inspect(link(), name="shapes.zip").rows == 36


@pytest.mark.parametrize(
    ("content", "trouble", "where", "remedy"),
    [
        (zipped({"../../circle/a.png": b"x"} | files()), "leads out of it", r"shapes.zip, ../../circle/a.png", "plain names"),
        (zipped({"..\\a.png": b"x"} | files()), "leads out of it", "shapes.zip", "plain names"),
        (zipped({"/etc/a.png": b"x"} | files()), "leads out of it", "shapes.zip, /etc", "plain names"),
        (zipped({"C:\\a.png": b"x"} | files()), "leads out of it", "shapes.zip", "plain names"),
        (locked(), "password", "shapes.zip, circle/000.png", "without a password"),
        (zipped(files(shapes=("circle",))), "only one folder holds images, 'circle'", "shapes.zip", "Two classes"),
        (
            zipped({name.split("/")[1] + str(place) + ".png": content for place, (name, content) in enumerate(files().items())}),
            "no folder that names its class|no image lies in a folder",
            "shapes.zip",
            "folder named like it",
        ),
        (zipped(dict.fromkeys(files(), b"broken")), "none of 36 images can be read", "shapes.zip", "as PNG or JPEG"),
        (zipped({"a/readme.md": b"x" * 50}), "ZIP archive without images", "shapes.zip", "folder for each class"),
        (zipped(files(2)), "only 6 images", "shapes.zip", "At least 10"),
        (zipped(files())[:-200], "damaged or cut off", "shapes.zip", "again"),
    ],
    ids=["up", "backslash", "absolute", "drive", "locked", "one class", "no folders", "all broken", "no images", "few", "cut"],
)
def test_what_cannot_be_used_is_refused_with_trouble_place_and_remedy(content, trouble, where, remedy):
    with pytest.raises(DataError) as caught:
        data.inspect(content, name="shapes.zip")
    error = caught.value
    assert any(word in error.what for word in trouble.split("|")), error.message
    assert error.where.startswith(where), error.message
    assert remedy in error.remedy, error.message
    assert error.remedy


def test_bombs_are_refused_by_their_sizes_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "1")
    bomb = zipped(files() | {f"circle/bomb{number}.bmp": bytes(4 << 20) for number in range(4)})
    assert len(bomb) < 1 << 20
    with pytest.raises(DataError, match="unpacks to more than") as caught:
        data.inspect(bomb, name="shapes.zip")
    assert "circle/bomb2.bmp" in caught.value.where
    with pytest.raises(DataError, match="GB of memory") as caught:
        inspect(files(24), image_size=200)
    assert "smaller image_size" in caught.value.remedy
    monkeypatch.setattr(zip_members, "MAX_FILES", 20)
    with pytest.raises(DataError, match="36 files, more than 20"):
        inspect(files())


def test_an_image_of_too_many_pixels_is_left_out():
    huge = {"circle/huge.png": body(Image.new("1", (9000, 5000)))}
    report = inspect(files() | huge)
    assert report.rows == 36
    assert "circle/huge.png (has 9,000 x 5,000 pixels, more than 40 million)" in "\n".join(report.warnings)


def test_a_folder_larger_than_a_file_may_be_or_without_images_is_refused(tmp_path, monkeypatch):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(DataError, match="holds no PNG"):
        data.load(spec(empty))
    folder = write(tmp_path / "shapes", files())
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.001")
    with pytest.raises(DataError, match="more than the limit"):
        data.load(spec(folder))


def test_a_table_has_no_image_size_and_a_size_has_its_range():
    with pytest.raises(DataError, match="image_size is for"):
        data.inspect(b"a,b\n" + b"1,2\n" * 30, name="a.csv", data=FileData(kind="file", path="a.csv", image_size=32))
    for wrong in (0, 3, 1000, [32], [32, 2], True, "32", 32.5):
        with pytest.raises(SpecError, match="image_size"):
            spec("a.zip", image_size=wrong)
    assert spec("a.zip", image_size=[20, 30]).to_json()["data"]["image_size"] == [20, 30]


def test_the_encoder_survives_json_and_prepares_new_images_as_the_old(tmp_path):
    coloured = files(mode="RGB", colour=(220, 40, 90), size=(40, 30))
    path = tmp_path / "shapes.zip"
    path.write_bytes(zipped(coloured))
    prepared = data.load(spec(path))
    encoder = data.Encoder.from_json(prepared.encoder.to_json())
    left = image_zip.LeftOut()
    ((x, names, labels),) = image_zip.batches(
        path, name="shapes.zip", shape=encoder.shape, divide=encoder.divide, classes=encoder.target.classes, rows=100, left=left
    )
    assert names == sorted(coloured)
    assert labels == [name.split("/")[0] for name in names]
    for part in prepared.parts.values():
        np.testing.assert_array_equal(part.x, encoder.transform(x)[part.rows])
