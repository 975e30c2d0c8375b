"""What simple models come to on the rows of a run: computed once for all runs on the same data and split."""

import hashlib
import json
from typing import Any

from sqlalchemy import delete, insert, select

from nnviz.spec import RunSpec
from nnviz.store.database import Database
from nnviz.store.schema import settings


class Baselines:
    """The results of simple models, by data and split."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, spec: RunSpec) -> dict[str, Any] | None:
        """Those on the rows that a spec names; None where nobody asked for them yet."""
        with self.db.read() as connection:
            text = connection.execute(select(settings.c.value).where(settings.c.key == _key(spec))).scalar_one_or_none()
        try:
            document = json.loads(text or "null")
        except ValueError:
            return None
        return document if isinstance(document, dict) else None

    def put(self, spec: RunSpec, document: dict[str, Any]) -> None:
        """In the place of those that were there."""
        with self.db.write() as connection:
            connection.execute(delete(settings).where(settings.c.key == _key(spec)))
            connection.execute(insert(settings).values(key=_key(spec), value=json.dumps(document)))


def _key(spec: RunSpec) -> str:
    record = spec.model_dump(mode="json", include={"data", "split"})
    return f"baselines.{hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:20]}"
