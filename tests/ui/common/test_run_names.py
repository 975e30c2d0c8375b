from dataclasses import replace

from nnviz.spec import RunSpec
from nnviz.store import Store
from nnviz.ui.common.run_names import name_help, names_beside, run_names, whole_name
from tests.pages.example_runs import spec

DENSE = [{"kind": "Dense", "units": 8}]


def named(tmp_path, *specs, names=()):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    ids = [store.runs.create(one, name=name) for one, name in zip(specs, [*names, *[""] * len(specs)], strict=False)]
    runs = store.runs.list_runs(ids=ids)
    store.close()
    return [run_names(runs)[run_id] for run_id in ids]


def adam(rate, **blocks):
    return spec(data="iris", layers=DENSE, optimizer={"kind": "Adam", "learning_rate": rate}, **blocks)


def test_neighbours_are_told_apart_by_what_differs(tmp_path):
    assert named(tmp_path, adam(0.01), adam(0.1)) == ["Adam 0.01", "Adam 0.1"]


def test_data_and_network_come_where_they_differ(tmp_path):
    other = spec(data="wine", layers=[{"kind": "Dense", "units": 16}], optimizer={"kind": "Adam", "learning_rate": 0.01})
    assert named(tmp_path, adam(0.01), other) == ["Adam 0.01, 8, iris", "Adam 0.01, 16, wine"]


def test_other_settings_come_where_nothing_else_differs(tmp_path):
    assert named(tmp_path, adam(0.01), adam(0.01, epochs=5), adam(0.1)) == [
        "Adam 0.01, epochs 60", "Adam 0.01, epochs 5", "Adam 0.1"]  # fmt: skip


def test_equal_runs_are_numbered_the_oldest_first(tmp_path):
    assert named(tmp_path, adam(0.01), adam(0.01), adam(0.1)) == ["Adam 0.01 (1)", "Adam 0.01 (2)", "Adam 0.1"]


def test_a_name_of_ones_own_wins(tmp_path):
    own = RunSpec.parse(adam(0.1).to_json() | {"name": "in the spec"})
    assert named(tmp_path, adam(0.01), adam(0.1), own, names=["mine"]) == ["mine", "Adam 0.1", "in the spec"]


def test_members_of_groups_have_their_labels(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    groups = [store.runs.create_group(adam(rate, split={"folds": 2})) for rate in (0.01, 0.1)]
    runs = [run for group in groups for run in store.runs.group_runs(group)]
    assert list(run_names(runs).values()) == [
        "Adam 0.01 · fold 1/2", "Adam 0.01 · fold 2/2", "Adam 0.1 · fold 1/2", "Adam 0.1 · fold 2/2"]  # fmt: skip
    own = store.runs.group_runs(store.runs.create_group(adam(0.01, split={"folds": 2}), name="mine"))
    assert list(run_names(own).values()) == ["mine · fold 1/2", "mine · fold 2/2"]
    broken = replace(runs[0], broken="why", name="as it is")
    assert run_names([broken])[broken.id] == "as it is"
    store.close()


def test_a_run_has_one_name_on_a_page_and_others_differ_from_it(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/nnviz.db")
    ids = [store.runs.create(one) for one in (adam(0.01), adam(0.1), adam(0.01), adam(0.5, epochs=5))]
    runs = store.runs.list_runs(ids=ids)
    names = run_names(runs[:2])
    beside = names_beside(names, runs[:2], runs)
    assert {run_id: beside[run_id] for run_id in ids[:2]} == names
    assert len(set(beside.values())) == len(ids)
    assert names_beside(names, runs[:2], runs[:1]) == names
    own = replace(runs[2], name="Adam 0.01")
    assert names_beside(names, runs[:2], [own])[own.id] == f"Adam 0.01 · {own.id}"
    assert whole_name(runs[0]) == "Adam 0.01, 8, CE, iris"
    assert name_help(runs[0]) == f"Adam 0.01, 8, CE, iris (run {ids[0]})"
    assert whole_name(replace(runs[0], name="mine")) == "mine"
    store.close()
