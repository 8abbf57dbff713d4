"""The alert rules a new workspace begins with; an admin changes them in the settings."""

from django.db import migrations

from playbooks.alerts.kinds import STARTING


def seed(apps, schema_editor):
    rule = apps.get_model("playbooks", "AlertRule")
    if not rule.objects.exists():
        for kind, days, amount in STARTING:
            rule.objects.create(kind=kind, days=days, amount=amount)


class Migration(migrations.Migration):
    replaces = [("playbooks", "0004_starting_alert_rules")]
    dependencies = [("playbooks", "0001_models")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
