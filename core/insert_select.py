"""INSERT … SELECT with the SELECT said by the ORM, so that SQLite and PostgreSQL share it."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models


def insert_select(model: type[models.Model], rows: models.QuerySet[Any], fields: Mapping[str, str]) -> int:
    """Insert into `model` what a query selects and return how many rows that were.

    `fields` maps each field of `model` to the column (or annotation) of `rows` it is filled from;
    fields left out must be nullable.
    """
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(model._meta.get_field(name).column)) for name in fields)  # type: ignore[union-attr]
    sql, params = rows.order_by().values_list(*fields.values()).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) {sql}", params)
        return int(cursor.rowcount)
