"""How people are told: channels, people, rota and rules, made from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from config.duty_tables import EscalationStep
from config.settings import Settings
from config.tables import School as SchoolTable
from moderation.alert_rules import AlertRules, EscalationLane
from moderation.alerts import CHAT, EMAIL, SMS, Person, Role
from notifications import chat, email, govuk_notify, outbox, twilio
from notifications.base import Channel, Tracked
from notifications.failover import Provider, Texts
from sla.duty import Attendance, DateSpan, Rota, RotaRule, Shift
from sla.escalation import CRITICAL_LADDER, SEVERE_LADDER, Ladder, Rung
from sla.term_dates import NotACalendarError, Rejected
from workers.rota_feed import read_rota

log = structlog.get_logger()

ROTA_AHEAD = timedelta(days=60)
"""How far ahead the shifts of a rota file are read, every time."""

ROTA_BACK = timedelta(days=2)


def people_of(settings: Settings) -> Mapping[str, Person]:
    """Return everybody who may be told something, by short name."""
    return {
        person.name: Person(
            name=person.name,
            full_name=person.full_name,
            email=person.email,
            roles=frozenset(Role(role) for role in person.roles),
            schools=frozenset(settings.schools_of(person)),
            phone=person.phone or "",
            chat=person.chat.get_secret_value() if person.chat else "",
            known_as=person.known_as,
            attendance=Attendance(
                hours=person.hours,
                away=tuple(DateSpan(each.first, each.last) for each in person.away),
                leaves_on=person.leaves_on,
            ),
        )
        for person in settings.people
    }


def rota_of(settings: Settings, school: SchoolTable, zone: ZoneInfo, now: datetime) -> Rota:
    """Return who is on duty at a school, by the rules of the settings and its rota file.

    A file that cannot be read leaves the rules to speak; that it cannot is in the log and in ``check``.
    """
    rules = tuple(
        RotaRule(
            person=each.person,
            second=each.second,
            weekdays=each.weekday_numbers,
            start=each.start,
            end=each.end,
            first=each.first,
            last=each.last,
        )
        for each in settings.rota
        if each.school in (None, school.id)
    )
    return Rota(rules, _listed(settings, school, zone, now), zone)


def rotas_in_files(settings: Settings, zone: ZoneInfo, now: datetime) -> Mapping[str, Rota]:
    """Return the rotas of the schools that keep one in a file, as the files stand now."""
    return {
        school.id: rota_of(settings, school, zone, now)
        for school in settings.schools
        if school.rota_file is not None
    }


def rota_in_file(
    settings: Settings, school: SchoolTable, zone: ZoneInfo, now: datetime
) -> tuple[tuple[Shift, ...], tuple[Rejected, ...]]:
    """Return the shifts of a school's rota file in the weeks ahead, and what in it cannot be understood.

    Raises:
        NotACalendarError: it is no calendar.
        OSError: it cannot be read.
    """
    if school.rota_file is None:
        return (), ()
    names = {
        person.name: (person.full_name, person.email, *person.known_as)
        for person in settings.people_of(school.id)
    }
    return read_rota(school.rota_file, names, zone, now - ROTA_BACK, now + ROTA_AHEAD)


def _listed(
    settings: Settings, school: SchoolTable, zone: ZoneInfo, now: datetime
) -> tuple[Shift, ...] | None:
    if school.rota_file is None:
        return None
    try:
        shifts, rejected = rota_in_file(settings, school, zone, now)
    except (NotACalendarError, OSError) as error:
        log.error("rota file not read", school=school.id, error=type(error).__name__)
        return ()
    if rejected:
        log.warning("rota file read in part", school=school.id, rejected=len(rejected))
    return shifts


def rules_of(settings: Settings) -> AlertRules:
    """Return how the school wants to be told."""
    chosen = settings.alerts
    return AlertRules(
        ladders={
            EscalationLane.CRITICAL: _ladder(settings.escalation.critical) or CRITICAL_LADDER,
            EscalationLane.SEVERE: _ladder(settings.escalation.severe) or SEVERE_LADDER,
        },
        texts_a_day=chosen.texts_a_day,
        alerts_an_hour=chosen.alerts_an_hour,
        still_open_after=timedelta(hours=chosen.still_open_hours),
        heartbeat_at=chosen.heartbeat_at if chosen.heartbeat else None,
        links=chosen.public_url is not None and not chosen.require_sign_in_to_take,
        link_life=timedelta(hours=chosen.link_hours),
    )


def _ladder(steps: tuple[EscalationStep, ...]) -> Ladder | None:
    rungs = tuple(
        Rung(
            after=timedelta(minutes=step.after_minutes),
            who=step.who,
            every=None if step.every_minutes is None else timedelta(minutes=step.every_minutes),
            repeats=step.repeats,
        )
        for step in steps
    )
    return Ladder(rungs) if rungs else None


def channels_of(settings: Settings, now: Callable[[], datetime]) -> dict[str, Channel]:
    """Return the channels that are set up, by name."""
    channels: dict[str, Channel] = {EMAIL: _email(settings)}
    if settings.sms.providers:
        channels[SMS] = Texts(
            tuple(Provider(name, _texts(settings, name)) for name in settings.sms.providers), now
        )
    if any(person.chat_file for person in settings.people):
        channels[CHAT] = chat.Channel(chat.Options())
    return channels


def _email(settings: Settings) -> Channel:
    chosen = settings.email
    if chosen.transport == "outbox":
        return outbox.Channel(outbox.Options(folder=chosen.folder, sender=chosen.sender))
    return email.Channel(
        email.Options(
            host=chosen.host or "",
            port=chosen.port,
            security=email.Security(chosen.security),
            username=chosen.username,
            password=chosen.password,
            sender=chosen.sender,
            ca_file=chosen.ca_file,
            plain_hosts=chosen.plain_hosts,
        )
    )


def _texts(settings: Settings, name: str) -> Tracked:
    chosen = settings.sms
    if name == "outbox":
        folder, sender = settings.email.folder, settings.email.sender
        return outbox.Channel(outbox.Options(folder=folder, sender=sender, name="sms"))
    given: dict[str, object] = {}
    if name == "govuk_notify":
        given = {"api_key": chosen.notify_key, "template_id": chosen.notify_template}
        given |= {} if chosen.notify_base_url is None else {"base_url": chosen.notify_base_url}
        return govuk_notify.Channel(govuk_notify.Options.model_validate(given))
    given = {"account_sid": chosen.twilio_account, "auth_token": chosen.twilio_token}
    given |= {"sender": chosen.twilio_sender}
    given |= {} if chosen.twilio_base_url is None else {"base_url": chosen.twilio_base_url}
    return twilio.Channel(twilio.Options.model_validate(given))
