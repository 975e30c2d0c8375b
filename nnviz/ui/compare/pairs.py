"""Two groups of runs on the same folds, pair by pair: runs that validate on the same rows, with the same place among them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nnviz.store import Run, Spread, is_whole, spreads
from nnviz.ui.common.run_format import measure
from nnviz.ui.compare.results import comparable
from nnviz.verdict.entrants import kept_metrics, main_metric, task_of, validates_on


@dataclass(frozen=True)
class Pairs:
    """A validation `metric` of the runs of two groups that validate on the same rows: of each pair its `label` and the values
    of both."""

    metric: str
    values: tuple[tuple[str, float, float], ...]

    @property
    def spread(self) -> Spread:
        """Of the differences, the second less the first."""
        return spreads({"difference": second - first} for _label, first, second in self.values)["difference"]

    def texts(self) -> Iterator[tuple[str, str, str, float]]:
        """Label, both values as text, and the difference."""
        for label, first, second in self.values:
            yield label, measure(self.metric, first), measure(self.metric, second), second - first


def pairs_of(one: Sequence[Run], other: Sequence[Run]) -> Pairs | None:
    """The finished members of two groups in pairs; None where fewer than two validate on the same rows. By accuracy or R²; by
    the loss where neither is there and both have the same cost."""
    partners = _by_rows(other)
    matched = [(run, partners[key]) for key, run in _by_rows(one).items() if key in partners]
    if len(matched) < 2:
        return None
    can_be = comparable([run for pair in matched[:1] for run in pair])
    names = [f"val_{main_metric(task_of(matched[0][0]))}", *(["val_loss"] if can_be.loss else [])]
    for name in names:
        values = [(run.label, kept_metrics(run).get(name), kept_metrics(partner).get(name)) for run, partner in matched]
        known = tuple((label, a, b) for label, a, b in values if a is not None and b is not None)
        if len(known) > 1:
            return Pairs(name, known)
    return None


def signed_text(name: str, difference: float) -> str:
    """`+1.2 %`, `−0.031`: with a sign, as differences are written."""
    sign = "+" if difference > 0 else "\N{MINUS SIGN}" if difference < 0 else "±"
    return f"{sign}{measure(name, abs(difference))}"


def difference_text(pairs: Pairs) -> str:
    """`+1.2 % ± 0.8 %`: the mean of the differences with their standard deviation."""
    spread = pairs.spread
    return f"{signed_text(pairs.metric, spread.mean)} ± {measure(pairs.metric, spread.std)}"


def _by_rows(members: Sequence[Run]) -> dict[tuple[str, int], Run]:
    """The finished members by the rows they validate on and, of several there, by their place among these."""
    seen: dict[str, int] = {}
    by_rows = {}
    for run in sorted(members, key=lambda run: run.member):
        rows = validates_on(run)
        place = seen[rows] = seen.get(rows, -1) + 1
        if is_whole(run):
            by_rows[rows, place] = run
    return by_rows
