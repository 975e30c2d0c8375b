"""What is made of a file: the report of its bytes, and the data of a run on it."""

from pathlib import Path

from nnviz import data
from nnviz.spec import FileData, RunSpec


def inspected(content: bytes | str, name: str, **more: object) -> data.Report:
    body = content.encode() if isinstance(content, str) else content
    return data.inspect(body, name=name, data=FileData.model_validate({"kind": "file", "path": name, **more}))


def load(path: Path) -> data.Prepared:
    return data.load(
        RunSpec.parse(
            {
                "data": {"kind": "file", "path": str(path)},
                "layers": [],
                "cost": {"kind": "CrossEntropy"},
                "optimizer": {"kind": "Adam"},
            }
        )
    )
