"""Where the secret comes from, and the sentences that stop a production start without one."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50
FEWEST_DIFFERENT_SIGNS = 12


def local_secret(var_dir: Path) -> str:
    """Return the secret of an embedded installation, made on its first start and kept in `var/`."""
    path = var_dir / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(60)
        file.write(secret)
    return secret


def require_production_settings(environment: Mapping[str, str], *, debug: bool) -> None:
    """Stop a production start that would run with weak settings.

    Raises ImproperlyConfigured with one sentence for each thing to mend.
    """
    wrong: list[str] = []
    secret = environment.get("SECRET_KEY", "")
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT_SIGNS:
        wrong.append(
            f"SECRET_KEY is {'missing' if not secret else 'too weak'}: set it to at least "
            f"{SHORTEST_SECRET} random characters, for example the output of "
            "`python -c 'import secrets; print(secrets.token_urlsafe(60))'`."
        )
    if debug:
        wrong.append("DEBUG is on: unset it, it shows the source and the settings to visitors.")
    if not environment.get("ALLOWED_HOSTS"):
        wrong.append("ALLOWED_HOSTS is missing: name the host people type, for example zelo.example.com.")
    if not environment.get("SITE_URL", "").startswith("https://"):
        wrong.append(
            "SITE_URL must start with https://: links in mails and secure cookies depend on it, "
            "for example https://zelo.example.com."
        )
    if not environment.get("DATABASE_URL"):
        wrong.append("DATABASE_URL is missing: for example postgres://zelo:…@db:5432/zelo.")
    if not environment.get("BROKER_URL"):
        wrong.append("BROKER_URL is missing: for example redis://redis:6379/0.")
    if wrong:
        raise ImproperlyConfigured("Zelo does not start in production. " + " ".join(wrong))
