"""The first content of an empty installation, and the sentences that say how to sign in."""

import os
import sys
from collections.abc import Callable

from django.core.management import call_command

from accounts.models import User, Workspace
from customers.models import Customer

Say = Callable[[str], None]
FIRST_ADMIN = "admin@example.com"


def is_empty() -> bool:
    """Tell whether nobody has joined and no customer is known."""
    return not User.objects.exists() and not Customer.objects.exists()


def fill_if_empty(*, demo: bool, say: Say) -> None:
    """Give an empty installation the demo company, or its first admin a way in."""
    if not is_empty():
        return
    if demo:
        say("An empty database: making the demo company (once) …")
        call_command("demo")
    else:
        invite_first_admin(say=say)


def invite_first_admin(*, say: Say) -> None:
    """Print a link by which the first admin joins; a link printed earlier ends with it."""
    email = os.environ.get("ADMIN_EMAIL", "").strip()
    if not email and sys.stdin.isatty():
        email = input(f"E-mail address of the first admin [{FIRST_ADMIN}]: ").strip()
    say("Nobody has joined yet. This link lets the first admin in:")
    call_command("invite", email or FIRST_ADMIN, role="admin")


def how_to_sign_in() -> list[str]:
    """Return the lines that tell who may sign in, for an installation that shows the demo company."""
    if not Workspace.get().is_demo:
        return ["Sign in with your e-mail address and password, or by the invitation link."]
    return ["Sign in as one of the demo team:"]
