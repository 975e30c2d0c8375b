"""The encoder that goes out beside a `.keras` file of a table: its source, and a few lines that say how to use it."""

import re
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent
_MARK = "# From here on: part of the encoder's file\n"
_OWN_IMPORT = re.compile(r"from nnviz\.export\.raw_cells import \([^)]*\)\n")
_USE = """import keras, {module} as encoder
model = keras.models.load_model({network!r})
print(encoder.predict(model, encoder.read("new_rows.csv")))"""


def module_name(stem: str) -> str:
    """What the encoder beside `stem`.keras is called, so that Python can import it."""
    name = re.sub(r"\W", "_", stem, flags=re.ASCII) + "_encoder"
    return f"_{name}" if name[0].isdigit() else name


def encoder_source(network: str) -> str:
    """The Python file beside the file `network`, made of `raw_rows` and `raw_cells`."""
    rows, cells = ((_FOLDER / f"{name}.py").read_text(encoding="utf-8") for name in ("raw_rows", "raw_cells"))
    use = "\n".join(f"    {line}" for line in _used(network).splitlines())
    text = re.sub(r"    import keras, encoder\n.*?\n\n", lambda _: f"{use}\n\n", rows, count=1, flags=re.DOTALL)
    text = text.replace("beside network.keras", f"beside {network}", 1)
    return _OWN_IMPORT.sub(lambda _: cells.partition(_MARK)[2].strip("\n") + "\n", text, count=1)


def readme(network: str, *, inputs: Sequence[str], gives: str) -> str:
    """What lies in the download, and three lines of Python that use it."""
    module = module_name(Path(network).stem)
    columns = ", ".join(inputs[:40]) + (f" and {len(inputs) - 40} more" if len(inputs) > 40 else "")
    return (
        f"{network}: the trained network, made of Keras's own layers.\n"
        f"{module}.py: raw rows in, answers out. It needs NumPy and Keras, and nnviz nowhere; it reads {module}.json.\n\n"
        f"{_used(network)}\n\n"
        f"encoder.read reads a text file written as the one of the training was. encoder.predict also takes a pandas DataFrame, "
        f"or a list of rows as they are typed, [{{column: cell, ...}}]; encoder.encode gives the network's inputs alone.\n\n"
        f"Columns: {columns}.\nAnswer: {gives}.\n"
    )


def _used(network: str) -> str:
    return _USE.format(module=module_name(Path(network).stem), network=network)
