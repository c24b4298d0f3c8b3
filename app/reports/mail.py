"""A draft e-mail as a file: mail programs open it ready to be sent (`X-Unsent`), with its attachment."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP


@dataclass(frozen=True, slots=True)
class Mail:
    """One message with one PDF attached. `to` may be empty: whoever sends it fills it in."""

    to: str
    subject: str
    text: str
    attachment_name: str
    attachment: bytes


def write_mail(mail: Mail) -> bytes:
    """The bytes of the `.eml` file. Line breaks in a header's text become spaces: nothing adds a header of its own."""
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    if mail.to.strip():
        message["To"] = _one_line(mail.to)
    message["Subject"] = _one_line(mail.subject)
    message.set_content(mail.text)
    message.add_attachment(mail.attachment, maintype="application", subtype="pdf", filename=mail.attachment_name)
    message.set_boundary("=_tollbook_part")  # the same mail is the same bytes
    return message.as_bytes()


def _one_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
