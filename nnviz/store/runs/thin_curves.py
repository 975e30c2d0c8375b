"""Curves of many runs at once, thinned by the database: however long they are, a curve costs a few index lookups a point."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Select, func, literal, select, true

from nnviz.store.database import Database
from nnviz.store.records import Curve
from nnviz.store.rows import value_of
from nnviz.store.schema import epochs, runs
from nnviz.store.values import WHOLE as WHOLE_NUMBER, number

AT_ONCE = 500
"""Runs of one query: databases limit the parameters of a statement."""


class ThinCurves:
    """Metrics by epoch of a store's runs, thinned."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of_runs(self, run_ids: Sequence[str], name: str, *, points: int) -> dict[str, Curve]:
        """The metric `name` of each run that has it, at most `points` (from 2 up) values evenly along its steps, the first and
        the last among them. A spike between two of them is not in it; `low` and `high` stay empty."""
        columns: dict[str, list[tuple[float, ...]]] = {}
        with self.db.read() as connection:
            for start in range(0, len(run_ids), AT_ONCE):
                for row in connection.execute(_query(run_ids[start : start + AT_ONCE], name, points)):
                    try:
                        point = (number(row.step), number(row.time), value_of(row), number(row.epoch))
                    except ValueError:
                        continue  # another program wrote it: a gap in the curve
                    columns.setdefault(row.run, []).append(point)
        curves = {}
        for run_id, values in columns.items():
            step, time, value, epoch = np.array(values, dtype=float).T
            curves[run_id] = Curve(step=step, time=time, value=value, epoch=epoch)
        return curves


def _query(run_ids: Sequence[str], name: str, points: int) -> Select[tuple[object, ...]]:
    places = select(literal(0).label("place")).cte("places", recursive=True)
    places = places.union_all(select(places.c.place + 1).where(places.c.place < points - 1))
    last, one = epochs.alias("last"), epochs.alias("one")
    end = select(func.max(last.c.step)).where(last.c.run == runs.c.id, last.c.name == name, last.c.step <= WHOLE_NUMBER)
    ends = select(runs.c.id, end.scalar_subquery().label("end")).where(runs.c.id.in_(list(run_ids))).cte("ends")
    first = (
        select(one.c.id)
        .where(one.c.run == ends.c.id, one.c.name == name, one.c.step >= ends.c.end * places.c.place // (points - 1))
        .order_by(one.c.step)
        .limit(1)
        .correlate(ends, places)
        .scalar_subquery()
    )
    chosen = select(first.label("id")).select_from(ends.join(places, true())).distinct().subquery()
    wanted = (epochs.c.run, epochs.c.epoch, epochs.c.step, epochs.c.time, epochs.c.value, epochs.c.odd)
    return select(*wanted).join(chosen, chosen.c.id == epochs.c.id).order_by(epochs.c.run, epochs.c.step)
