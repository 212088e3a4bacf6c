"""Stand-ins for the world: each keeps the protocol of the part that it stands for, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from connectors.base import Capabilities, Capability, Page, State
from moderation.alerts import DeliveryState, Notice, Person
from moderation.assessment import Assessment, Intent, Route, Severity, Subject
from moderation.ports import Delivery


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
        self.taken: list[tuple[Notice, Person, Delivery]] = []
        self.answers: list[DeliveryState] = []

    def __call__(self, notice: Notice, person: Person, delivery: Delivery) -> DeliveryState:
        self.taken.append((notice, person, delivery))
        return self.answers.pop(0) if self.answers else DeliveryState.DELIVERED

    def letters(self) -> list[tuple[str, str]]:
        """Return who was sent what: short name and step, in order."""
        return [(person.name, str(delivery.topic.step)) for _, person, delivery in self.taken]


class FakeConnector:
    """Plays pages, by stream; an error among them is raised in its place. It remembers the states given."""

    platform: ClassVar[str] = "facebook"

    def __init__(self, pages: Mapping[str, tuple[Page | Exception, ...]]) -> None:
        self.pages = pages
        self.states: list[State] = []

    def capabilities(self) -> Capabilities:
        return dict.fromkeys(Capability)

    def streams(self) -> tuple[str, ...]:
        return tuple(self.pages)

    def poll(self, stream: str, state: State, now: datetime) -> Iterator[Page]:
        self.states.append(state)
        for page in self.pages[stream]:
            if isinstance(page, Exception):
                raise page
            yield page
