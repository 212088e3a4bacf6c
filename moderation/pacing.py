"""How much one person is told at a time: what can go together goes together, and danger never waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from moderation.alert_ports import Delivery, Sent
from moderation.alert_rules import AlertRules
from moderation.alerts import SMS, AlertStep
from moderation.mailboxes import Mailbox, Urgency

HOUR = timedelta(hours=1)

NEWS_APART = (timedelta(minutes=10), timedelta(minutes=30))
"""Between two messages that only bring news lies the first of these; after three in an hour the second."""

_MANY = 3

SUMMARY_EVERY = timedelta(minutes=30)
"""Over the limit of alerts in an hour everything goes into one summary, so often."""

DANGER_EVERY = timedelta(minutes=5)
"""At twice the limit even danger to life goes into a summary, so often."""

UNHEARD_DANGER_EVERY = timedelta(minutes=1)
"""Danger that somebody has not heard of yet waits for no longer than this, however much they were told."""

_NEWS = frozenset({AlertStep.NEW, AlertStep.MORE, AlertStep.EDITED, AlertStep.HIDDEN_THERE})
_GATHERED = frozenset({"case", "escalation"})
"""The kinds of which one message can tell of many."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What to do with what waits: ``now`` is one message; ``dropped`` is told over another channel.

    ``look_at`` is when what is held back may go. ``storm``: it is held back because there is too much.
    """

    now: tuple[Delivery, ...] = ()
    dropped: tuple[Delivery, ...] = ()
    look_at: datetime | None = None
    storm: bool = False


@dataclass(frozen=True, slots=True)
class Pacing:
    """How much one person may be told over one channel, whose days are those of ``zone``.

    ``is_only_way``: nothing else reaches this person now, so that nothing may be left out.
    """

    rules: AlertRules
    zone: ZoneInfo
    is_only_way: bool = False


def pace(
    mailbox: Mailbox, waiting: Sequence[Delivery], sent: Sequence[Sent], now: datetime, pacing: Pacing
) -> Pace:
    """Decide what one person is told next over one channel, of what waits, the most urgent first.

    ``sent`` are the messages of the last day and night to them over this channel, in order.
    """
    if not waiting:
        return Pace()
    if mailbox.channel == SMS and not pacing.is_only_way:
        return _texts(waiting, sent, now, pacing.rules, pacing.zone)
    if mailbox.urgent:
        return _urgent(waiting, sent, now, pacing.rules)
    return _routine(waiting, sent, now, pacing.rules)


def group_of(delivery: Delivery) -> tuple[str, str]:
    """Return what a delivery is told with, when not everything goes together: its subject, or its cause."""
    topic = delivery.topic
    if topic.kind == "account":
        return topic.kind, f"{topic.step}"
    if topic.kind in ("duty", "calendar"):
        return topic.kind, f"{topic.subject} {topic.occasion.partition(':')[0]}"
    return topic.kind, topic.subject


def _with_the_first(waiting: Sequence[Delivery]) -> tuple[Delivery, ...]:
    first = group_of(waiting[0])
    return tuple(each for each in waiting if group_of(each) == first)


def _urgent(waiting: Sequence[Delivery], sent: Sequence[Sent], now: datetime, rules: AlertRules) -> Pace:
    """Let what is new go by itself, and what is repeated together: over the limit everything in a summary."""
    lately = [each for each in sent if each.at > now - HOUR]
    fresh = [each for each in waiting if not _is_repeat(each)]
    if len(lately) < rules.alerts_an_hour:
        return Pace(_with_the_first(fresh) if fresh else tuple(waiting))
    danger = [each for each in waiting if each.urgency is Urgency.CRITICAL]
    if danger and len(lately) < 2 * rules.alerts_an_hour:
        return Pace(_with_the_first(danger))
    unheard = tuple(each for each in danger if not _was_told([each], sent))
    every = SUMMARY_EVERY if not danger else UNHEARD_DANGER_EVERY if unheard else DANGER_EVERY
    at = min(lately[-1].at, _oldest(unheard or danger or waiting)) + every
    about_cases = tuple(each for each in waiting if each.topic.kind in _GATHERED)
    together = unheard or about_cases or _with_the_first(waiting)
    return Pace(together, storm=True) if at <= now else Pace(look_at=at, storm=True)


def _oldest(waiting: Iterable[Delivery]) -> datetime:
    """Return since when something waits: what else goes out meanwhile holds nothing back for longer."""
    return min(each.send_at for each in waiting)


def _is_repeat(delivery: Delivery) -> bool:
    """Say whether a rung of a ladder is told again."""
    topic = delivery.topic
    return topic.kind == "escalation" and topic.step is AlertStep.URGENT and not topic.occasion.endswith(".1")


def _routine(waiting: Sequence[Delivery], sent: Sequence[Sent], now: datetime, rules: AlertRules) -> Pace:
    """Let everything about cases that is due go together, and hold news back for a while after other news."""
    about_cases = tuple(each for each in waiting if each.topic.kind in _GATHERED)
    if not about_cases:
        return Pace(_with_the_first(waiting))
    lately = [each for each in sent if each.at > now - HOUR]
    is_storm = len(lately) >= rules.alerts_an_hour
    at = _news_at(sent, lately, now)
    if is_storm:
        at = max(at, min(lately[-1].at, _oldest(about_cases)) + SUMMARY_EVERY)
    is_news = all(each.topic.step in _NEWS for each in about_cases)
    if at > now and (is_news or is_storm):
        others = tuple(each for each in waiting if each.topic.kind not in _GATHERED)
        if others and not is_storm:
            return Pace(_with_the_first(others))
        return Pace(look_at=at, storm=is_storm)
    return Pace(about_cases, storm=is_storm)


def _news_at(sent: Sequence[Sent], lately: Sequence[Sent], now: datetime) -> datetime:
    """Return from when on news may be told again."""
    about_cases = [each.at for each in lately if each.urgency is Urgency.ROUTINE and _tells_of_cases(each)]
    if not about_cases:
        return now
    first, then = NEWS_APART
    return about_cases[-1] + (then if len(about_cases) >= _MANY else first)


def _tells_of_cases(sent: Sent) -> bool:
    return any(kind in _GATHERED for kind, _ in sent.topics)


def _texts(
    waiting: Sequence[Delivery], sent: Sequence[Sent], now: datetime, rules: AlertRules, zone: ZoneInfo
) -> Pace:
    """Let a person have so many texts a day; the first one about something urgent goes beyond that.

    What is over the limit is not lost: its email goes all the same.
    """
    group = _with_the_first(waiting)
    today = [each for each in sent if each.at.astimezone(zone).date() == now.astimezone(zone).date()]
    if len(today) < rules.texts_a_day:
        return Pace(group)
    is_news = group[0].urgency > Urgency.ROUTINE and not _was_told(group, today)
    lately = [each for each in sent if each.at > now - HOUR]
    return Pace(group) if is_news and len(lately) < rules.alerts_an_hour else Pace(dropped=group)


def _was_told(group: Iterable[Delivery], sent: Iterable[Sent]) -> bool:
    about = {(each.topic.kind, each.topic.subject) for each in group}
    return any(about & each.topics for each in sent)
