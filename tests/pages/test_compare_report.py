"""The report of a comparison: what is in the files, read back, and that nothing in a name becomes markup."""

import csv
import io

import numpy as np
import pytest

from nnviz.charts.mean_curves import MeanCurve, mean_curves_figure
from nnviz.ui.compare import report
from nnviz.ui.compare.results import Cell, Row

NASTY = "<img src=x onerror=alert(1)> | $x_1$ & 50 %"


def example():
    figure = mean_curves_figure(
        [MeanCurve(NASTY, 0, np.arange(3.0), np.ones(3), np.full(3, 0.1)), MeanCurve("B", 1, np.arange(3.0), np.zeros(3))],
        x="epoch",
        y="Validation loss",
        colours=report.COLOURS,
    )
    return report.Report(
        names=(NASTY, "B"),
        verdict="A is better than B by 2.1 points",
        lines=("from 5 pairs",),
        results=(
            Row("Validation accuracy", (Cell("98.2 ± 0.9 %", is_best=True), Cell("−1 – 2"))),
            Row("Test accuracy", (Cell("Reveal", reveal="a"), Cell("0.9"))),
        ),
        differing=(Row("Optimizer", (Cell("=SUM(1)"), Cell("Adam"))),),
        figures=lambda: {"Validation loss": figure},
    )


def test_the_page_holds_all_of_it_and_asks_no_network():
    page = report.as_html(example())
    assert "<img src=x" not in page
    for text in ("A is better than B by 2.1 points", "98.2 ± 0.9 %", "Optimizer", "from 5 pairs", "default-src 'none'"):
        assert text in page
    assert page.count("plotly.js v") >= 1
    head = page[: page.index("plotly.js v")]
    assert "http" not in head.replace("http-equiv", "")


def test_tables_as_text():
    rows = list(csv.reader(io.StringIO(report.as_csv(example()))))
    assert rows == [
        ["", NASTY, "B"],
        ["Validation accuracy", "98.2 ± 0.9 %", "−1 – 2"],
        ["Test accuracy", "not looked at", "0.9"],
        ["Optimizer", "'=SUM(1)", "Adam"],
    ]
    lines = report.as_markdown(example()).splitlines()
    assert lines[0] == "A is better than B by 2.1 points"
    assert lines[2].count("|") - lines[2].count("\\|") == 4
    assert lines[3] == "| --- | ---: | ---: |"
    assert "**98.2 ± 0.9 %**" in lines[4]
    latex = report.as_latex(example())
    assert r"98.2 $\pm$ 0.9 \%" in latex
    assert r"\$x\_1\$ \& 50 \%" in latex
    assert latex.count(r"\\") == 4


@pytest.mark.parametrize("kind", report.FORMATS)
def test_a_comparison_without_a_verdict(kind):
    alone = report.Report(names=("A",), verdict="", lines=(), results=(), differing=(), figures=dict)
    assert "A" in report.FORMATS[kind][1](alone)
