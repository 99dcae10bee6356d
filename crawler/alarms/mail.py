"""Alarms by e-mail: one message for all that turned at a check."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import formatdate

from crawler.alarms.channels import SECONDS, DeliveryError, remedy
from crawler.errors import UsageError
from storage.health.alarms import Notice, TurnKind


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Sends through an SMTP server."""

    to: tuple[str, ...]
    sender: str
    server: str
    # host:port
    starttls: bool
    user: str = ""
    password: str = ""
    name = "mail"

    def __post_init__(self) -> None:
        _, _, port = self.server.rpartition(":")
        if not port.isdecimal():
            raise UsageError(f"ARCHIVE_SMTP_SERVER = {self.server!r}: write it as host:port")
        for address in (*self.to, self.sender):
            if "@" not in address or not address.isprintable():
                raise UsageError(f"{address!r} is no e-mail address (ARCHIVE_ALARM_MAIL_TO, …_FROM)")
        if self.user and not self.starttls:
            raise UsageError(
                "ARCHIVE_SMTP_USER without ARCHIVE_SMTP_STARTTLS would send a password in the clear"
            )

    def tell(self, notices: Sequence[Notice]) -> None:
        """One message with all of them."""
        try:
            self._send(self.message(notices))
        except (smtplib.SMTPException, OSError, MessageError, ValueError) as error:
            raise DeliveryError(str(error) or type(error).__name__) from error

    def _send(self, message: EmailMessage) -> None:
        host, _, port = self.server.rpartition(":")
        with smtplib.SMTP(host.strip("[]"), int(port), timeout=SECONDS) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def message(self, notices: Sequence[Notice]) -> EmailMessage:
        """What is sent. Its Message-ID is that of its turns, so that a second telling shows as such."""
        message = EmailMessage()
        message["Subject"] = _one_line(_subject(notices))
        message["From"] = self.sender
        message["To"] = ", ".join(self.to)
        message["Date"] = formatdate(localtime=False)
        turns = ".".join(f"{n.turn.id}-{n.turn.kind}" for n in notices[:20])
        message["Message-ID"] = f"<{turns}@{_one_line(self.sender.rpartition('@')[2])}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n".join(map(_paragraph, notices)))
        return message


def _subject(notices: Sequence[Notice]) -> str:
    first = notices[0].turn.headline
    more = f" (and {len(notices) - 1} more)" if len(notices) > 1 else ""
    return f"newsarchive: {first}{more}"


def _paragraph(notice: Notice) -> str:
    turn = notice.turn
    lines = [f"{turn.headline}, {turn.at:%Y-%m-%d %H:%M} UTC", f"  {turn.detail}"]
    if turn.kind is TurnKind.RAISED:
        lines.append(f"  {remedy(turn.rule)}")
    else:
        lines.append(f"  raised {turn.raised_at:%Y-%m-%d %H:%M} UTC")
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
