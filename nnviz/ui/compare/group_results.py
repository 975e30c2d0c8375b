"""Compare: what the chosen runs of each group come to together, and groups on the same folds against each other."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import streamlit as st

from nnviz.plain_text import visible
from nnviz.store import Run
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import metric_title
from nnviz.ui.compare.pairs import Pairs, difference_text, pairs_of, signed_text

MOST_PAIRS = 6
"""Pairs of groups that are laid side by side: those of four groups."""


def groups_of(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """The members of each group of which two runs or more are chosen, in their order, by the group's id."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run.group:
            groups.setdefault(run.group, []).append(run)
    return {group: sorted(members, key=lambda run: run.member) for group, members in groups.items() if len(members) > 1}


def group_names(groups: Mapping[str, Sequence[Run]], names: Mapping[str, str]) -> dict[str, str]:
    """What each group is called: as its members without their labels; a number where two would have one name."""
    called: dict[str, str] = {}
    for group, members in groups.items():
        name = visible(names[members[0].id].removesuffix(f" · {members[0].label}"))
        number = sum(other == name or other.startswith(f"{name} (") for other in called.values())
        called[group] = f"{name} ({number + 1})" if number else name
    return called


def group_results(runs: Sequence[Run], names: Mapping[str, str]) -> None:
    """Draw pairs of groups on the same folds."""
    groups = groups_of(runs)
    called = group_names(groups, names)
    for number, (one, other) in enumerate(list(combinations(groups, 2))[:MOST_PAIRS]):
        pairs = pairs_of(groups[one], groups[other])
        if pairs:
            _pair_view(pairs, called[one], called[other], key=f"compare.pairs.{number}")


def pair_rows(pairs: Pairs, one: str, other: str) -> list[dict[str, str]]:
    """A row for each pair of members: which it is, both values, and the difference."""
    name = pairs.metric
    return [
        {_("Rows"): label, one: first, other: second, _("Difference"): signed_text(name, difference)}
        for label, first, second, difference in pairs.texts()
    ]


def _pair_view(pairs: Pairs, one: str, other: str, *, key: str) -> None:
    st.text(
        _("{other} against {one}: {metric} {difference}, over {n} pairs on the same rows").format(
            other=other,
            one=one,
            metric=metric_title(pairs.metric).lower(),
            difference=difference_text(pairs),
            n=len(pairs.values),
        ),
        help=_("The mean of the differences, pair by pair, ± their standard deviation."),
    )
    with st.expander(_("Pair by pair")):
        st.dataframe(pair_rows(pairs, one, other), hide_index=True, key=key)
