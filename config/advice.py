"""What works but is worth a look: the warnings of ``check``. They never keep socialduty from starting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from config.duty_rules import LADDERS
from config.duty_tables import Escalation, EscalationStep, Rota
from config.people import Person
from config.problems import Problem, listed, shown
from config.rules import LEAST_STAFF
from config.tables import Account, Email, School
from config.values import is_file, is_loopback

if TYPE_CHECKING:
    from config.settings import Settings

_ALIKE = 0.85
_ALIKE_FROM = 4
_POLICY_HOURS = 24
_SELDOM_MINUTES = 60
_TLS_PORT = 465
_DAY_MINUTES = 24 * 60
_TEXTED = frozenset({"dsl", "deputy_dsl"})
_WISHED = ("governors", "data_protection", "media")


def about(settings: Settings) -> Iterator[Problem]:
    """Give everything in ``settings`` that somebody should look at once."""
    yield from _people_alike(settings.people)
    for number, school in enumerate(settings.schools):
        yield from _school(f"schools[{number}]", school, settings.people_of(school.id))
    for number, account in enumerate(settings.accounts):
        yield from _account(f"accounts[{number}]", account, settings.people)
    if not settings.accounts:
        yield Problem(
            "accounts", "No account is in the register, so nothing is read.", "Add an [[accounts]] table."
        )
    yield from _second_duty(settings.rota)
    yield from _phones(settings)
    yield from _ladders(settings.escalation)
    yield from _email(settings.email)
    yield from _several_hosts(settings)
    if not is_loopback(settings.console.host):
        yield Problem(
            "console.host",
            "The console can be reached from other computers.",
            "Put it behind a reverse proxy with TLS, or use 127.0.0.1.",
        )


def _people_alike(people: Sequence[Person]) -> Iterator[Problem]:
    for (_, one), (number, other) in combinations(enumerate(people), 2):
        if _names_alike(one.name, other.name):
            yield Problem(
                f"people[{number}].name",
                f"The names {shown(one.name)} and {shown(other.name)} are easily confused.",
                "If they are one person, keep one entry; otherwise choose names further apart.",
            )
        if _addresses_alike(one.email, other.email):
            yield Problem(
                f"people[{number}].email",
                f"{shown(one.name)} and {shown(other.name)} have the same address, or nearly the same.",
                "Check both for a slip; two people need an address each.",
            )
        if one.phone is not None and one.phone == other.phone:
            yield Problem(
                f"people[{number}].phone",
                f"{shown(one.name)} and {shown(other.name)} have the same phone.",
                "Check both for a slip: when the first does not answer, the second has to be somebody else.",
            )


def _names_alike(one: str, other: str) -> bool:
    if _bare(one) == _bare(other):
        return True
    return min(len(one), len(other)) >= _ALIKE_FROM and SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _addresses_alike(one: str, other: str) -> bool:
    (local, _, domain), (other_local, _, other_domain) = (
        text.casefold().rpartition("@") for text in (one, other)
    )
    if domain == other_domain:
        return _bare(local) == _bare(other_local)
    return local == other_local and SequenceMatcher(None, domain, other_domain).ratio() >= _ALIKE


def _bare(name: str) -> str:
    return "".join(letter for letter in name if letter.isalnum())


def _school(key: str, school: School, people: Sequence[Person]) -> Iterator[Problem]:
    held = {role for person in people for role in person.roles}
    unheld = [role for role in _WISHED if role not in held]
    if unheld:
        yield Problem(
            "people",
            f"At school {shown(school.id)} nobody has the role {listed(unheld)}.",
            "Name somebody, so that what belongs to them does not have to be passed on.",
        )
    if school.term_calendar is None and school.term_calendar_feed is None:
        yield Problem(
            f"{key}.term_calendar",
            "Without a calendar the school's own holidays count as working days.",
            "Name a CSV or iCalendar file with the school's terms, holidays and closures, or its feed.",
        )
    if school.term_calendar is not None and not is_file(school.term_calendar):
        yield Problem(
            f"{key}.term_calendar",
            "There is no such file.",
            "Correct the path (it is relative to this settings file), or put the file back: until then the "
            "calendar that was read last counts, and a first start is refused.",
        )
    if school.rota_file is not None and not is_file(school.rota_file):
        yield Problem(
            f"{key}.rota_file",
            "There is no such file.",
            "Correct the path (it is relative to this settings file), or put it there: until then nobody is "
            "on duty by it.",
        )
    if school.target.hours > _POLICY_HOURS:
        yield Problem(
            f"{key}.target.hours",
            "The policy that socialduty was made for promises an answer within 24 hours.",
            "Check that the school's own policy allows more.",
        )


def _account(key: str, account: Account, people: Sequence[Person]) -> Iterator[Problem]:
    trained = [one for one in people if one.name in account.staff and one.trained_on is not None]
    if len(trained) < LEAST_STAFF:
        yield Problem(
            f"{key}.staff",
            f"Fewer than two of the people who run {shown(account.name)} have a day of training on record.",
            "Add trained_on to their [[people]] tables.",
        )
    if account.poll_every_minutes > _SELDOM_MINUTES:
        yield Problem(
            f"{key}.poll_every_minutes",
            f"{shown(account.name)} is read less than once an hour; a child at risk may wait that long.",
            "Choose 60 or less.",
        )


def _second_duty(rota: Sequence[Rota]) -> Iterator[Problem]:
    """Whoever is second on duty is asked because the first did not answer: it has to be somebody else."""
    firsts = [turn for turn in rota if not turn.second]
    for number, turn in enumerate(rota):
        if turn.second and any(_same_person_and_time(turn, first) for first in firsts):
            yield Problem(
                f"rota[{number}].person",
                f"{shown(turn.person)} is first and second on duty at the same time.",
                "Name somebody else for one of the two.",
            )


def _same_person_and_time(one: Rota, other: Rota) -> bool:
    if one.person != other.person or len({one.school, other.school} - {None}) > 1:
        return False
    first = max(one.first or date.min, other.first or date.min)
    last = min(one.last or date.max, other.last or date.max)
    return first <= last and not _minutes(one).isdisjoint(_minutes(other))


def _minutes(turn: Rota) -> frozenset[int]:
    """Return the minutes of the week, counted from Monday 0:00, that a turn takes."""
    start, end = (clock.hour * 60 + clock.minute for clock in (turn.start, turn.end))
    length = (end - start) % _DAY_MINUTES or _DAY_MINUTES
    starts = (day * _DAY_MINUTES + start for day in turn.weekday_numbers)
    return frozenset(
        minute % (7 * _DAY_MINUTES) for begin in starts for minute in range(begin, begin + length)
    )


def _phones(settings: Settings) -> Iterator[Problem]:
    if not settings.sms.providers:
        return
    on_duty = {turn.person for turn in settings.rota}
    for number, person in enumerate(settings.people):
        if person.phone is None and (person.name in on_duty or not _TEXTED.isdisjoint(person.roles)):
            yield Problem(
                f"people[{number}].phone",
                f"What is urgent is texted, but {shown(person.name)} has no phone here.",
                "Add the number; until then they are told by email alone.",
            )


def _ladders(escalation: Escalation) -> Iterator[Problem]:
    for name in LADDERS:
        steps: Sequence[EscalationStep] = getattr(escalation, name)
        if steps and not any("dsl" in step.who for step in steps):
            yield Problem(
                f"escalation.{name}",
                "The designated safeguarding lead is on none of these steps.",
                'Name "dsl" on one of them.',
            )


def _email(email: Email) -> Iterator[Problem]:
    protected = email.transport == "smtp" and email.security != "none"
    if protected and (email.security == "tls") != (email.port == _TLS_PORT):
        yield Problem(
            "email.port",
            f"Port {email.port} is unusual with security {email.security}.",
            "Mail servers use 587 with starttls and 465 with tls.",
        )


def _several_hosts(settings: Settings) -> Iterator[Problem]:
    on_sqlite = settings.database_url_file is None and not (settings.database_url or "").startswith(
        "postgresql"
    )
    if settings.uses_redis and on_sqlite:
        yield Problem(
            "redis_url",
            "Redis is there for several hosts, and several hosts cannot share a SQLite file.",
            "Give a PostgreSQL database_url too, or leave redis_url out.",
        )
