"""The settings of a mail provider: django-anymail's own names in the environment, with `ANYMAIL_` before them."""

from collections.abc import Mapping

PREFIX = "ANYMAIL_"


def provider_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `ANYMAIL_MAILGUN_API_KEY=…` and the like as django-anymail reads them; empty ones are left out."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
