"""The weekly report in its three forms: email, PDF and spreadsheet. All three say the same figures.

``view`` puts the figures into words, ``sentences`` holds the words, ``pdf`` and ``sheet`` set them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from moderation.alerts import ReportNotice
from notifications.base import Attachment, Message
from notifications.pages import page
from notifications.report.pdf import pdf_of
from notifications.report.plain import text_of
from notifications.report.sheet import sheet_of
from notifications.report.view import view_of
from sla.figures import WeeklyFigures

__all__ = ["RenderedReport", "render", "report_message"]

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """One week's report. ``html`` and ``text`` are the email, ``pdf`` and ``xlsx`` the files beside it.

    ``file_stem`` is the name of the files without their ending.
    """

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    pdf: bytes = field(repr=False)
    xlsx: bytes = field(repr=False)
    file_stem: str


def render(figures: WeeklyFigures) -> RenderedReport:
    """Set the report. The same figures give the same bytes."""
    view = view_of(figures)
    return RenderedReport(
        subject=view.subject,
        text=text_of(view),
        html=page("report.html.j2", report=view),
        pdf=pdf_of(view),
        xlsx=sheet_of(figures, view),
        file_stem=view.file_stem,
    )


def report_message(notice: ReportNotice, report: RenderedReport, to: str, *, message_id: str) -> Message:
    """Return the message that brings ``report`` to one reader, with its PDF and spreadsheet.

    ``to`` is the reader's address, ``message_id`` the identifier that stays the same at every try.
    """
    return Message(
        message_id=message_id,
        to=to,
        subject=report.subject,
        text=report.text,
        html=report.html,
        sent_at=notice.now,
        attachments=(
            Attachment(f"{report.file_stem}.pdf", PDF, report.pdf),
            Attachment(f"{report.file_stem}.xlsx", XLSX, report.xlsx),
        ),
    )
