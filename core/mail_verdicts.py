"""What an error while sending says about whether the mail left."""

import smtplib
from enum import Enum


class Verdict(Enum):
    """What became of a mail: surely still here (`LATER`), refused for good (`NEVER`), or nobody knows."""

    LATER = "later"
    NEVER = "never"
    UNCLEAR = "unclear"


def verdict(error: Exception) -> Verdict:
    """Return what an error of a mail backend means.

    SMTP answers below 500 ask to come back, the others are final. Providers over HTTP (django-anymail) carry
    `status_code`: 429 asks to come back, another 4xx is final; a 5xx or a line that broke may have taken the mail.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        final = all(code >= 500 for code, _ in error.recipients.values())
        return Verdict.NEVER if final else Verdict.LATER
    if isinstance(error, smtplib.SMTPResponseException):
        return Verdict.NEVER if error.smtp_code >= 500 else Verdict.LATER
    if type(error).__name__ == "AnymailRecipientsRefused":
        return Verdict.NEVER
    status = getattr(error, "status_code", None)
    if status == 429:
        return Verdict.LATER
    if isinstance(status, int) and 400 <= status < 500:
        return Verdict.NEVER
    return Verdict.UNCLEAR
