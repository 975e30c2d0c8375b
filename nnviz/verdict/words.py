"""Verdicts as sentences for somebody who has had one course in statistics. `t` looks a text up in the user's language."""

from collections.abc import Callable, Sequence

from nnviz.verdict.judge import ManyVerdict, Measure, Verdict
from nnviz.verdict.needed import MOST
from nnviz.verdict.on_rows import OnRows
from nnviz.verdict.paired import LEVEL

Translate = Callable[[str], str]
GAP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def same(text: str) -> str:
    """English, as the sentences are written."""
    return text


def sentence(verdict: Verdict, a: str, b: str, t: Translate = same) -> str:
    """The verdict on `a` against `b`."""
    paired = verdict.paired
    if paired is None:
        return one_each(t)
    if verdict.is_same:
        return t("{a} and {b} gave the same results in each of the {pairs}, to the last digit.").format(
            a=a, b=b, pairs=_pairs(verdict, t)
        )
    if verdict.kind == "equivalent" and verdict.chances is not None:
        text = t("{a} and {b} are practically equal ({sure} sure within ±{region}).")
        return text.format(a=a, b=b, sure=percent(verdict.chances.equal), region=region_words(verdict, t))
    if verdict.kind in ("better", "worse"):
        return _join(_better(verdict, a, b, t), _little(verdict, t))
    return _undecided(verdict, a, b, t)


def one_each(t: Translate = same) -> str:
    """Of runs that have no other one of the same settings beside them."""
    alone = t("One run each: nothing can be concluded about the settings.")
    return _join(alone, t("Train each of them 5 times, or on 5 folds."))


def of_many(many: ManyVerdict, names: Sequence[str], t: Translate = same) -> str:
    """The verdict on three settings or more, named in their order."""
    if many.ranked is None:
        return one_each(t)
    if many.best is not None:
        return t("{a} is the best of these {n}: better than each of the others.").format(a=names[many.best], n=len(names))
    if all(verdict.is_better is None for verdict in many.pairs.values()):
        return t("None of these {n} is shown to be better than another.").format(n=len(names))
    top = min(range(len(names)), key=many.ranked.ranks.__getitem__)
    tied = t(" and ").join(names[place] for place in many.tied(top))
    beaten = t(" and ").join(names[place] for place in many.beats(top))
    if not beaten:
        text = t("No clear best: {a} has the best ranks, but it is not distinguishable from {tied}.")
        return text.format(a=names[top], tied=tied)
    text = t("No clear best: {a} has the best ranks and is better than {beaten}, but not distinguishable from {tied}.")
    return text.format(a=names[top], beaten=beaten, tied=tied)


def on_rows(result: OnRows, a: str, b: str, measure: Measure, t: Translate = same) -> str:
    """What can be said of two single networks on the same rows, and that it is of these two only."""
    if not result.is_clear:
        text = t("On these {rows} rows the two trained networks are not distinguishable.").format(rows=f"{result.rows:,}")
    else:
        is_first = (result.mean < 0) == measure.is_lower_better
        low, high = sorted((abs(result.low), abs(result.high)))
        text = t(
            "On these {rows} rows the network of {a} is better than that of {b} by {amount} ({level} interval {low} to {high})."
        )
        level = max(abs(result.mean), 1e-300)
        text = text.format(
            rows=f"{result.rows:,}",
            a=a if is_first else b,
            b=b if is_first else a,
            amount=amount(measure, abs(result.mean), level, t),
            level=percent(LEVEL),
            low=number(measure, low, level),
            high=number(measure, high, level),
        )
    return _join(text, t("One run each: nothing can be concluded about the settings."))


def number(measure: Measure, value: float, level: float) -> str:
    """A difference in the unit that it is spoken of in, without it: `2.1` (points), `12` (percent of the level), `0.034`."""
    if measure.unit == "points":
        return _signed(100 * value, f"{abs(100 * value):.1f}")
    if measure.unit == "relative":
        share = 100 * value / level if level else 0.0
        return _signed(share, f"{abs(share):.0f}" if abs(share) >= 9.95 else f"{abs(share):.1f}")
    if measure.unit == "score":
        return _signed(value, f"{abs(value):.3f}")
    return _signed(value, f"{abs(value):,.0f}" if abs(value) >= 1000 else f"{abs(value):.3g}")


