"""What a new workspace begins with: one survey of each kind, and themes of comments; all can be changed."""

from django.conf import settings
from django.db import migrations

from surveys.reading.starting_themes import starting

KINDS = [("nps", "NPS"), ("csat", "CSAT"), ("ces", "CES"), ("success", "Check-in de sucesso")]
ENGLISH = {"Check-in de sucesso": "Success check-in"}


def seed(apps, schema_editor):
    survey, theme = apps.get_model("surveys", "Survey"), apps.get_model("surveys", "Theme")
    portuguese = settings.LANGUAGE_CODE.startswith("pt")
    if not survey.objects.exists():
        for kind, name in KINDS:
            survey.objects.create(kind=kind, name=name if portuguese else ENGLISH.get(name, name))
    if not theme.objects.exists():
        for position, (name, keywords) in enumerate(starting("pt-br" if portuguese else "en"), start=1):
            theme.objects.create(name=name, keywords=keywords, position=position)


class Migration(migrations.Migration):
    replaces = [("surveys", "0005_starting_set")]
    dependencies = [("surveys", "0001_models")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
