"""Which views a run has, by its task and what a row of its data is."""

from nnviz.catalog import LAYERS
from nnviz.catalog.views import VIEWS, View


def test_a_view_exists_for_the_tasks_and_inputs_that_it_names() -> None:
    everywhere = View(name="a", title="A", question="?", about=".")
    images = View(name="b", title="B", question="?", about=".", tasks=("classification",), inputs=("images",))
    cases = [
        ("classification", (2,), True, False),
        ("classification", (8, 8, 1), True, True),
        ("regression", (8, 8, 1), True, False),
        ("classification", (10, 3), True, False),
    ]
    for task, shape, *expected in cases:
        assert [everywhere.exists_for(task, shape, ()), images.exists_for(task, shape, ())] == expected


def test_a_view_of_layers_exists_for_networks_that_have_one_of_them() -> None:
    view = VIEWS["sequence"]
    assert [view.exists_for("classification", (5,), kinds) for kinds in ((), {"Dense"}, {"Dense", "GRU"})] == [False, False, True]
    assert all(kind in LAYERS for one in VIEWS.values() for kind in one.layers)


def test_entries_say_what_one_sees() -> None:
    for name, view in VIEWS.items():
        assert name == view.name
        assert view.question.endswith("?")
        assert len(view.about) > 60
