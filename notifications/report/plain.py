"""The report as plain text: complete, for readers and mail programs that show nothing else."""

from __future__ import annotations

import textwrap

from notifications.report.view import ReportView

_WIDTH = 76


def text_of(report: ReportView) -> str:
    """Set the report as plain text."""
    blocks = [
        f"{report.title}: {report.school}\n{report.period}\n{report.reading}",
        _wrapped(report.headline),
        _wrapped(" ".join(report.sentences)),
        "\n".join(_wrapped(sentence) for sentence in report.beside),
        _listed("What needs you", report.attention),
        _listed("Replies due each day", _days(report)),
        _listed("Late replies", _late(report)),
        _listed("What was received, by account", _accounts(report)),
        _wrapped(report.received),
        "\n".join(["Waiting", *map(_wrapped, report.waiting)]),
        _counts("How serious", report.severities),
        _counts("What was found", report.labels),
        _counts("What people wanted", report.intents),
        _listed(
            "Whose desk", tuple(f"{name}: {number}, late {late}" for name, number, late in report.routes)
        ),
        f"Looking ahead\n{_wrapped(report.ahead)}",
        f"How we count\n{_wrapped(report.rule)}\n\n"
        + "\n\n".join(_wrapped(paragraph) for paragraph in report.how_we_count),
        f"{report.made} by socialduty.",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _days(report: ReportView) -> tuple[str, ...]:
    return tuple(
        f"{day.name}: {day.met} in time, {day.late} late"
        + (f", {day.running} not due yet" if day.running else "")
        for day in report.days
    )


def _late(report: ReportView) -> tuple[str, ...]:
    listed = tuple(
        f"{line.reference} on {line.account}: due {line.due}, waited {line.waited}. Reason: {line.reason}"
        for line in report.late
    )
    return (*listed, report.late_more) if report.late_more else listed


def _accounts(report: ReportView) -> tuple[str, ...]:
    return tuple(f"{row.name}: {row.sentence}" for row in (*report.accounts, report.total))


def _counts(title: str, counts: tuple[tuple[str, int], ...]) -> str:
    return _listed(title, tuple(f"{name}: {number}" for name, number in counts))


def _listed(title: str, entries: tuple[str, ...]) -> str:
    if not entries:
        return ""
    return "\n".join([title, *(_wrapped(entry, "- ") for entry in entries)])


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
