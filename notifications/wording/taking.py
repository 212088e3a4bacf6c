"""How the reader of a message says that they have it: by one press on a page, or from the shell."""

from __future__ import annotations

from moderation.alerts import CaseNotice, Outgoing
from notifications.wording.lanes import lane_of, reference_of
from notifications.wording.letter import Link, Way, web_address


def address_of(outgoing: Outgoing, public_url: str) -> str:
    """Return the address of the page that takes what ``outgoing`` tells of; empty where there is none."""
    if not (outgoing.link and public_url):
        return ""
    return web_address(f"{public_url.rstrip('/')}/t/{outgoing.link}")


def how_many(cases: tuple[CaseNotice, ...], more: int = 0) -> int:
    """Return how many cases a message is about, those that it does not name included."""
    return len(cases) + sum(case.more for case in cases) + more


def way_to_take(cases: tuple[CaseNotice, ...], count: int, address: str) -> Way:
    """Return how ``count`` cases are taken: through ``address``, or from the shell where that is empty."""
    those = "this case" if count == 1 else "these cases"
    number = reference_of(cases[0]) if count == 1 else "NUMBER"
    return Way(
        title=f"To take {those}",
        note=" ".join((*_about_opening(count, address), *_about_taking(cases, count))),
        button=Link(f"Take {f'these {count:,} cases' if count > 1 else those}", address) if address else None,
        command="" if address else f"socialduty take {number} --as YOUR-NAME",
    )


def _about_opening(count: int, address: str) -> tuple[str, ...]:
    if address:
        it = "it" if count == 1 else "them"
        return (f"It opens a page where one press takes {it}. Opening the page changes nothing.",)
    return () if count == 1 else ("One at a time: NUMBER is the number of a case.",)


def _about_taking(cases: tuple[CaseNotice, ...], count: int) -> tuple[str, ...]:
    if count > 1:
        told = "Taking a case tells the others that somebody is on it."
    else:
        told = "Taking it tells the others that somebody is on it."
    if all(case.due_at is None for case in cases):
        return (told,)
    lanes = [lane_of(case) for case in cases if case.due_at is not None]
    if all(lane.no_reply or lane.press for lane in lanes):
        return (told, "The policy clock keeps running: only handling it and recording that stops it.")
    if count > 1:
        return (told, "The policy clock keeps running: only an answer, or a recorded decision, stops it.")
    return (told, "The policy clock keeps running: only an answer stops it.")
