"""Arrays whose headers are impossible or say another size than they have: refused in words."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nnviz.data.out_of_core import chunks
from nnviz.errors import DataError
from tests.data.readers.inspected import inspected


def member(shape: str, dtype: str = "<f8", body: bytes = b"") -> bytes:
    head = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + body


def npz(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(f"{name}.npy", body)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        *(
            npz(x=member(shape), y=member("(3,)"))
            for shape in (
                "(-1, 3)",
                "('a', 3)",
                "(2.5, 3)",
                "((((1,),),),)",
                f"({2**62}, {2**62})",
                "(True, 3)",
                "(" * 90 + ")" * 90,
                "(1 if 1 else 2,)",
                f"({'9' * 5000},)",
                "(1e99,)",
                "None",
                "(None, 2)",
                "{}",
                "(2**99,)",
                "[3]",
            )
        ),
        *(
            npz(x=member("(20, 3)", kind, bytes(480)), y=member("(20,)", "<i8", bytes(160)))
            for kind in ("|O", "|V24", "|S0", "zzz", "<M8[s]", "<U100000000", "<c16")
        ),
        npz(x=b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**31 - 1) + b" " * 10_000_000),
        npz(x=b"", y=b""),
        npz(x=b"\x93NUMPY"),
        npz(x=member("(3, 2)", "<f8", bytes(10))),
    ],
)
def test_arrays_with_impossible_headers_are_refused_in_words(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        inspected(content, "a.npz")
    assert caught.value.where.startswith("a.npz")
    assert len(caught.value.message) < 700
    path = tmp_path / "a.npz"
    path.write_bytes(content)
    assert not chunks.is_plain_npz(path) or path.stat().st_size
    with pytest.raises(DataError):
        for _ in chunks.npz(path, name="a.npz", rows=10):
            pass


def test_two_arrays_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="two arrays of the same name"):
        inspected(npz(X=member("(1,)", body=bytes(8)), x=member("(1,)", body=bytes(8))), "a.npz")


def test_bytes_too_many_and_wrong_checksums_in_arrays() -> None:
    x, y = io.BytesIO(), io.BytesIO()
    np.save(x, np.arange(40.0).reshape(20, 2))
    np.save(y, np.arange(20) % 2)
    warnings = inspected(npz(x=x.getvalue() + bytes(400), y=y.getvalue()), "a.npz").warnings
    assert any("400 bytes more than its shape says" in warning for warning in warnings)
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("x.npy", x.getvalue())
        archive.writestr("y.npy", y.getvalue())
    broken = bytearray(stored.getvalue())
    broken[200] ^= 1
    with pytest.raises(DataError, match="damaged"):
        inspected(bytes(broken), "a.npz")


def test_labels_that_are_no_text_are_refused() -> None:
    y = np.array([index % 2 for index in range(20)], dtype="<U1")
    y.view(np.uint32)[:] = [0xD800 + index % 2 for index in range(20)]
    buffer = io.BytesIO()
    np.savez(buffer, x=np.arange(40.0).reshape(20, 2), y=y)
    with pytest.raises(DataError, match="no Unicode"):
        inspected(buffer.getvalue(), "a.npz")
