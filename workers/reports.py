"""The weekly report on disk: where its files lie, and how they come back to be sent."""

from __future__ import annotations

from pathlib import Path

from notifications.report import RenderedReport

_SUBJECT = "subject.txt"


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
        _SUBJECT: f"{report.subject}\n{report.file_stem}".encode(),
    }
    for name, content in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)


def read_report(folder: Path) -> RenderedReport:
    """Return a report that was written. Raises :class:`OSError` when a file of it is gone."""
    subject, _, stem = (folder / _SUBJECT).read_text(encoding="utf-8").partition("\n")
    return RenderedReport(
        subject=subject,
        text=(folder / "report.txt").read_text(encoding="utf-8"),
        html=(folder / "report.html").read_text(encoding="utf-8"),
        pdf=(folder / "report.pdf").read_bytes(),
        xlsx=(folder / "report.xlsx").read_bytes(),
        file_stem=stem,
    )
