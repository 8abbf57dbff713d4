"""The rules a new workspace begins with; an admin changes them in the settings."""

from django.db import migrations

SEGMENT_RULES = [
    ("high_value", [{"field": "mrr", "op": "gte", "value": 500_000}]),
    ("mid", [{"field": "mrr", "op": "gte", "value": 100_000}]),
    ("volume", []),
]


def seed(apps, schema_editor):
    segment_rule = apps.get_model("customers", "SegmentRule")
    stage_rule = apps.get_model("customers", "StageRule")
    if not segment_rule.objects.exists():
        for position, (segment, conditions) in enumerate(SEGMENT_RULES, start=1):
            segment_rule.objects.create(position=position, segment=segment, conditions=conditions)
    if not stage_rule.objects.exists():
        stage_rule.objects.create(from_stage="onboarding", to_stage="ongoing", basis="entered", days=90)


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_product_per_plan")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
