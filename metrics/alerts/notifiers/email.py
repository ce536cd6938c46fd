"""E-mail by SMTP. A message that is sent again has the same Message-ID; messages of one group are one thread."""

import hashlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formatdate
from typing import Literal

from metrics.alerts.notifiers.port import Answer, Delivered, Refused, Retry
from metrics.alerts.notifiers.web import Gate, NotAllowed
from metrics.alerts.notifiers.wording import body, subject
from metrics.alerts.words import Message
from metrics.commands.wording import plain
from metrics.words import SECOND

Security = Literal["starttls", "tls", "none"]
_DOMAIN = "flowglass.invalid"
_SUBJECT = 200
_READY = 220


class EmailNotifier:
    def __init__(
        self,
        gate: Gate,
        host: str,
        port: int,
        *,
        sender: str,
        to: Sequence[str],
        security: Security = "starttls",
        user: str = "",
        password: str = "",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._gate = gate
        self._host, self._port = host, port
        self._sender, self._to = sender, tuple(to)
        self._security = security
        self._login = (user, password)
        self._context = context or ssl.create_default_context()

    def send(self, message: Message) -> Answer:
        to = self._to if message.letter is None else message.letter.to
        try:
            with self._connect() as smtp:
                if self._login[0]:
                    smtp.login(*self._login)
                return self._handed(smtp, message, to)
        except smtplib.SMTPRecipientsRefused as error:
            return _judged(max(code for code, _ in error.recipients.values()), "every address was refused")
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            return _judged(error.smtp_code, _text(error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return Retry(f"SMTP {error.smtp_code}: {_text(error.smtp_error)}")
        except NotAllowed as error:
            return Retry(str(error))
        except (smtplib.SMTPException, OSError) as error:
            return Retry(f"can't be reached: {type(error).__name__}")

    def _handed(self, smtp: smtplib.SMTP, message: Message, to: Sequence[str]) -> Answer:
        try:
            refused = smtp.send_message(mail(message, self._sender, to), self._sender, to)
        except smtplib.SMTPNotSupportedError:  # encryption and login are behind us: it is about the addresses
            return Refused("an address has letters beyond ASCII, which the server does not take")
        return Delivered() if len(refused) < len(to) else Refused("every address was refused")

    def _connect(self) -> smtplib.SMTP:
        smtp = _GatedSmtp(self._gate, self._context if self._security == "tls" else None)
        try:
            code, said = smtp.connect(self._host, self._port)
            if code != _READY:
                raise smtplib.SMTPConnectError(code, said)
            if self._security == "starttls":
                smtp.starttls(context=self._context)
            smtp.ehlo_or_helo_if_needed()
        except BaseException:
            smtp.close()
            raise
        return smtp


class _GatedSmtp(smtplib.SMTP):
    """SMTP over a connection that the gate opened."""

    def __init__(self, gate: Gate, context: ssl.SSLContext | None) -> None:
        self._gate = gate
        self._tls = context
        super().__init__(timeout=gate.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # the one hook smtplib has for this
        self._host = host  # starttls names the server by it
        opened = self._gate.open(host, port)
        return opened if self._tls is None else self._tls.wrap_socket(opened, server_hostname=host)


def mail(message: Message, sender: str, to: Sequence[str]) -> EmailMessage:
    """The message as mail."""
    letter = message.letter
    made = EmailMessage()
    made["Subject"] = plain(letter.subject if letter else subject(message))[:_SUBJECT]
    made["From"] = sender
    made["To"] = ", ".join(to)
    made["Date"] = formatdate(message.created / SECOND)
    made["Message-ID"] = f"<{message.id}@{_DOMAIN}>"
    thread = hashlib.sha256(f"{message.receiver}|{message.group}".encode()).hexdigest()[:32]
    made["References"] = f"<{thread}@{_DOMAIN}>"
    made["Auto-Submitted"] = "auto-generated"
    made["X-Flowglass-Message"] = message.id
    made.set_content(letter.text if letter else body(message))
    if letter:
        kind, _, form = letter.media.partition("/")
        made.add_attachment(letter.content, maintype=kind, subtype=form, filename=letter.file)
    return made


def _judged(code: int, said: str) -> Answer:
    reason = f"SMTP {code}: {said}"
    return Refused(reason) if code >= 500 else Retry(reason)


def _text(said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]
