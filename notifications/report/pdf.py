"""The report on paper: A4, tagged for screen readers (PDF/UA-1), the same bytes for the same figures.

Fonts are those inside typst, so that every machine sets the same page; they hold ŵ and ŷ.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict

from notifications.pages import TEMPLATES, filled
from notifications.report.view import DayView, ReportView

FONT = "Libertinus Serif"

_CHART_HEIGHT = 84
_NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S)
_ROUNDS = 20
_SUBSTITUTE = "?"


def pdf_of(report: ReportView) -> bytes:
    """Set the report as PDF/UA-1. A character that no font has becomes a question mark."""
    import typst

    source = (TEMPLATES / "report.typ").read_bytes()
    data = json.dumps({**asdict(report), "chart": due_each_day(report.days)}, ensure_ascii=False)
    for _ in range(_ROUNDS):
        try:
            return _compiled(source, data)
        except typst.TypstError as error:
            if not (match := _NOT_SHOWN.search(str(error))):
                raise
            data = _without(data, match[1])
    return _compiled(source, "".join(letter if letter.isascii() else _SUBSTITUTE for letter in data))


def due_each_day(days: tuple[DayView, ...]) -> str:
    """Draw the replies due each day as SVG: solid in time, hatched late, the numbers in words beside them."""
    most = max((day.met + day.late + day.running for day in days), default=0)
    return filled(
        "due_each_day.svg.j2", days=days, scale=_CHART_HEIGHT / max(1, most), height=_CHART_HEIGHT, font=FONT
    )


def _compiled(source: bytes, data: str) -> bytes:
    import typst

    pdf = typst.compile(
        source,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"report": data},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter gave no single file")
    return pdf


def _without(data: str, shown: str) -> str:
    """Replace the letters of ``shown`` that are beyond Latin; the error may quote a longer run."""
    culprits = {letter for letter in shown if ord(letter) > 0x24F} or set(shown)
    return "".join(_SUBSTITUTE if letter in culprits else letter for letter in data)
