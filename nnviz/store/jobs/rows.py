"""Rows of jobs and workers, read: what a job is, its rank, and what a worker has ready."""

from typing import Any

from sqlalchemy.engine import Row

from nnviz.errors import RunError
from nnviz.store import documents
from nnviz.store.records import Job


def record(row: Row[Any]) -> Job:
    """A job whose payload or answer cannot be read has an empty payload, and an error for an answer."""
    try:
        payload, result = documents.event_data(row.payload), documents.event_data(row.result) if row.result else None
    except ValueError as error:
        payload, result = {}, {"error": RunError(f"this job cannot be read: it {error}", remedy="Ask again.").to_json()}
    return Job(
        id=row.id,
        kind=row.kind,
        run=row.run,
        payload=payload,
        key=row.key,
        status=row.status,
        worker=row.worker,
        result=result,
        created=row.created,
        needs=row.needs or "",
        rank=rank_of(row),
    )


def ready_keys(row: Any) -> list[str]:
    """The keys that a worker has prepared."""
    try:
        return documents.tags(row.ready)
    except ValueError:
        return []


def rank_of(row: Row[Any]) -> float:
    """A job that was never moved has its turn by its id."""
    return float(row.rank if isinstance(row.rank, int | float) else row.id)


def count_of(setting: str | None) -> int | None:
    """A setting that is a number of runs; None where nobody has set it, or it is none."""
    return int(setting) if setting and setting.isdecimal() and len(setting) < 6 else None


def fits(needs: str | None, tuning: str | None) -> bool:
    """Whether a worker of this tuning may take a job that needs that one."""
    return not needs or not tuning or needs == tuning
