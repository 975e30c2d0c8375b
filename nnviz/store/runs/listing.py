"""Runs as lists of any length: searched, sorted and cut into pages by the database, the runs of a group as one entry."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, case, cast, func, literal_column, or_, select
from sqlalchemy.types import JSON, Float

from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.records import ENDED, Run
from nnviz.store.rows import run_records
from nnviz.store.runs.group_entries import GroupEntry, group_members, group_records, outcome
from nnviz.store.runs.runs import COLUMNS
from nnviz.store.schema import events, runs

Sort = Literal["newest", "oldest", "name", "status", "accuracy", "r2", "loss", "duration"]
SORTS: tuple[Sort, ...] = get_args(Sort)
_HERE = runs.c.deleted.is_(None)
_ENTRY = func.coalesce(runs.c.group_id, runs.c.id)
MOST_LETTERS, MOST_WORDS = 1000, 20
"""Of a search; what follows is ignored. Databases limit how long a pattern is, and how many conditions a query has."""
_BEST = {"accuracy": "val_accuracy", "r2": "val_r2", "loss": "val_loss"}


@dataclass(frozen=True)
class RunPage:
    """Some entries: those from place `first` (0 is the first) of the `matching` ones, of `total` that there are. An entry is a
    run of no group, or a group, of which its first run stands in `runs`, and what it comes to in `groups`, by that run's id.
    `all_runs`: how many runs all entries have."""

    runs: list[Run]
    first: int
    matching: int
    total: int
    groups: dict[str, GroupEntry] = field(default_factory=dict)
    all_runs: int = 0


class Listing:
    """The runs of a store as lists; deleted ones are in none."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def page(
        self, *, text: str = "", statuses: Sequence[str] = (), sort: Sort = "newest", first: int = 0, most: int = 100
    ) -> RunPage:
        """At most `most` entries from place `first` on; past the end, the last page. `text`: every word of it stands in the run's
        id, group, name, tags, note, network or settings (`learning_rate=0.1`); of a very long one its beginning counts.
        `statuses`: only runs with these outcomes, all where empty. A group is an entry where one of its runs matches. Measures to
        sort by are those at the best epoch, on validation rows, of a group their mean over the runs that match."""
        chosen = self._matching(text, statuses)
        counted = select(func.count(_ENTRY.distinct()), func.count()).select_from(runs)
        with self.db.read() as connection:
            total, all_runs = connection.execute(counted.where(_HERE)).one()
            matching = connection.execute(counted.where(_HERE, *chosen)).one()[0] if chosen else total
            first = max(0, min(first, (matching - 1) // most * most))
            query = select(_ENTRY).where(_HERE, *chosen).group_by(_ENTRY).order_by(*self._order(sort)).limit(most).offset(first)
            keys = list(connection.execute(query).scalars())
            members = group_members(connection, keys, self._value)
            firsts = [members[key][0].id if key in members else key for key in keys]
            records = run_records(connection.execute(select(*COLUMNS).where(runs.c.id.in_(firsts))))
            names = group_records(connection, members)
        by_id = {run.id: run for run in records}
        entries = {
            rows[0].id: GroupEntry(names[key], tuple(rows)) for key, rows in members.items() if key in names and len(rows) > 1
        }
        return RunPage([by_id[run_id] for run_id in firsts if run_id in by_id], first, matching, total, entries, all_runs)

    def has_open(self, *, ids: Sequence[str] | None = None) -> bool:
        """Whether a run, of those with `ids` or of all, may still change by itself."""
        query = select(runs.c.id).where(_HERE, runs.c.status.not_in(ENDED)).limit(1)
        if ids is not None:
            query = query.where(runs.c.id.in_(list(ids)))
        with self.db.read() as connection:
            return connection.execute(query).first() is not None

    def with_event(self, run_ids: Sequence[str], kind: str) -> frozenset[str]:
        """Those of the runs to which such an event happened."""
        query = select(events.c.run).where(events.c.run.in_(list(run_ids)), events.c.kind == kind).distinct()
        with self.db.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def has_any(self) -> bool:
        """Whether there is one."""
        with self.db.read() as connection:
            return connection.execute(select(runs.c.id).where(_HERE).limit(1)).first() is not None

    def count(self) -> int:
        """How many there are."""
        with self.db.read() as connection:
            return int(connection.execute(select(func.count()).select_from(runs).where(_HERE)).scalar_one())

    def tags(self) -> list[str]:
        """All tags that runs have, in order."""
        query = select(runs.c.tags).where(_HERE, runs.c.tags != "[]").distinct()
        with self.db.read() as connection:
            texts = connection.execute(query).scalars().all()
        tags: set[str] = set()
        for text in texts:
            try:
                tags.update(documents.tags(text))
            except ValueError:
                continue  # another program wrote it: the run itself says so
        return sorted(tags)

    def branches(self) -> list[Run]:
        """The runs that began at a snapshot of another, and those others; newest first."""
        query = select(*COLUMNS).where(_HERE, runs.c.spec.contains('"from": {', autoescape=True))
        with self.db.read() as connection:
            branches = run_records(connection.execute(query))
            parents = {str((run.spec_json.get("from") or {}).get("run", "")) for run in branches}
            origins = run_records(connection.execute(select(*COLUMNS).where(_HERE, runs.c.id.in_(parents)))) if parents else []
        return sorted({run.id: run for run in (*branches, *origins)}.values(), key=lambda run: run.created, reverse=True)

    def _matching(self, text: str, statuses: Sequence[str]) -> list[ColumnElement[bool]]:
        conditions = [_has_word(word) for word in text[:MOST_LETTERS].split()[:MOST_WORDS]]
        return [*([outcome().in_(list(statuses))] if statuses else []), *conditions]

    def _order(self, sort: Sort) -> list[ColumnElement[Any]]:
        newest = [func.max(runs.c.created).desc(), func.max(runs.c.id).desc()]
        if sort in _BEST:
            value = func.avg(self._value(runs.c.best, _BEST[sort]))
            return [value.is_(None), value.asc() if sort == "loss" else value.desc(), *newest]
        if sort == "duration":
            took = func.sum(func.coalesce(runs.c.ended, time.time()) - runs.c.started)
            return [took.is_(None), took.desc(), *newest]
        if sort == "oldest":
            return [func.min(runs.c.created).asc(), func.min(runs.c.id).asc()]
        by = {"name": [func.min(func.lower(runs.c.name))], "status": [func.min(outcome())]}
        return [*by.get(sort, []), *newest]

    def _value(self, column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        """A measure in a column of measures; NULL where there is none, or where another program wrote no JSON."""
        if self.db.is_sqlite:
            return case((func.json_valid(column) == 1, func.json_extract(column, f"$.{name}")))
        return case((column.op("IS")(literal_column("JSON OBJECT")), cast(cast(column, JSON)[name].as_string(), Float)))


def _has_word(word: str) -> ColumnElement[bool]:
    """Whether a word stands in one of a run's texts, in whichever case. Texts that are JSON have letters beyond ASCII written
    out, so they are asked for in each case by itself."""
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    conditions: list[ColumnElement[bool]] = []
    for spelling in spellings:
        conditions += [
            column.icontains(spelling, autoescape=True)
            for column in (runs.c.id, runs.c.group_id, runs.c.name, runs.c.note)  # one that is empty is no match
        ]
        written = json.dumps(spelling)[1:-1]
        conditions += [column.icontains(written, autoescape=True) for column in (runs.c.tags, runs.c.spec)]
    key, sign, value = word.partition("=")
    if sign and key:
        conditions += [runs.c.spec.icontains(f'{key}": {quote}{value}', autoescape=True) for quote in ("", '"')]
    if any(letter.isdigit() for letter in word):
        # a network in short, as its column shows it
        conditions.append(and_(runs.c.info.contains('"network": "'), runs.c.info.icontains(word, autoescape=True)))
    return or_(*conditions)
