"""The first content of an empty installation, and the sentences that say how to sign in."""

import io
import os
import sys
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from accounts.models import User, Workspace
from core.models import WorkState
from customers.models import Customer
from metrics.models import Night
from workspace.demo.load import DOMAIN
from workspace.management.commands.demo import LOCAL_PASSWORD

Say = Callable[[str], None]
FIRST_ADMIN = "admin@example.com"


def is_empty() -> bool:
    """Tell whether nobody has joined and no customer is known."""
    return not User.objects.exists() and not Customer.objects.exists()


def demo_is_half_made() -> bool:
    """Tell whether making the demo company was interrupted: its nights come last."""
    return Workspace.get().is_demo and not Night.objects.filter(state=WorkState.DONE).exists()


def fill_if_empty(*, demo: bool, say: Say) -> None:
    """Give an empty installation the demo company, or its first admin a way in."""
    if demo_is_half_made():
        call_command("demo", clear=True, stdout=io.StringIO())
    if not is_empty():
        return
    if demo:
        say(_("The database is empty: making the demo company, once …"))
        call_command("demo", stdout=io.StringIO())  # how to sign in is said on every start
    else:
        invite_first_admin(say=say)


def invite_first_admin(*, say: Say) -> None:
    """Print a link by which the first admin joins; a link printed earlier ends with it."""
    email = os.environ.get("ADMIN_EMAIL", "").strip()
    if not email and sys.stdin.isatty():
        question = _("E-mail address of the first admin [%(default)s]: ") % {"default": FIRST_ADMIN}
        email = input(question).strip()
    link = io.StringIO()
    call_command("invite", email or FIRST_ADMIN, role="admin", stdout=link)
    say(_("Nobody has joined yet. This link lets %(email)s in as admin:") % {"email": email or FIRST_ADMIN})
    say(f"  {link.getvalue().strip()}")


def how_to_sign_in() -> list[str]:
    """Return the lines that tell who may sign in; none while the first invitation is open."""
    if Workspace.get().is_demo and not settings.PRODUCTION:
        team = {
            "marina.duarte": _("analyst"),
            "beatriz.amaral": _("manager"),
            "otavio.ramos": _("admin"),
        }
        lines = [
            _("Sign in to the demo company with the password %(password)s as") % {"password": LOCAL_PASSWORD}
        ]
        return lines + [f"  {name}@{DOMAIN} ({role})" for name, role in team.items()]
    if User.objects.exists():
        return [_("Sign in with your e-mail address.")]
    return []
