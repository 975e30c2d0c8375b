"""The section "Verdict" of the Compare page: the sentence, and how it was decided."""

import streamlit as st

from nnviz.charts.ranks import rank_diagram, rank_diagram_figure
from nnviz.plain_text import markdown
from nnviz.ui.common.i18n import _
from nnviz.ui.common.run_format import measure, metric_title
from nnviz.ui.common.theme import heading, show
from nnviz.ui.compare.verdict import Answer
from nnviz.verdict import words
from nnviz.verdict.judge import ManyVerdict, Results, Verdict
from nnviz.verdict.needed import POWER

LONGEST = 600
"""Characters of a sentence, names included."""


def verdict_view(answer: Answer) -> None:
    """Draw the section."""
    heading(_("Verdict"), "verdict")
    st.markdown(f"##### {markdown(answer.text, limit=LONGEST)}")
    if not answer.has_groups:
        st.caption(_("The arrow beside Train trains a draft 5 times or on 5 folds; choose both groups here then."))
    if answer.matched is None:
        return
    for note in answer.matched.notes:
        st.caption(f":material/info: {markdown(note.words(_), limit=LONGEST)}")
    results = answer.matched.results
    if len(results.by_split) < 2:
        return
    if answer.many is not None and answer.many.ranked is not None:
        _diagram(answer.many, answer.names)
        st.dataframe(many_rows(answer.many, answer.names), hide_index=True, key="compare.verdict.pairs")
    with st.expander(_("How this was decided")):
        st.markdown("\n".join(f"- {markdown(line, limit=LONGEST)}" for line in how_lines(answer)))
        st.dataframe(pair_rows(results, answer.names), hide_index=True, key="compare.verdict.rows")


def how_lines(answer: Answer) -> list[str]:
    """Sentences that say by which test, from how much, and what was corrected for."""
    assert answer.matched is not None
    results = answer.matched.results
    first = answer.verdict or (answer.many.pairs[0, 1] if answer.many is not None else None)
    if first is None:
        return []
    name = metric_title(results.measure.name)
    text = _("Compared by: {metric}. Decides: {test}, from {n} pairs.")
    lines = [text.format(metric=name, test=words.deciding_test(first, _), n=first.n)]
    if answer.verdict is not None:
        lines += _two_lines(answer.verdict, answer.names)
    if results.on_folds:
        lines.append(
            _(
                "Two folds share most of their training rows, so their differences are alike and a plain t-test would be too "
                "sure: the interval is made as much wider as that asks for (Nadeau and Bengio)."
            )
        )
    else:
        lines.append(
            _("All trainings have the same split and differ by their seed alone: this holds for this split of the rows.")
        )
    if answer.many is not None and answer.many.ranked is not None:
        p = words.p_words(answer.many.ranked.p)
        lines.append(_("By ranks alone: Friedman's test that all are alike gives p {p}.").format(p=p))
    if first.needed or first.needs_rows:
        text = _("“Needed” is what shows a true difference of that size in {n} of 10 comparisons.")
        lines.append(text.format(n=round(10 * POWER)))
    return lines


def many_rows(many: ManyVerdict, names: tuple[str, ...]) -> list[dict[str, str]]:
    """A row for each pair: who is better, by how much, and how sure that is."""
    rows = []
    for (one, other), verdict in many.pairs.items():
        rows.append(
            {
                _("Pair"): _("{a} – {b}").format(a=names[one], b=names[other]),
                _("Verdict"): _kind(verdict, names[one], names[other]),
                _("Difference"): words.amount(verdict.measure, verdict.difference, verdict.level, _),
                _("95 % interval"): words.interval_words(verdict),
                _("p (Holm)"): words.p_words(verdict.p).removeprefix("= "),
            }
        )
    return rows


def pair_rows(results: Results, names: tuple[str, ...]) -> list[dict[str, str]]:
    """A row for each fold or training: what each side reached there and, of two, the difference."""
    metric, rows = results.measure.name, []
    for label, values in zip(results.labels, results.values, strict=True):
        row = {_("Rows"): label} | {name: measure(metric, value) for name, value in zip(names, values, strict=True)}
        if len(names) == 2:
            row[_("Difference")] = words.number(results.measure, float(values[0] - values[1]), results.level)
        rows.append(row)
    return rows


def _two_lines(verdict: Verdict, names: tuple[str, ...]) -> list[str]:
    if verdict.paired is None:
        return []
    text = _("{a} less {b}: {amount} on average, 95 % interval {interval}, p {p}.")
    size = words.amount(verdict.measure, verdict.difference, verdict.level, _)
    lines = [text.format(a=names[0], b=names[1], amount=size, interval=words.interval_words(verdict), p=words.p_words(verdict.p))]
    if verdict.chances is not None:
        text = _("Chance that they differ by less than {region} (Bayesian correlated t-test): {sure}.")
        lines.append(text.format(region=words.region_words(verdict, _), sure=words.percent(verdict.chances.equal)))
    return lines


def _kind(verdict: Verdict, one: str, other: str) -> str:
    if verdict.kind == "equivalent":
        return _("practically equal")
    if verdict.is_better is None:
        return _("not distinguishable")
    return _("{a} is better").format(a=one if verdict.is_better else other)


def _diagram(many: ManyVerdict, names: tuple[str, ...]) -> None:
    if many.ranked is None:
        return
    diagram = rank_diagram(
        names, many.ranked.ranks, lambda one, other: many.between(one, other) is None, many.ranked.critical_difference
    )
    show(rank_diagram_figure(diagram), key="compare.verdict.ranks")
    st.caption(
        _(
            "Average rank over the folds or trainings. A bar stands beside those that are not distinguishable by the pairs "
            "below. Ranks alone tell apart what lies further than the critical difference (Nemenyi)."
        )
    )
