"""The command that says whether a difference between runs, or groups of runs, is real."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import typer

from nnviz.border import plain
from nnviz.cli.options import HereOption, JsonOption, StoreOption, app
from nnviz.errors import NnvizError, NotFound, RequestError
from nnviz.jobs import command_line
from nnviz.jobs.lost import end_lost
from nnviz.plain_text import visible
from nnviz.store import Store
from nnviz.verdict import words
from nnviz.verdict.entrants import Entrant, Matched, Refusal, match, measure_named, setting_of
from nnviz.verdict.judge import ManyVerdict, Verdict, judge, judge_many
from nnviz.verdict.needed import MOST
from nnviz.verdict.on_rows import of_answers
from nnviz.verdict.ranks import nemenyi


@app.command()
def compare(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="A B [...]", help="Ids of runs or groups, or unique beginnings of them.")
    ] = None,
    metric: Annotated[str | None, typer.Option(help="A validation metric, such as val_accuracy or val_loss.")] = None,
    as_json: JsonOption = False,
    here: HereOption = None,
    store: StoreOption = None,
) -> None:
    """Say whether A is better than B, and how sure that is, by validation. Folds and repeats are compared pair by pair."""
    if which is None or len(which) < 2:
        raise RequestError("there is nothing to compare with", where="A B", remedy="Name two runs or groups, or more.")
    opened = Store(store)
    end_lost(opened)
    entrants = [_entrant(opened, name) for name in which]
    if len({entrant.id for entrant in entrants}) < len(entrants):
        raise RequestError("the same run or group is named twice", where="A B", remedy="Name two different ones.")
    entrants = _apart(entrants)
    matched = match(entrants, _validation(metric))
    if isinstance(matched, Refusal):
        _refuse(matched, metric, as_json)
        return
    if len(entrants) == 2:
        verdict = judge(matched.results)
        answer, lines = verdict_json(verdict, entrants), [words.sentence(verdict, entrants[0].name, entrants[1].name)]
        if all(len(entrant.members) == 1 for entrant in entrants):
            networks = _networks(opened, entrants, here)
            answer, lines = answer | networks, [networks.get("text", lines[0])]
    else:
        many = judge_many(matched.results)
        answer, lines = many_json(many, matched, entrants), many_lines(many, entrants)
    notes = [note.words(str) for note in matched.notes]
    if as_json:
        print(json.dumps(answer | ({"notes": notes} if notes else {})))
        return
    print("\n".join(map(plain, [*lines, *notes, "", *_table(matched, entrants), *_details(matched, len(entrants))])))


def verdict_json(verdict: Verdict, entrants: Sequence[Entrant]) -> dict[str, Any]:
    """Of the first against the second, by the contract."""
    paired, chances = verdict.paired, verdict.chances
    return {
        "verdict": verdict.kind,
        "metric": verdict.measure.name,
        "difference": verdict.difference,
        "interval": None if paired is None else [paired.low, paired.high],
        "n": verdict.n,
        "needed": verdict.needed if verdict.needed is not None and verdict.needed <= MOST else None,
        "test": words.deciding_test(verdict) or "none",
        "text": words.sentence(verdict, entrants[0].name, entrants[1].name),
        "p": verdict.p,
        "practically_equal": None if chances is None else chances.equal,
        "region": verdict.region,
    }


def many_json(many: ManyVerdict, matched: Matched, entrants: Sequence[Entrant]) -> dict[str, Any]:
    """Of the first against the second, with what is said of all, the average ranks and each pair."""
    ranked = many.ranked
    by_ranks = nemenyi(matched.results.oriented) if ranked is not None else np.ones((len(entrants), len(entrants)))
    pairs = [
        {"a": entrants[i].id, "b": entrants[j].id, "nemenyi": None if ranked is None else float(by_ranks[i, j])}
        | verdict_json(verdict, (entrants[i], entrants[j]))
        for (i, j), verdict in many.pairs.items()
    ]
    return verdict_json(many.pairs[0, 1], entrants[:2]) | {
        "text": words.of_many(many, [entrant.name for entrant in entrants]),
        "ranks": None if ranked is None else {one.id: rank for one, rank in zip(entrants, ranked.ranks, strict=True)},
        "critical_difference": None if ranked is None else ranked.critical_difference,
        "friedman": None if ranked is None else {"statistic": ranked.statistic, "p": ranked.p},
        "pairs": pairs,
    }


def many_lines(many: ManyVerdict, entrants: Sequence[Entrant]) -> list[str]:
    """What is said of all, then of each pair."""
    names = [entrant.name for entrant in entrants]
    lines = [words.of_many(many, names)]
    if many.ranked is None:
        return lines
    return lines + [f"  {words.sentence(verdict, names[i], names[j])}" for (i, j), verdict in many.pairs.items()]


def _networks(store: Store, entrants: Sequence[Entrant], here: bool | None) -> dict[str, Any]:
    """Of two single runs, what can be said of their two networks by the same rows: `text`, `test` and `networks`, with which
    nothing is said of their settings. Empty where a network cannot be asked."""
    try:
        first, second = (command_line.row_results(store, entrant.members[0].id, here=here) for entrant in entrants)
    except NnvizError:
        return {}
    compared = of_answers(first, second)
    if compared is None:
        return {}
    result, name = compared
    test = "McNemar's exact test of the two networks" if result.p is not None else "paired bootstrap of the two networks"
    measure = measure_named(name)
    return {
        "test": test,
        "text": words.on_rows(result, entrants[0].name, entrants[1].name, measure),
        "networks": {
            "metric": measure.name,
            "difference": result.mean,
            "interval": [result.low, result.high],
            "p": result.p,
            "rows": result.rows,
        },
    }


def _refuse(refusal: Refusal, metric: str | None, as_json: bool) -> None:
    text = refusal.why.words(str)
    if refusal.is_wrong:
        raise RequestError(text, remedy="`python -m nnviz runs` lists what there is.")
    nothing = {"verdict": "undecided", "metric": metric, "difference": None, "interval": None, "n": 0, "needed": None}
    print(json.dumps(nothing | {"test": "none", "text": text}) if as_json else plain(text))


def _validation(metric: str | None) -> str | None:
    """Its full name. Raises RequestError for what is not of validation rows."""
    if metric is None or metric.startswith("val_"):
        return metric
    if metric == "loss" or metric.startswith("test_"):
        raise RequestError(
            f"{metric} is no metric of validation rows",
            where="--metric",
            remedy="Settings are compared by validation, as in --metric val_accuracy; the test rows stay for the one you choose.",
        )
    return f"val_{metric}"


def _entrant(store: Store, name: str) -> Entrant:
    """A run or group by its id or a unique beginning. Raises NotFound; RequestError where it may be either."""
    matches = []
    for read in (_run, _group):
        try:
            matches.append(read(store, name))
        except NotFound:
            continue
    if not matches:
        raise NotFound(
            f"there is no run and no group {name!r}, or more than one begins so", remedy="`python -m nnviz runs` lists them."
        )
    if len(matches) > 1:
        raise RequestError(f"{name!r} is the beginning of a run and of a group", remedy="Write more of the id.")
    return matches[0]


def _run(store: Store, name: str) -> Entrant:
    run = store.runs.get(name)
    return Entrant(run.id, visible(run.name), (run,))


def _group(store: Store, name: str) -> Entrant:
    group = store.runs.group(name)
    runs = store.runs.group_runs(group.id)
    if not runs:
        raise RequestError(f"the group {name!r} has no runs any more", remedy="`python -m nnviz runs` lists what there is.")
    if len(set(map(setting_of, runs))) > 1:
        raise RequestError(
            f"the runs of {visible(group.name)} differ in their settings, as in a race or a sweep",
            where=name,
            remedy="Name the runs that you want to compare.",
        )
    return Entrant(group.id, visible(group.name), tuple(runs))


def _apart(entrants: Sequence[Entrant]) -> list[Entrant]:
    """With a part of the id where two have one name."""
    names = [entrant.name for entrant in entrants]
    return [
        replace(entrant, name=f"{entrant.name} [{entrant.id[:8]}]") if names.count(entrant.name) > 1 else entrant
        for entrant in entrants
    ]


def _table(matched: Matched, entrants: Sequence[Entrant]) -> list[str]:
    """A line for each: its name, mean and deviation, and how many."""
    values, measure = matched.results.by_split, matched.results.measure
    wide = max(len(entrant.name) for entrant in entrants)
    lines = [f"{measure.title}, mean ± standard deviation"]
    for entrant, column in zip(entrants, values.T, strict=True):
        scale, unit = (100, " %") if measure.unit == "points" else (1, "")
        numbers = f"{scale * column.mean():.4g}" + (f" ± {scale * column.std(ddof=1):.2g}" if len(column) > 1 else "")
        lines.append(f"  {entrant.name:<{wide}}  {numbers}{unit}")
    return lines


def _details(matched: Matched, k: int) -> list[str]:
    """How it was decided."""
    verdict = judge(matched.results)
    if verdict.paired is None:
        return []
    lines = [f"decided by: {words.deciding_test(verdict)}, {verdict.n} pairs"]
    if k > 2:
        return [f"{lines[0]}; all pairs together by Holm's method"]
    lines.append(f"difference: 95 % interval {words.interval_words(verdict)}, p = {verdict.paired.p:.2g}")
    if verdict.chances is not None:
        lines.append(f"practically equal (within ±{words.region_words(verdict)}): {100 * verdict.chances.equal:.0f} % sure")
    return lines
