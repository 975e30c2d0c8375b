"""What people who are not looking want to hear of: findings and ends of runs, each given out once, whoever asks."""

import json
import time
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from nnviz.store import documents
from nnviz.store.database import Database
from nnviz.store.documents import or_empty
from nnviz.store.records import ENDED
from nnviz.store.runs.findings import KIND as FINDING
from nnviz.store.schema import events, runs, settings

NEWS_SECONDS = 3600.0
"""What happened longer ago is no news, as where nobody has asked since yesterday."""
MOST_RUNS = 300
"""Whose findings are remembered as given out."""
_KEY, _SETTING = "notices", "notify"


class News(NamedTuple):
    """Of a run: `kind` is `finding`, with the finding as `data`, or a status of `ENDED`."""

    run: str
    kind: str
    data: dict[str, Any]


class Notices:
    """The row `notices` of the settings holds how far events were given out, and of which findings. Taking news moves it on in
    the same transaction, so that two processes never get the same."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def newest(self) -> int:
        """The last event's id: where it stands still there is no news."""
        with self.db.read() as connection:
            return _newest(connection)

    def begin(self) -> None:
        """What happened before somebody first wanted to hear of it is no news."""
        with self.db.write() as connection:
            if _place(connection) is None:
                _put(connection, _KEY, json.dumps({"event": _newest(connection)}))

    def take(self) -> list[News]:
        """What is new since it was last taken, in its order. Of a run's findings each rule once, and only while it trains or has
        just ended: an old run that is judged again is no news."""
        since = time.time() - NEWS_SECONDS
        with self.db.write() as connection:
            place = _place(connection)
            if place is None:
                _put(connection, _KEY, json.dumps({"event": _newest(connection)}))
                return []
            rows = connection.execute(
                select(events.c.id, events.c.run, events.c.kind, events.c.data, events.c.time, runs.c.ended)
                .join(runs, runs.c.id == events.c.run)
                .where(events.c.id > place["event"], events.c.kind.in_((FINDING, *ENDED)), runs.c.deleted.is_(None))
                .order_by(events.c.id)
            ).all()
            passed, rules = place.get("passed", {}), place.get("rules", {})
            news = []
            for row in rows:
                if row.time < since or (row.ended or since) < since or row.id <= passed.get(row.run, 0):
                    continue
                data = or_empty(documents.event_data, row.data)
                if row.kind == FINDING:
                    rule, known = str(data.get("rule")), rules.pop(row.run, [])
                    rules[row.run] = known if rule in known else [*known, rule]
                    if rule in known:
                        continue
                news.append(News(row.run, row.kind, data))
            # where the last events are gone with their run, the next ones have their ids again
            newest = _newest(connection)
            if newest != place["event"]:
                _put(connection, _KEY, json.dumps({"event": newest, "rules": dict([*rules.items()][-MOST_RUNS:])}))
        return news

    def setting(self) -> str:
        """The fingerprint of the setting by which the supervisor tells of news; empty where it tells nobody."""
        with self.db.read() as connection:
            text: str | None = connection.execute(select(settings.c.value).where(settings.c.key == _SETTING)).scalar_one_or_none()
        return text or ""

    def note_setting(self, fingerprint: str) -> None:
        with self.db.write() as connection:
            _put(connection, _SETTING, fingerprint)


def pass_over(connection: Connection, run_id: str) -> None:
    """The events that a run has by now are no news, as where it comes from a file."""
    place = _place(connection)
    if place is not None:
        _put(connection, _KEY, json.dumps(place | {"passed": place.get("passed", {}) | {run_id: _newest(connection)}}))


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.max(events.c.id))).scalar_one() or 0)


def _place(connection: Connection) -> dict[str, Any] | None:
    """The row, locked until the transaction ends where the database locks rows."""
    text = connection.execute(select(settings.c.value).where(settings.c.key == _KEY).with_for_update()).scalar_one_or_none()
    try:
        place = json.loads(text or "null")
    except ValueError:
        return None
    is_place = isinstance(place, dict) and isinstance(place.get("event"), int)
    return place if is_place and all(isinstance(place.get(name, {}), dict) for name in ("rules", "passed")) else None


def _put(connection: Connection, key: str, value: str) -> None:
    connection.execute(delete(settings).where(settings.c.key == key))
    connection.execute(insert(settings).values(key=key, value=value))
