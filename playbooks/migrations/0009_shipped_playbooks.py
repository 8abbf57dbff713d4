"""The playbooks a new workspace begins with; each can be changed, none starts by itself before somebody switches it on."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from playbooks.plays.shipped import shipped

OF_VERSION = ("starts", "start_values", "days_before", "segments", "stages", "bands", "again_days")


def seed(apps, schema_editor):
    playbook = apps.get_model("playbooks", "Playbook")
    version, step = apps.get_model("playbooks", "PlaybookVersion"), apps.get_model("playbooks", "Step")
    if playbook.objects.exists():
        return
    for book in shipped(settings.LANGUAGE_CODE.lower()):
        made = playbook.objects.create(key=book["key"], name=book["name"], purpose=book["purpose"])
        first = version.objects.create(
            playbook=made,
            number=1,
            published_at=timezone.now(),
            **{name: book[name] for name in OF_VERSION if name in book},
        )
        step.objects.bulk_create(step(version=first, **one) for one in book["steps"])
        made.published = first
        made.save(update_fields=["published"])


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0008_strategy")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
