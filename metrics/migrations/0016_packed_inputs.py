import struct
from hashlib import sha256

from django.db import migrations, models

AT_ONCE = 2000
NONE = -(2**62)


def pack(apps, schema_editor):
    """Write the inputs and parts that stood there by name as numbers in the order of a layout (ADR 0019)."""
    row_model = apps.get_model("metrics", "HealthInput")
    layout_model = apps.get_model("metrics", "HealthLayout")
    after = 0
    while rows := list(row_model.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        inputs = sorted({key for row in rows for key in row.inputs})
        factors = sorted({key for row in rows for key in row.parts})
        told = "\n".join([*inputs, "", *factors])
        layout = int.from_bytes(sha256(told.encode()).digest()[:6], "big")
        layout_model.objects.get_or_create(pk=layout, defaults={"inputs": inputs, "factors": factors})
        packed = []
        for row in rows:
            values = [row.inputs.get(key, (NONE, 0)) for key in inputs]
            parts = [row.parts.get(key, (0, 0)) for key in factors]
            numbers = struct.pack(
                f"<{len(inputs)}q{len(inputs)}h{len(factors)}h{len(factors)}i",
                *(raw for raw, _age in values),
                *(age for _raw, age in values),
                *(score for score, _weight in parts),
                *(weight for _score, weight in parts),
            )
            packed.append((layout, numbers, row.pk))
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE metrics_healthinput SET layout = %s, numbers = %s WHERE id = %s", packed
            )


def unpack(apps, _schema):
    """Write them by name again."""
    row_model = apps.get_model("metrics", "HealthInput")
    layouts = {row.pk: row for row in apps.get_model("metrics", "HealthLayout").objects.all()}
    after = 0
    while rows := list(row_model.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        for row in rows:
            layout = layouts.get(row.layout)
            if layout is None:
                continue
            many, few = len(layout.inputs), len(layout.factors)
            found = struct.unpack(f"<{many}q{many}h{few}h{few}i", bytes(row.numbers))
            raw, age, score, weight = (
                found[:many],
                found[many : 2 * many],
                found[2 * many : 2 * many + few],
                found[2 * many + few :],
            )
            row.inputs = {key: [raw[n], age[n]] for n, key in enumerate(layout.inputs) if raw[n] != NONE}
            row.parts = {key: [score[n], weight[n]] for n, key in enumerate(layout.factors) if weight[n]}
        row_model.objects.bulk_update(rows, ["inputs", "parts"], batch_size=500)


class Migration(migrations.Migration):
    atomic = True
    dependencies = [("metrics", "0015_listing")]

    operations = [
        migrations.CreateModel(
            name="HealthLayout",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("inputs", models.JSONField()),
                ("factors", models.JSONField()),
            ],
        ),
        migrations.AddField("healthinput", "layout", models.BigIntegerField(default=0)),
        migrations.AddField("healthinput", "numbers", models.BinaryField(default=b"")),
        migrations.RunPython(pack, unpack),
        migrations.RemoveField("healthinput", "inputs"),
        migrations.RemoveField("healthinput", "parts"),
    ]
