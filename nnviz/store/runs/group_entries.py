"""A group as one entry of a list of runs: a few columns of each of its runs, without loading these."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from nnviz.store.records import EARLY, PRUNED, Group
from nnviz.store.rows import group_record
from nnviz.store.runs.groups import Spread, spreads
from nnviz.store.schema import groups, runs

METRICS = ("accuracy", "r2", "loss")
"""Validation metrics of a group's runs that a list shows."""
AT_ONCE = 500
"""Values of one condition: databases limit how many a statement has."""


@dataclass(frozen=True)
class MemberEntry:
    """A run of a group: its `outcome`, its validation `metrics` by the weights that it has (without those that are not there),
    when it `started` and `ended` (seconds since 1970), and whether it `is_pinned`."""

    id: str
    outcome: str
    metrics: Mapping[str, float]
    started: float | None
    ended: float | None
    is_pinned: bool


@dataclass(frozen=True)
class GroupEntry:
    """A `group` with its runs, the `members`, in their order, deleted ones left out."""

    group: Group
    members: tuple[MemberEntry, ...]

    @property
    def spreads(self) -> dict[str, Spread]:
        """Mean and deviation of each metric over the runs that were trained to their end."""
        return spreads(member.metrics for member in self.finished)

    @property
    def finished(self) -> list[MemberEntry]:
        """The runs that were trained to their end."""
        return [member for member in self.members if member.outcome in ("finished", EARLY)]


def group_members(
    connection: Connection, keys: Sequence[str], value: Callable[[ColumnElement[Any], str], ColumnElement[Any]]
) -> dict[str, list[MemberEntry]]:
    """Of the `keys` that are groups the runs that are there. `value` gives a measure of a column of measures."""
    keeps_best = runs.c.spec.contains('"keep": "best"')
    best, last = ([value(column, f"val_{name}") for name in METRICS] for column in (runs.c.best, runs.c.metrics))
    measures = [_by_weights(keeps_best, *pair).label(name) for name, *pair in zip(METRICS, best, last, strict=True)]
    columns = [runs.c.id, runs.c.group_id, outcome().label("outcome"), runs.c.started, runs.c.ended, runs.c.pinned, *measures]
    members: dict[str, list[MemberEntry]] = {}
    for start in range(0, len(keys), AT_ONCE):
        query = select(*columns).where(runs.c.group_id.in_(keys[start : start + AT_ONCE]), runs.c.deleted.is_(None))
        for row in connection.execute(query.order_by(runs.c.group_id, runs.c.member, runs.c.id)):
            measured = {name: getattr(row, name) for name in METRICS}
            metrics = {name: float(one) for name, one in measured.items() if isinstance(one, int | float) and math.isfinite(one)}
            one = MemberEntry(row.id, row.outcome, metrics, row.started, row.ended, row.pinned is not None)
            members.setdefault(row.group_id, []).append(one)
    return members


def group_records(connection: Connection, keys: Iterable[str]) -> dict[str, Group]:
    """The groups with these ids."""
    wanted = list(keys)
    records: dict[str, Group] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = select(groups).where(groups.c.id.in_(wanted[start : start + AT_ONCE]))
        records |= {row.id: group_record(row) for row in connection.execute(query)}
    return records


def _by_weights(keeps_best: ColumnElement[bool], best: ColumnElement[Any], last: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((keeps_best, func.coalesce(best, last)), else_=last)


def outcome() -> ColumnElement[str]:
    """`Run.outcome` as the database sees it."""
    key = '"early_stop_epoch": '
    is_early = and_(runs.c.status == "finished", runs.c.info.contains(key), ~runs.c.info.contains(f"{key}null"))
    is_pruned = and_(runs.c.status == "stopped", runs.c.info.contains('"pruned": "'))
    return case((is_early, EARLY), (is_pruned, PRUNED), else_=runs.c.status)
