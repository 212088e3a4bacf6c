"""What has to hold between settings: the duties of a school that a single value cannot break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from config import duty_rules
from config.drafts import Draft, Place
from config.named import no_school, nobody, works_at
from config.problems import Problem, listed, shown
from config.values import WEEKDAYS, as_date, as_moment, as_time, is_loopback

SCHOOL_TIME = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)
WEEKEND = (5, 6)
LEAST_STAFF = 2
LEAST_MODERATORS = 2
APPROVERS = frozenset({"slt", "headteacher", "governors"})


def broken(raw: Mapping[str, Any], failed: frozenset[Place]) -> Iterator[Problem]:
    """Give every rule that the file breaks. ``failed`` are the places whose own check failed already."""
    file = Draft((), raw, failed)
    for rule in RULES:
        yield from rule(file)


def _names_are_unique(file: Draft) -> Iterator[Problem]:
    for list_name, key in (("schools", "id"), ("people", "name"), ("accounts", "name")):
        seen: set[str] = set()
        for table in file.tables(list_name):
            name = table.get(key)
            if name in seen:
                yield table.problem(
                    key, f"The name {shown(name)} is used twice.", "Give each one its own name."
                )
            elif name is not None:
                seen.add(name)


def _accounts_are_listed_once(file: Draft) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for account in file.tables("accounts"):
        if not (account.has("platform") and account.has("external_id")):
            continue
        identity = (account.get("platform"), account.get("external_id").strip())
        if identity in seen:
            yield account.problem(
                "external_id",
                "This account stands in the register twice.",
                "Take one of the two out, or correct its external_id.",
            )
        seen.add(identity)


def _colleagues_are_one_kind(file: Draft) -> Iterator[Problem]:
    for account in file.tables("accounts"):
        responders = {name.strip() for name in account.get("responders", [])}
        if responders.intersection(name.strip() for name in account.get("staff_accounts", [])):
            yield account.problem(
                "staff_accounts",
                "An id stands here and in responders: what it writes cannot be an answer and be none.",
                "Leave it in responders if it may answer for the school, otherwise in staff_accounts.",
            )


def _targets_can_be_kept(file: Draft) -> Iterator[Problem]:
    for school in file.tables("schools"):
        target = school.table("target")
        pauses = target.get("mode") == "pause" and target.has("next_day_time")
        if pauses and as_time(target.get("next_day_time")) < END_OF_DAY:
            yield target.problem(
                "next_day_time",
                "With mode pause an earlier end of the day can give a later message an earlier deadline.",
                "Leave next_day_time out, or choose mode strict or carry.",
            )
        hours = school.table("staffed_hours")
        known = hours.is_sound("start") and hours.is_sound("end")
        if known and as_time(hours.get("start", "08:00")) >= as_time(hours.get("end", "17:00")):
            yield hours.problem("end", "The staffed hours end before they start.", "Write a later end.")
        yield from _somebody_looks(hours, target)


def _somebody_looks(hours: Draft, target: Draft) -> Iterator[Problem]:
    """Some working day has staffed hours: reminders have no other time to come."""
    if not target.is_sound("weekend"):
        return
    working = _working(target)
    if _are_free(working, hours.get("by_weekday", {})):
        yield hours.problem(
            "by_weekday",
            "Nobody would look on any working day, so nobody could be reminded.",
            f"Leave hours on one of {listed(working)}.",
        )


def _working(target: Draft) -> list[str]:
    return [name for day, name in enumerate(WEEKDAYS) if day not in target.get("weekend", WEEKEND)]


def _are_free(days: Iterable[str], by_weekday: Mapping[str, object]) -> bool:
    return all(name in by_weekday and not by_weekday[name] for name in days)


def _everybody_has_hours(file: Draft) -> Iterator[Problem]:
    """Whoever works on no day could be told nothing but what is urgent."""
    for person in file.tables("people"):
        if person.get("hours") and any(_never_works(person, school) for school in file.tables("schools")):
            yield person.problem(
                "hours",
                "This person would have no hours on any working day.",
                "Leave one; for a time away use [[people.away]], for somebody who has left leaves_on.",
            )


def _never_works(person: Draft, school: Draft) -> bool:
    target = school.table("target")
    hours = {**school.table("staffed_hours").get("by_weekday", {}), **person.get("hours")}
    return (
        works_at(person, school.get("id"))
        and target.is_sound("weekend")
        and _are_free(_working(target), hours)
    )


def _one_calendar_each(file: Draft) -> Iterator[Problem]:
    for school in file.tables("schools"):
        if school.has("term_calendar") and school.has("term_calendar_feed"):
            yield school.problem(
                "term_calendar_feed",
                "A school has one calendar: its file and its feed could say different things.",
                "Leave one of term_calendar and term_calendar_feed out.",
            )


def _schools_exist(file: Draft) -> Iterator[Problem]:
    known = [school.get("id") for school in file.tables("schools") if school.has("id")]
    if not all(school.is_sound("id") for school in file.tables("schools")) or not known:
        return
    for person in file.tables("people"):
        for school_id in person.get("schools", []):
            if school_id not in known:
                yield no_school(person, "schools", school_id, known)
    for account in file.tables("accounts"):
        if account.has("school") and account.get("school") not in known:
            yield no_school(account, "school", account.get("school"), known)


def _distinct(people: Iterable[Draft]) -> int:
    """Count people, taking two entries with one email address for one person."""
    return len({person.get("email", str(person.place)).casefold() for person in people})


def _duties_are_held(file: Draft) -> Iterator[Problem]:
    """Each school has the people without whom nobody would be told: a child at risk needs two who can act."""
    people = file.tables("people")
    if not people or not all(person.is_sound("roles") and person.is_sound("schools") for person in people):
        return
    for school in file.tables("schools"):
        if not school.has("id"):
            continue
        school_id = school.get("id")
        here = [person for person in people if works_at(person, school_id)]
        for what, remedy in _gaps(here):
            yield school.problem("", f"School {shown(school_id)} {what}", remedy)


def _gaps(people: Iterable[Draft]) -> Iterator[tuple[str, str]]:
    holders: dict[str, list[Draft]] = {}
    for person in people:
        for role in person.get("roles", []):
            holders.setdefault(role, []).append(person)
    dsl, deputies = holders.get("dsl", []), holders.get("deputy_dsl", [])
    if not dsl:
        yield "has no designated safeguarding lead.", 'Give one of its people the role "dsl".'
    if _distinct([*dsl, *deputies]) < 1 + bool(dsl):
        yield (
            "has nobody who stands in for the designated safeguarding lead.",
            'Give another person, with an email address of their own, the role "deputy_dsl" (or "dsl").',
        )
    if _distinct(holders.get("moderator", [])) < LEAST_MODERATORS:
        yield "has fewer than two moderators.", 'Give two of its people or more the role "moderator".'
    for role, word in _NEEDED.items():
        if not holders.get(role):
            yield f"has no {word}.", f'Give one of its people the role "{role}".'


_NEEDED = {
    "headteacher": "headteacher",
    "slt": "member of the leadership team",
    "network_manager": "network manager",
}


def _register_is_complete(file: Draft) -> Iterator[Problem]:
    people = file.tables("people")
    everybody_known = all(person.is_sound("name") and person.is_sound("schools") for person in people)
    for account in file.tables("accounts"):
        yield from _approval(account, people)
        if account.has("staff"):
            yield from _staff(account, people if everybody_known else ())


def _staff(account: Draft, people: tuple[Draft, ...]) -> Iterator[Problem]:
    named = account.get("staff")
    known = {person.get("name"): person for person in people}
    strangers = [name for name in named if known and name not in known]
    for name in strangers:
        yield nobody(account, "staff", name, known)
    for name in dict.fromkeys(named):
        if account.has("school") and name in known and not works_at(known[name], account.get("school")):
            yield account.problem(
                "staff",
                f"{shown(name)} does not belong to the account's school.",
                "Name somebody of that school, or add the school to the person's schools.",
            )
    found = [known[name] for name in dict.fromkeys(named) if name in known]
    enough = _distinct(found) + len(set(strangers)) if known else len(set(named))
    if enough < LEAST_STAFF:
        yield account.problem(
            "staff",
            "An account needs two different people who run it.",
            "Name a second person, with an email address of their own.",
        )


def _approval(account: Draft, people: tuple[Draft, ...]) -> Iterator[Problem]:
    approver = account.get("approved_by")
    for person in people:
        is_approver = approver is not None and approver in (person.get("name"), person.get("full_name"))
        if is_approver and person.has("roles") and not APPROVERS.intersection(person.get("roles")):
            yield account.problem(
                "approved_by",
                "Accounts are approved by the leadership team, and this person is not in it.",
                'Name who approved it: somebody with the role "slt", "headteacher" or "governors".',
            )
    if account.has("approved_on") and account.has("go_live"):
        go_live_day = as_moment(account.get("go_live")).astimezone(SCHOOL_TIME).date()
        if as_date(account.get("approved_on")) > go_live_day:
            yield account.problem(
                "go_live",
                "The account would be watched before it was approved.",
                "Correct one of go_live and approved_on.",
            )


def _mail_is_safe(file: Draft) -> Iterator[Problem]:
    email = file.table("email")
    for name in email.get("plain_hosts", []):
        if "." in name or ":" in name:
            yield email.problem(
                "plain_hosts",
                "Only a neighbour on our own container network can go without TLS: a name without a dot.",
                "Use security starttls or tls with any other mail server.",
            )
    if email.has("username") and email.lacks("password_file"):
        yield email.problem(
            "password_file", "A username needs its password.", "Name the file of mode 600 that holds it."
        )
    if email.has("password_file") and email.lacks("username"):
        yield email.problem("username", "A password needs its username.", "Add the name to sign in with.")
    if email.get("transport") == "smtp":
        yield from _server_is_reachable(email)


def _server_is_reachable(email: Draft) -> Iterator[Problem]:
    for key in ("host", "sender"):
        if email.lacks(key):
            yield email.problem(
                key, "A mail server needs this setting.", "Add it; config/example.toml shows how."
            )
    if email.get("security") != "none" or not email.has("host") or not email.is_sound("plain_hosts"):
        return
    host = email.get("host")
    if is_loopback(host):
        return
    if host not in email.get("plain_hosts", []):
        yield email.problem(
            "security",
            "Without TLS anybody on the way could read the messages.",
            'Use "starttls" or "tls". A neighbour on our own container network can stand in plain_hosts.',
        )
    elif email.has("username"):
        yield email.problem(
            "username",
            "A password must not travel without TLS.",
            "Take username and password_file out, or use TLS.",
        )


def _one_address_each(file: Draft) -> Iterator[Problem]:
    for key in ("database_url", "redis_url"):
        if file.has(key) and f"{key}_file" in file.values:
            yield file.problem(
                key, f"This is given twice, here and with {key}_file.", "Take one of the two out."
            )


RULES: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    _one_address_each,
    _names_are_unique,
    _accounts_are_listed_once,
    _colleagues_are_one_kind,
    _schools_exist,
    _one_calendar_each,
    _targets_can_be_kept,
    _everybody_has_hours,
    _duties_are_held,
    _register_is_complete,
    _mail_is_safe,
    *duty_rules.RULES,
)
"""Every rule, in the order in which a reader meets the settings."""
