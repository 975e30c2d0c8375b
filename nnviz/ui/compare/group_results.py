"""Compare: what the chosen runs of each group come to together."""

from collections.abc import Sequence

import streamlit as st

from nnviz.plain_text import visible
from nnviz.store import Run, is_whole
from nnviz.ui.common.i18n import _, counted
from nnviz.ui.common.run_format import ABSENT, metric_title, spread_text, summary
from nnviz.ui.common.theme import heading


def group_rows(runs: Sequence[Run]) -> list[dict[str, str]]:
    """A row for each group of which two runs or more are chosen: its name, how many of them have finished, and mean ±
    standard deviation of each validation metric over these."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run.group:
            groups.setdefault(run.group, []).append(run)
    several = [members for members in groups.values() if len(members) > 1]
    names = dict.fromkeys(name for members in several for name in summary(members))
    ordered = sorted(names, key=lambda name: name.endswith("loss"))
    rows = []
    for members in several:
        together = summary(members)
        row = {
            _("Group"): visible(members[0].name.removesuffix(f" · {members[0].label}")),
            _("Runs"): counted("{n} finished", "{n} finished", sum(map(is_whole, members))),
        }
        rows.append(
            row | {metric_title(name): spread_text(name, together[name]) if name in together else ABSENT for name in ordered}
        )
    return rows


def group_results(runs: Sequence[Run]) -> None:
    """Draw these rows, where there are any."""
    rows = group_rows(runs)
    if rows:
        heading(_("Groups"), "groups")
        st.caption(_("Mean ± standard deviation over the finished runs of folds and repeats."))
        st.dataframe(rows, hide_index=True, key="compare.groups")