def amount(measure: Measure, value: float, level: float, t: Translate = same) -> str:
    """A difference with its unit: `2.1 points`, `12 % of the validation loss`, `3.2 in validation MAE`."""
    text = number(measure, value, level)
    if measure.unit == "points":
        return t("1 point") if text == "1.0" else t("{n} points").format(n=text)
    if measure.unit == "relative":
        return t("{n} % of the {metric}").format(n=text, metric=measure.title)
    return t("{n} in {metric}").format(n=text, metric=measure.title)


def region_words(verdict: Verdict, t: Translate = same) -> str:
    """Half the width of the region of practical equivalence: `1 point`, `1 % of the validation loss`."""
    if verdict.measure.unit == "points":
        return t("1 point") if round(100 * verdict.region, 6) == 1 else t("{n} points").format(n=f"{100 * verdict.region:g}")
    if verdict.measure.unit == "score":
        return t("{n} in {metric}").format(n=f"{verdict.region:g}", metric=verdict.measure.title)
    share = 100 * verdict.region / verdict.level if verdict.level else 0.0
    return t("{n} % of the {metric}").format(n=f"{share:.1g}", metric=verdict.measure.title)


def interval_words(verdict: Verdict) -> str:
    """`−0.4 to 3.4`: of the difference, first less second, in the unit that it is spoken of in."""
    if verdict.paired is None:
        return ""
    low, high = (number(verdict.measure, end, verdict.level) for end in (verdict.paired.low, verdict.paired.high))
    return f"{low} to {high}"


def deciding_test(verdict: Verdict, t: Translate = same) -> str:
    """Which test decides."""
    if verdict.paired is None:
        return ""
    name = t("corrected resampled t-test over folds") if verdict.on_folds else t("paired t-test over trainings")
    return (
        t("{test}, adjusted for {n} pairs by Holm's method").format(test=name, n=verdict.of_many) if verdict.of_many > 1 else name
    )


def _better(verdict: Verdict, a: str, b: str, t: Translate) -> str:
    paired, measure = verdict.paired, verdict.measure
    if paired is None:
        return ""
    names = (a, b) if verdict.kind == "better" else (b, a)
    low, high = sorted((paired.low, paired.high), key=abs) if paired.low * paired.high > 0 else (paired.low, paired.high)
    # of what is better by something both ends are positive: the direction is in the words
    ends = [number(measure, end * (1 if paired.mean > 0 else -1), verdict.level) for end in (low, high)]
    text = t("{a} is better than {b} by {amount} ({level} interval {low} to {high}).")
    size = amount(measure, abs(paired.mean), verdict.level, t)
    return text.format(a=names[0], b=names[1], amount=size, level=percent(LEVEL), low=ends[0], high=ends[1])


def _little(verdict: Verdict, t: Translate) -> str:
    """Of a difference that is sure, and surely small."""
    if verdict.chances is None or verdict.chances.equal < LEVEL:
        return ""
    text = t("That is little: {sure} sure within ±{region}.")
    return text.format(sure=percent(verdict.chances.equal), region=region_words(verdict, t))


def _undecided(verdict: Verdict, a: str, b: str, t: Translate) -> str:
    on_folds = verdict.on_folds
    text = t("{a} and {b} are not distinguishable with {pairs}").format(a=a, b=b, pairs=_pairs(verdict, t))
    size = region_words(verdict, t)
    if verdict.needs_rows:
        return _join(f"{text}.", t("No number of folds will decide {size}: more rows would.").format(size=size))
    if verdict.needed is None:
        return f"{text}."
    if verdict.needed == 0:
        return _join(f"{text}.", t("A difference of {size} would most likely have been seen.").format(size=size))
    if verdict.needed > MOST:
        return t("{text}; more than {n} would be needed to see {size}.").format(text=text, n=f"{MOST:,}", size=size)
    more = f"{verdict.needed:,}"
    ending = (
        t("{text}; about {n} more would be needed to see {size}.")
        if on_folds or verdict.needed > 1
        else t("{text}; about {n} more training of each would be needed to see {size}.")
    )
    return ending.format(text=text, n=more, size=size)


def p_words(p: float | None) -> str:
    """`= 0.031`, `< 0.001`."""
    if p is None:
        return ""
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.1 else f"= {p:.2f}"


def _pairs(verdict: Verdict, t: Translate) -> str:
    if verdict.on_folds:
        return t("{n} folds").format(n=verdict.n)
    return t("{n} trainings each").format(n=verdict.n)


def percent(share: float) -> str:
    """`97 %`, never rounded up to 100 %."""
    return f"{'> 99' if 0.99 < share < 1 else f'{100 * share:.0f}'}{GAP}%"


def _signed(value: float, text: str) -> str:
    return f"{MINUS}{text}" if value < 0 and text.strip("0.") else text


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
