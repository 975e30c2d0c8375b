"""A comparison as a file to keep or hand on: one HTML page that opens offline, or its tables as CSV, Markdown or LaTeX."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from nnviz.colours import LIGHT
from nnviz.jobs.csv_text import safe_row
from nnviz.plain_text import html, visible
from nnviz.ui.common.i18n import _
from nnviz.ui.compare.results import Cell, Row

LONGEST = 600
"""Characters of a cell or sentence."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
img-src data: blob:">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; color: #0e131a; max-width: 1000px; margin: 32px auto; padding: 0 16px; }}
h1 {{ font-size: 24px; }} h2 {{ font-size: 18px; margin-top: 36px; }}
p.verdict {{ font-weight: 600; font-size: 17px; }} p.when, li {{ color: #55606e; }}
.wide {{ overflow-x: auto; }} table {{ border-collapse: collapse; }}
th, td {{ padding: 6px 12px; border-bottom: 1px solid #e5e7eb; text-align: right; white-space: nowrap; }}
th:first-child {{ text-align: left; font-weight: 400; color: #55606e; }} thead th {{ border-bottom-color: #9aa3af; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p class="when">{when}</p>
{body}
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class Report:
    """`names` of what is compared; the `verdict` in a sentence with the `lines` of how it was decided, empty where there is none;
    the tables `results` and `differing`, a cell for each name; `figures` by their headings."""

    names: tuple[str, ...]
    verdict: str
    lines: tuple[str, ...]
    results: tuple[Row, ...]
    differing: tuple[Row, ...]
    figures: Callable[[], Mapping[str, go.Figure]]

    @property
    def title(self) -> str:
        return visible(_("Comparison of {names}").format(names=", ".join(self.names)), limit=LONGEST)

    @property
    def known_results(self) -> tuple[Row, ...]:
        """Without buttons: a test result that nobody has asked for is not in a report."""
        unseen = Cell(_("not looked at"))
        return tuple(replace(row, cells=tuple(unseen if cell.reveal else cell for cell in row.cells)) for row in self.results)

    @property
    def rows(self) -> list[Row]:
        return [*self.known_results, *self.differing]


def as_html(report: Report) -> str:
    """A page with its charts in it, which can be zoomed: Plotly's script is part of the file."""
    parts = []
    if report.verdict:
        lines = "".join(f"<li>{html(line, limit=LONGEST)}</li>" for line in report.lines)
        parts.append(f'<h2>{_("Verdict")}</h2><p class="verdict">{html(report.verdict, limit=LONGEST)}</p><ul>{lines}</ul>')
    for number, (title, figure) in enumerate(report.figures().items()):
        drawn = figure.to_html(full_html=False, include_plotlyjs=number == 0, config={"displaylogo": False, "responsive": True})
        parts.append(f"<h2>{html(title)}</h2>{drawn}")
    parts.append(f"<h2>{_('Results')}</h2>{_table(report, report.known_results)}")
    if report.differing:
        parts.append(f"<h2>{_('What differs')}</h2>{_table(report, report.differing)}")
    when = f"nnviz · {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
    return _PAGE.format(title=html(report.title, limit=LONGEST), when=html(when), body="\n".join(parts))


def _table(report: Report, rows: Sequence[Row]) -> str:
    """As HTML."""

    def cell(tag: str, text: str) -> str:
        return f"<{tag}>{html(text, limit=LONGEST)}</{tag}>"

    head = "".join(cell("th", name) for name in ("", *report.names))
    body = "".join(
        f"<tr>{cell('th', row.label)}{''.join(cell('th' if one.is_best else 'td', one.text) for one in row.cells)}</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def as_csv(report: Report) -> str:
    """A line for each row of both tables."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(safe_row(["", *report.names]))
    writer.writerows(safe_row([row.label, *(cell.text for cell in row.cells)]) for row in report.rows)
    return out.getvalue()


def as_markdown(report: Report) -> str:
    """The verdict, and both tables."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    texts = [[f"**{cell.text}**" if cell.is_best else cell.text for cell in row.cells] for row in report.rows]
    body = [line([row.label, *cells]) for row, cells in zip(report.rows, texts, strict=True)]
    table = [line(["", *report.names]), line(["---", *["---:"] * len(report.names)]), *body]
    return "\n".join([*([report.verdict, ""] if report.verdict else []), *table, ""])


def as_latex(report: Report) -> str:
    """Both tables as one `tabular` with the rules of booktabs."""
    frame = pd.DataFrame([[row.label, *(cell.text for cell in row.cells)] for row in report.rows], columns=["", *report.names])
    text: str = frame.to_latex(index=False, escape=True, column_format="l" + "r" * len(report.names))
    for sign, command in {
        "±": r"$\pm$",
        "−": "$-$",
        "–": "--",
        "\N{NO-BREAK SPACE}": "~",
        "·": r"$\cdot$",
        "×": r"$\times$",
    }.items():
        text = text.replace(sign, command)
    return text


FORMATS: Mapping[str, tuple[str, Callable[[Report], str], str]] = {
    "HTML": ("html", as_html, "text/html"),
    "CSV": ("csv", as_csv, "text/csv"),
    "Markdown": ("md", as_markdown, "text/markdown"),
    "LaTeX": ("tex", as_latex, "application/x-tex"),
}
COLOURS = LIGHT.runs


def report_menu(report: Report) -> None:
    """Draw the button with a file of each kind behind it; a file is made once it is asked for."""
    with st.popover(_("Report"), icon=":material/download:", key="compare.report"):
        st.caption(_("The page as one file that opens without a network, with its charts; or its tables."))
        for name, (ending, made, mime) in FORMATS.items():
            st.download_button(
                name,
                data=lambda made=made: made(report),  # type: ignore[misc]
                file_name=f"comparison.{ending}",
                mime=mime,
                on_click="ignore",
                width="stretch",
                key=f"compare.report.{ending}",
            )
