"""Who may import whom: read from the source, so that a wrong import fails here before it costs anyone a second."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

EXPORTED = "nnviz.export.raw_rows"
"""The source of a file that goes out beside a network: there it imports Keras, here nobody calls that."""
UI = {"catalog", "store", "jobs", "charts", "stream", "spec", "stack", "data.sources.synthetic", "export", "verdict"}
# package -> the parts of nnviz it may import; every part may import errors, plain_text, colours and itself
ALLOWED = {
    "pages": {"ui", "charts", "jobs", "store", "catalog", "spec", "stack", "data.sources.synthetic"},
    "dashboard": {"pages", "stream", "ui.common"},
    "nnviz.ui": UI,
    "nnviz.ui.common": UI,
    "nnviz.ui.train": UI | {"ui.common", "doctor"},
    "nnviz.ui.data": UI | {"ui.common"},
    "nnviz.ui.runs": UI | {"ui.common"},
    "nnviz.ui.compare": UI | {"ui.common"},
    "nnviz.ui.predict": UI | {"ui.common"},
    "nnviz.cli": {"jobs", "store", "catalog", "spec", "border", "verdict"},
    "nnviz.border": {"store"},
    "nnviz.__main__": {"cli", "early"},
    "nnviz.early": set(),
    "nnviz.jobs": {"store", "spec", "memory", "early"},
    "nnviz.jobs.worker": {"jobs", "store", "spec", "engine", "data", "stack", "catalog", "export", "memory", "doctor"},
    "nnviz.doctor": {"catalog", "spec", "stack"},
    "nnviz.verdict": set(),
    "nnviz.verdict.baselines": {"verdict", "store"},
    "nnviz.verdict.entrants": {"verdict", "catalog", "store"},
    "nnviz.export": {"catalog", "spec", "stack", "data.sources.synthetic", "data.splitting.parts"},
    "nnviz.engine": {"catalog", "spec", "memory"},
    "nnviz.engine.network": {"catalog", "spec"},
    "nnviz.engine.metrics": {"catalog", "spec", "engine.network", "engine.records"},
    "nnviz.engine.loop": {"catalog", "spec", "memory", "engine.network", "engine.metrics", "engine.records"},
    "nnviz.engine.views": {
        "catalog",
        "spec",
        "engine.network",
        "engine.metrics",
        "engine.loop",
        "engine.training",
        "engine.records",
    },
    "nnviz.engine.training": {"catalog", "spec", "memory", "engine.network", "engine.metrics", "engine.loop", "engine.records"},
    "nnviz.data": {"catalog", "spec"},
    "nnviz.store": {"spec"},
    "nnviz.charts": {"catalog"},
    "nnviz.stack": {"spec", "catalog"},
    "nnviz.memory": {"spec", "catalog", "stack"},
    "nnviz.spec": {"catalog"},
    "nnviz.stream": {"store", "jobs"},
    "nnviz.catalog": set(),
    "nnviz.errors": set(),
    "nnviz.plain_text": set(),
    "nnviz.colours": set(),
}
STREAMLIT = ("dashboard", "pages", "nnviz.ui", "nnviz.stream")
TENSORFLOW = "nnviz.engine"
# The worker alone may be imported by the foreground module, inside the functions that do a job in this process.
EXCEPTIONS = {("nnviz.jobs.foreground", "nnviz.jobs.worker")}


def sources():
    yield from [ROOT / "dashboard.py", *ROOT.glob("pages/*.py"), *ROOT.glob("nnviz/**/*.py")]


def module_of(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def owner_of(module):
    return max((owner for owner in ALLOWED if module == owner or module.startswith(owner + ".")), key=len, default="nnviz")


def imports_of(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    checked_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in checked_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", sorted(sources()), ids=module_of)
def test_a_module_imports_only_what_it_may(path):
    module = module_of(path)
    owner = owner_of(module)
    if owner == "nnviz":
        return
    for imported in imports_of(path):
        top = imported.split(".")[0]
        if top == "streamlit":
            assert owner.startswith(STREAMLIT), f"{module} imports {imported}"
        if top in ("tensorflow", "keras") and module != EXPORTED:
            assert owner.startswith(TENSORFLOW), f"{module} imports {imported}"
        if top not in ("nnviz", "pages") or imported.startswith(
            ("nnviz.errors", "nnviz.plain_text", "nnviz.colours", "nnviz.__version__")
        ):
            continue
        if any(module == a and imported.startswith(b) for a, b in EXCEPTIONS):
            continue
        if imported == "nnviz" or imported == owner or imported.startswith(owner + "."):
            continue
        rest = imported.removeprefix("nnviz.")
        fine = any(rest == part or rest.startswith(part + ".") for part in ALLOWED[owner])
        assert fine, f"{module} ({owner}) imports {imported}"


def test_no_import_circles():
    """Modules import one another in one direction only, also from within functions."""
    files = {module_of(path): path for path in sources()}
    graph = {}
    for module, path in files.items():
        graph[module] = {owned for name in imports_of(path) if (owned := nearest(name, files)) not in ("", module)}
    while graph:  # take away what imports nothing of what is left, until nothing is
        free = {module for module, imported in graph.items() if not imported & graph.keys()}
        assert free, f"a circle among {sorted(graph)}"
        graph = {module: imported for module, imported in graph.items() if module not in free}


def nearest(name, modules):
    """The module that an imported name belongs to; "" where it is none of ours."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name


def test_the_web_process_never_loads_tensorflow():
    code = """
import sys
import dashboard, nnviz.jobs, nnviz.stream, nnviz.stack, nnviz.doctor, nnviz.charts, nnviz.spec, nnviz.store, nnviz.cli
import nnviz.verdict.entrants
import importlib, pathlib
for path in pathlib.Path('nnviz/ui').rglob('*.py'):
    importlib.import_module('.'.join(path.with_suffix('').parts).removesuffix('.__init__'))
heavy = {'tensorflow', 'keras', 'sklearn', 'mlxtend', 'torch', 'jax', 'scipy', 'baycomp', 'scikit_posthocs', 'matplotlib'}
heavy = sorted({name.split('.')[0] for name in sys.modules} & heavy)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
