"""Handing messages to people: wording makes the message, a channel carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from moderation.alert_ports import Dispatch
from moderation.alerts import DeliveryState, Handed, Outgoing, Person, ReportNotice
from notifications.base import Channel, ChannelError, Message
from notifications.failover import Texts
from notifications.report import report_message
from notifications.wording import compose
from workers.reports import read_report, report_folder

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends messages over the channels that are set up. Reports travel with their files from ``reports``.

    ``public_url`` is where the pages that messages lead to are reached; empty where there are none.
    """

    channels: Mapping[str, Channel]
    reports: Path
    public_url: str = ""

    def __call__(self, outgoing: Outgoing, person: Person) -> Handed:
        """Send one message to ``person`` and say how that went; a failure is logged without its words.

        A message that cannot be written, or a channel that stumbles, is a fault of ours: it is told, and what
        it was about goes another way.
        """
        try:
            handed = self._send(outgoing, person)
        except ChannelError as error:
            log.warning("message failed", message=outgoing.id, state=error.state, error=type(error).__name__)
            return Handed(error.state)
        except OSError as error:
            log.warning("message not made", message=outgoing.id, error=type(error).__name__)
            return Handed(DeliveryState.TEMPORARY_FAILURE)
        except Exception as error:  # noqa: BLE001 - whatever one message trips over, others must go out
            log.error("message not made", message=outgoing.id, error=type(error).__name__)
            return Handed(DeliveryState.TECHNICAL_FAILURE)
        log.info("message handed over", message=outgoing.id, channel=outgoing.channel, state=handed.state)
        return handed

    def _send(self, outgoing: Outgoing, person: Person) -> Handed:
        channel = self.channels.get(outgoing.channel)
        address = person.address(outgoing.channel)
        if channel is None or not address:
            # It was there when the message was planned: the settings have changed since.
            return Handed(DeliveryState.PERMANENT_FAILURE)
        return channel.send(self._message(outgoing, address))

    def _message(self, outgoing: Outgoing, address: str) -> Message:
        notice = outgoing.notices[0]
        if isinstance(notice, ReportNotice):
            report = read_report(report_folder(self.reports, notice.school, notice.week))
            return report_message(notice, report, address, message_id=outgoing.message_id)
        return compose(outgoing, address, public_url=self.public_url)

    def ask(self, dispatch: Dispatch) -> DeliveryState | None:
        """Ask the provider that took a message what became of it; None where it does not say yet.

        A provider that cannot be reached is asked again later: that says nothing about the message.
        """
        channel = self.channels.get(dispatch.mailbox.channel)
        if not isinstance(channel, Texts):
            return None
        try:
            return channel.state_of(dispatch.provider, dispatch.reference)
        except ChannelError as error:
            log.warning("provider not asked", message=dispatch.id, error=type(error).__name__)
            return None
