"""Writes that cross apps."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import Role
from core.models import DemoRow
from workspace.demo.clear import demo_clear


def start_with_own_data(*, company: str, name: str, email: str, password: str) -> User:
    """Make the first admin of one's own and take the demo away; return the admin.

    An address that a demo person uses is freed first. If the clearing is interrupted the admin is there
    already and can start it again.
    """
    with transaction.atomic():
        demo = DemoRow.objects.filter(table="user").values("row_id")
        for person in User.objects.filter(pk__in=demo, email=email):
            person.email = f"demo-{person.pk}@demo.invalid"
            person.save(update_fields=["email"])
        admin = User.objects.create_user(email, password, name=name, role=Role.ADMIN)
        record(
            actor=admin, action="person.joined", subject=admin, changes={"role": ("", Role.ADMIN)}, label=name
        )
    demo_clear(actor=admin, name=company)
    return admin
