"""From the `data` and `split` blocks of a spec to arrays that can be trained on, with what they were made by."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from nnviz.catalog import COSTS
from nnviz.data.clean import clean
from nnviz.data.clean_images import clean_images
from nnviz.data.column_names import as_column
from nnviz.data.columns.report import Report
from nnviz.data.findings import with_cost, with_findings
from nnviz.data.named_columns import data_with_table_names, with_table_names
from nnviz.data.prepare_images import prepare_images
from nnviz.data.prepare_table import prepare_table
from nnviz.data.prepared import Prepared
from nnviz.data.readers.read import read
from nnviz.data.sources.named import file_bytes, source_of
from nnviz.data.splitting import divide as parts
from nnviz.data.tables import Arrays, Table
from nnviz.spec import BuiltinData, FileData, RunSpec, SyntheticData


def load(
    spec: RunSpec,
    *,
    base: Path | None = None,
    blob: Callable[[str], bytes] | None = None,
    cache: Path | None = None,
    on_read: Callable[[str], None] | None = None,
) -> Prepared:
    """Read, clean, split and encode what `spec.data` names. `base`: the folder that relative paths start from;
    `blob(sha256)`: gives the bytes of a file that the store keeps; `cache`: where the rows of a large file are put;
    `on_read`: called with how far it has been read, in words.

    Everything fitted is fitted on the training rows alone. Raises DataError (a file or its contents) or SpecError."""
    scaled = COSTS[spec.cost.kind].target_scaling
    source = source_of(spec.data, base=base, blob=blob, cache=cache, on_read=on_read)
    if isinstance(source, Arrays):
        prepared = prepare_images(source, spec, scaled=scaled)
    else:
        spec = with_table_names(spec, source.frame.columns)
        prepared = prepare_table(source, spec, scaled=scaled, cache=cache, on_read=on_read)
    return with_cost(prepared, spec.cost.kind, spec.cost.params)


def inspect(
    source: "bytes | Path | FileData | BuiltinData | SyntheticData",
    *,
    name: str = "",
    data: FileData | None = None,
    split_column: str | None = None,
) -> Report:
    """What a file (its bytes and name, or its path) or the data block of a spec holds, before any training. `data`: how the file
    is to be read; `split_column`: the one that names the part of each row, which is no input. Raises DataError."""
    if isinstance(source, bytes | Path):
        content = source if isinstance(source, bytes) else file_bytes(source)
        name = name or (source.name if isinstance(source, Path) else "data")
        options = data or FileData(kind="file", path=name)
        loaded: Table | Arrays = read(content, name=name, data=options)
    else:
        options, loaded = source, source_of(source, base=None, blob=None)  # type: ignore[assignment]
    if isinstance(loaded, Arrays):
        cleaned = with_findings(clean_images(loaded, options), options)
        return parts.with_copies(cleaned, parts.copies_of(cleaned), None)
    options = data_with_table_names(options, loaded.frame.columns)
    cleaned = clean(loaded, options, split_column=split_column and as_column(split_column, set(loaded.frame.columns)))
    cleaned = replace(cleaned, report=parts.with_copies(cleaned, parts.copies_of(cleaned), None))
    return with_findings(cleaned, options).report
