"""The weekly report on disk: where its files lie, and the message that brings it to a reader."""

from __future__ import annotations

from pathlib import Path

from moderation.alerts import ReportNotice
from notifications.base import Attachment, Message
from notifications.report import RenderedReport

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_folder(reports: Path, school: str, week: str) -> Path:
    """Return where the report of a school and week lies."""
    return reports / school / week


def write_report(folder: Path, report: RenderedReport) -> None:
    """Write the report's files; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": report.html.encode(),
        "report.txt": report.text.encode(),
        "report.pdf": report.pdf,
        "report.xlsx": report.xlsx,
        "subject.txt": report.subject.encode(),
    }
    for name, content in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)


def report_message(reports: Path, notice: ReportNotice, to: str, message_id: str) -> Message:
    """Return the message that brings a written report to one reader."""
    folder = report_folder(reports, notice.school, notice.week)
    name = f"{notice.school}-{notice.week}"
    return Message(
        message_id=message_id,
        to=to,
        subject=(folder / "subject.txt").read_text(encoding="utf-8"),
        text=(folder / "report.txt").read_text(encoding="utf-8"),
        html=(folder / "report.html").read_text(encoding="utf-8"),
        sent_at=notice.now,
        attachments=(
            Attachment(f"{name}.pdf", PDF, (folder / "report.pdf").read_bytes()),
            Attachment(f"{name}.xlsx", XLSX, (folder / "report.xlsx").read_bytes()),
        ),
    )
