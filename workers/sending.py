"""Handing a notice to a person: wording makes the message, a channel carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from moderation.alerts import DeliveryState, Notice, Person, ReportNotice
from moderation.ports import Delivery
from notifications.base import Channel, ChannelError, Message
from notifications.report import report_message
from notifications.wording import compose
from workers.reports import read_report, report_folder

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends notices over the channels that are set up. Reports travel with their files from ``reports``."""

    channels: Mapping[str, Channel]
    reports: Path

    def __call__(self, notice: Notice, person: Person, delivery: Delivery) -> DeliveryState:
        """Send ``notice`` to ``person`` and say how that went; a failure is logged without its words."""
        try:
            self.channels[delivery.channel].send(self._message(notice, person, delivery))
        except ChannelError as error:
            log.warning(
                "delivery failed", delivery=delivery.id, state=error.state, error=type(error).__name__
            )
            return error.state
        log.info("delivery handed over", delivery=delivery.id, step=delivery.topic.step)
        return DeliveryState.DELIVERED

    def _message(self, notice: Notice, person: Person, delivery: Delivery) -> Message:
        if isinstance(notice, ReportNotice):
            report = read_report(report_folder(self.reports, notice.school, notice.week))
            return report_message(notice, report, person.email, message_id=delivery.message_id)
        return compose(notice, person.email, message_id=delivery.message_id)
