"""Only regular files are opened, whatever a path names."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from nnviz import data
from nnviz.data.images.image_folder import pack
from nnviz.data.readers.open_file import open_regular, read_regular
from nnviz.errors import DataError
from nnviz.spec import RunSpec


def load(path: "Path | str", **more: object) -> data.Prepared:
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(path), **more},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
            }
        )
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "".join(f"{index},{index % 2}\n" for index in range(20)))
    return path


def test_a_fifo_neither_hangs_nor_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    code = (
        "import sys; from pathlib import Path; from nnviz.data.readers.open_file import read_regular\n"
        "try: read_regular(Path(sys.argv[1]))\nexcept Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "pipe.csv")], capture_output=True, text=True, timeout=60)
    assert "this is a FIFO, not a file" in done.stdout
    with pytest.raises(DataError, match="this is a FIFO"):
        load(tmp_path / "pipe.csv")


@pytest.mark.parametrize("field", ["validation_path", "test_path"])
def test_the_other_files_are_opened_as_carefully(field: str, table: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path, trouble in ((tmp_path / "pipe.csv", "FIFO"), (Path("/dev/zero"), "device"), (tmp_path / "none.csv", "cannot read")):
        with pytest.raises(DataError, match=trouble):
            load(table, **{field: str(path)})


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty", "/dev/urandom"])
def test_devices_are_refused(device: str) -> None:
    if not Path(device).exists():
        pytest.skip("no such device here")
    with pytest.raises(DataError, match=r"this is a device, not a file|cannot read this file"):
        load(device)


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.csv")
        with pytest.raises(DataError, match=r"cannot read this file|this is a socket"):
            load("s.csv")


@pytest.mark.parametrize(
    ("path", "trouble"),
    [
        ("a\x00b.csv", "NUL character"),
        ("x" * 5000, "too long"),
        ("d/" * 3000 + "a.csv", "too long"),
        ("a\ud800.csv", "no path can"),
        ("é" * 200 + ".csv", "too long"),
        ("/nothing/here.csv", "cannot read"),
        ("/etc/hosts/a.csv", "cannot read"),
    ],
)
def test_paths_that_cannot_be_are_refused_in_words(path: str, trouble: str) -> None:
    with pytest.raises(DataError, match=trouble) as caught:
        read_regular(Path(path))
    assert len(caught.value.message) < 400
    caught.value.message.encode()
    if "\ud800" not in path:
        with pytest.raises(DataError, match=trouble):
            load(path)


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no PNG"):
        load(tmp_path)
    with pytest.raises(DataError, match="this is a folder, not a file"):
        open_regular(tmp_path)


def test_no_more_is_read_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "1")
    path = tmp_path / "sparse.csv"
    with path.open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(DataError, match="more than the limit"):
        load(path)
    # files of the system say that they are empty and are not
    if Path("/proc/self/smaps").exists():
        monkeypatch.setenv("NNVIZ_MAX_UPLOAD_MB", "0.001")
        with pytest.raises(DataError, match="more than the limit"):
            read_regular(Path("/proc/self/smaps"))


def test_a_folder_is_packed_without_links_and_fifos(tmp_path: Path) -> None:
    folder = tmp_path / "images"
    for label in "ab":
        (folder / label).mkdir(parents=True)
        for index in range(12):
            Image.new("L", (4, 4), index * 9).save(folder / label / f"{index}.png")
    secret = tmp_path / "secret.png"
    Image.new("L", (4, 4)).save(secret)
    (folder / "a" / "link.png").symlink_to(secret)
    (folder / "c").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "a" / "pipe.png")
    pack(folder, tmp_path / "images.zip")
    assert load(folder).report.rows == load(tmp_path / "images.zip").report.rows == 24


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_is_refused_in_words(table: Path) -> None:
    table.chmod(stat.S_IWUSR)
    with pytest.raises(DataError, match="cannot read this file"):
        load(table)
