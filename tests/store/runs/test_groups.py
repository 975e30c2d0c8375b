import sqlite3

import numpy as np
import pytest

from nnviz.errors import NotFound
from nnviz.spec import RunSpec
from nnviz.store import Store, spreads

SPEC = RunSpec.parse(
    {
        "name": "five",
        "data": {"kind": "builtin", "name": "iris"},
        "layers": [{"kind": "Dense", "units": 4}],
        "cost": {"kind": "CrossEntropy"},
        "optimizer": {"kind": "Adam"},
        "split": {"folds": 5},
    }
)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/nnviz.db"


def test_a_group_is_its_runs_in_order(url):
    store = Store(url)
    alone, group = store.runs.create(SPEC.with_("split", {})), store.runs.create_group(SPEC)
    members = store.runs.group_runs(group)
    assert [(run.member, run.label, run.name) for run in members] == [
        (number, f"fold {number}/5", f"five · fold {number}/5") for number in range(1, 6)
    ]
    assert {run.group for run in members} == {group}
    assert store.runs.get(alone).group == ""
    assert store.runs.group(group).spec == SPEC
    store.runs.delete([members[1].id])
    assert [run.member for run in store.runs.group_runs(group)] == [1, 3, 4, 5]
    store.runs.restore([members[1].id])
    assert len(store.runs.group_runs(group)) == 5
    with pytest.raises(NotFound, match="no group"):
        store.runs.group(alone)
    store.runs.delete([run.id for run in members[:4]])
    store.disk.purge(older_than=-1)
    assert store.runs.group(group).name == "five"
    store.runs.delete([members[4].id])
    store.disk.purge(older_than=-1)
    with pytest.raises(NotFound, match="no group"):
        store.runs.group(group)
    store.close()


def test_a_store_of_an_older_version_is_brought_up_to_date(url, tmp_path):
    store = Store(url)
    run = store.runs.create(SPEC.with_("split", {}), name="before")
    store.close()
    with sqlite3.connect(tmp_path / "nnviz.db") as old:
        old.execute("DROP INDEX ix_runs_group_id")
        for column in ("group_id", "member", "label"):
            old.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        old.execute("DROP TABLE groups")
        old.execute("DROP TABLE alembic_version")
    old.close()
    store = Store(url)
    assert (store.runs.get(run).name, store.runs.get(run).group) == ("before", "")
    assert len(store.runs.group_runs(store.runs.create_group(SPEC))) == 5
    with sqlite3.connect(tmp_path / "nnviz.db") as new:
        assert new.execute("SELECT count(*) FROM sqlite_master WHERE name = 'ix_runs_group_id'").fetchone() == (1,)
    new.close()
    store.close()


def test_mean_and_deviation_are_numpys():
    values = [0.9, 0.95, 0.7, 1.0, 0.85]
    spread = spreads([{"val_accuracy": value, "val_loss": np.nan if number else 0.5} for number, value in enumerate(values)])
    assert spread["val_accuracy"].values == tuple(values)
    assert spread["val_accuracy"].mean == pytest.approx(np.mean(values), abs=1e-15)
    assert spread["val_accuracy"].std == pytest.approx(np.std(values), abs=1e-15)
    assert (spread["val_loss"].mean, spread["val_loss"].std, spread["val_loss"].values) == (0.5, 0.0, (0.5,))
    assert spreads([]) == {}
