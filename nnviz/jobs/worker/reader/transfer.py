"""Python objects between two processes of ours on one machine, over a Unix socket.

What is pickled goes through the socket; arrays inside it are written into one anonymous file in memory, which the receiver
maps, and open files are passed as descriptors. Only processes that one of ours has started are at the other end.
"""

import io
import mmap
import os
import pickle
import socket
import struct
import tempfile
from typing import Any, BinaryIO

_ALIGNMENT = 64
_HEADER = struct.Struct("<QII")
"""Bytes of the pickle, number of arrays, number of descriptors."""
_PLACE = struct.Struct("<QQ")
"""Offset and size of an array."""
MAX_DESCRIPTORS = 200


class _Pickler(pickle.Pickler):
    def __init__(self, stream: io.BytesIO) -> None:
        self.arrays: list[memoryview] = []
        self.files: list[BinaryIO] = []
        super().__init__(stream, protocol=5, buffer_callback=lambda array: self.arrays.append(array.raw()))

    def persistent_id(self, value: Any) -> Any:
        if not isinstance(value, io.FileIO | io.BufferedReader | io.BufferedRandom):
            return None
        self.files.append(value)  # type: ignore[arg-type]
        return len(self.files) - 1


class _Unpickler(pickle.Unpickler):
    def __init__(self, body: bytes, arrays: list[Any], files: list[int]) -> None:
        self.files = files
        super().__init__(io.BytesIO(body), buffers=arrays)

    def persistent_load(self, number: Any) -> Any:
        return os.fdopen(self.files[number], "rb", buffering=0)


def send(connection: socket.socket, message: Any) -> None:
    """Raises OSError where nobody receives any more."""
    stream = io.BytesIO()
    pickler = _Pickler(stream)
    pickler.dump(message)
    body, arrays = stream.getvalue(), pickler.arrays
    descriptors = [file.fileno() for file in pickler.files]
    places, end = b"", 0
    for array in arrays:
        places += _PLACE.pack(end, array.nbytes)
        end += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    shared = _shared_file() if end else None
    try:
        if shared is not None:
            os.ftruncate(shared, end)
            for index, array in enumerate(arrays):
                _write(shared, array, _PLACE.unpack_from(places, index * _PLACE.size)[0])
            descriptors.append(shared)
        connection.sendall(_HEADER.pack(len(body), len(arrays), len(descriptors)) + places + body)
        for start in range(0, len(descriptors), MAX_DESCRIPTORS):
            socket.send_fds(connection, [b"."], descriptors[start : start + MAX_DESCRIPTORS])
    finally:
        if shared is not None:
            os.close(shared)


def receive(connection: socket.socket) -> Any:
    """The next message; arrays in it may be written to. Raises EOFError at the end, OSError."""
    length, arrays, count = _HEADER.unpack(_exactly(connection, _HEADER.size))
    places = list(_PLACE.iter_unpack(_exactly(connection, arrays * _PLACE.size)))
    body = _exactly(connection, length)
    descriptors: list[int] = []
    while len(descriptors) < count:
        byte, more, _flags, _address = socket.recv_fds(connection, 1, MAX_DESCRIPTORS)
        if not byte:
            raise EOFError("the other process is gone")
        descriptors += more
    if not any(size for _, size in places):
        return _Unpickler(body, [bytearray() for _ in places], descriptors).load()
    shared = descriptors.pop()
    try:
        # private: what is written into an array stays in this process
        whole = memoryview(mmap.mmap(shared, 0, access=mmap.ACCESS_COPY))
    finally:
        os.close(shared)
    return _Unpickler(body, [whole[at : at + size] for at, size in places], descriptors).load()


def _shared_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("nnviz")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _write(descriptor: int, array: memoryview, at: int) -> None:
    left = array.cast("B") if array.nbytes else memoryview(b"")
    while left:
        done = os.pwrite(descriptor, left[: 1 << 30], at)
        left, at = left[done:], at + done


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts, left = [], count
    while left:
        part = connection.recv(min(left, 1 << 20))
        if not part:
            raise EOFError("the other process is gone")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
