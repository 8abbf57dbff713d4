"""The same feature may belong to several plans of a product."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="product",
            name="customers_product_feature_once",
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=("product", "plan", "feature"), name="customers_product_feature_once"
            ),
        ),
    ]
