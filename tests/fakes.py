"""Stand-ins for the world: each keeps the protocol of the part that it stands for, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from connectors.base import Capabilities, Page, Proof, State, completed
from connectors.meter import Meter
from moderation.actions import Action, Done
from moderation.alerts import DeliveryState, Handed, Notice, Outgoing, Person
from moderation.assessment import Assessment, Intent, Route, Severity, Subject
from moderation.items import Found, Presence, Reference


class PassingTime:
    """The school's time: it stands still until the test lets it pass. It starts on a Tuesday at noon."""

    def __init__(self, at: datetime = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: float) -> None:
        """Let time go by; ``span`` is what a timedelta takes."""
        self.at += timedelta(**span)


def assessment(
    severity: Severity = Severity.NONE, route: Route = Route.MODERATOR, *, uncertain: bool = False
) -> Assessment:
    """Return an assessment that says no more than how urgent an item is and whose it is."""
    score = severity / Severity.CRITICAL
    return Assessment(score, score, severity, (), Intent.COMMENT, route, (), "told-1", uncertain)


class Scorer:
    """Says about a text what it was told to say, and of every other one that it is ordinary.

    ``calls`` are the texts that were put before it together, in order.
    """

    def __init__(self) -> None:
        self.says: dict[str, Assessment | Exception] = {}
        self.calls: list[list[str]] = []

    def __call__(self, subjects: Sequence[Subject]) -> list[Assessment]:
        self.calls.append([subject.text for subject in subjects])
        return [self._said(subject) for subject in subjects]

    def _said(self, subject: Subject) -> Assessment:
        said = self.says.get(subject.text, assessment())
        if isinstance(said, Exception):
            raise said
        return said


class Post:
    """Takes every message, remembers it, and answers with the next of ``answers``, else "delivered"."""

    def __init__(self) -> None:
        self.taken: list[tuple[Outgoing, Person]] = []
        self.answers: list[DeliveryState] = []

    def __call__(self, outgoing: Outgoing, person: Person) -> Handed:
        self.taken.append((outgoing, person))
        return Handed(self.answers.pop(0) if self.answers else DeliveryState.DELIVERED)

    def letters(self) -> list[tuple[str, str]]:
        """Return who was told what: short name and step, in order, whatever went together in one message."""
        return [
            (person.name, str(notice.step)) for outgoing, person in self.taken for notice in outgoing.notices
        ]

    def notices(self) -> list[Notice]:
        """Return everything that was told, in order."""
        return [notice for outgoing, _ in self.taken for notice in outgoing.notices]


class QuietConnector:
    """A connector on which nothing happens; tests change what they need of it."""

    platform: ClassVar[str] = "facebook"

    def __init__(self, *streams: str) -> None:
        self.meter = Meter()
        self._streams = streams or ("comments",)

    def capabilities(self) -> Capabilities:
        """Everything works."""
        return {}

    def streams(self) -> tuple[str, ...]:
        """Name what it was made with."""
        return self._streams

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Nothing new, completely read."""
        yield Page(cursor=completed(now))

    def sweep_days(self) -> int:
        """A week."""
        return 7

    def sweep(self, stream: str, since: datetime, now: datetime) -> Iterator[Page]:
        """Nothing was missed."""
        yield Page()

    def lookup(self, references: Sequence[Reference], now: datetime) -> list[Found]:
        """Everything is where it was."""
        return [Found(each.external_id, Presence.PRESENT) for each in references]

    def act(self, action: Action, now: datetime) -> Done:
        """Done and seen."""
        return Done(confirmed=True)

    def verify(self, action: Action, now: datetime) -> Done | None:
        """Nothing shows it."""
        return None

    def monthly_estimate(self, items_per_day: float) -> Decimal:
        """Nothing costs anything."""
        return Decimal(0)

    def prove(self, now: datetime) -> Proof:
        """The token is fine and says nothing else."""
        return Proof()


class FakeConnector(QuietConnector):
    """Plays pages, by stream; an error among them is raised in its place. It remembers the states given."""

    def __init__(self, **pages: Sequence[Page | Exception]) -> None:
        super().__init__(*pages)
        self.pages = pages
        self.states: list[State] = []

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        """Play what was given for the stream."""
        self.states.append(state)
        for page in self.pages[stream]:
            if isinstance(page, Exception):
                raise page
            yield page
