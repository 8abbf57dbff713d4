"""The reasons of losses a workspace begins with, and what its nights of the past took away."""

from django.db import migrations

from playbooks.losses.words import SHIPPED


def seed(apps, schema_editor):
    reason = apps.get_model("playbooks", "LossReason")
    if not reason.objects.exists():
        for position, key in enumerate(SHIPPED, start=1):
            reason.objects.create(key=key, position=position)


PAST = """
    INSERT INTO playbooks_loss (customer_id, whole, state, found, lost_on, mrr_cents, tried, competitor, comes_back,
                                note, recorded_at, returned_on)
    SELECT z.customer_id, z.mrr_churn_cents > 0, 'lost', {true}, z.day,
           z.mrr_churn_cents + z.mrr_contraction_cents, '', '', '', '', z.computed_at,
           CASE WHEN z.mrr_churn_cents > 0 THEN (
               SELECT MIN(b.day) FROM metrics_customerday b WHERE b.customer_id = z.customer_id AND b.day > z.day
                AND b.mrr_reactivation_cents > 0) END
    FROM metrics_customerday z
    WHERE NOT (z.mrr_cents = z.opening_mrr_cents) AND z.mrr_cents < z.opening_mrr_cents
"""


def register_the_past(apps, schema_editor):
    true = "TRUE" if schema_editor.connection.vendor == "postgresql" else "1"
    schema_editor.execute(PAST.format(true=true))


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0003_churn_register"), ("metrics", "0001_models")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(register_the_past, migrations.RunPython.noop),
    ]
