"""Many plain rows into one table without a model instance each: what bulk changes write by the thousand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def insert_many(
    model: type[models.Model],
    rows: Iterable[Sequence[Any]],
    *,
    varying: Sequence[str],
    same: Mapping[str, Any],
) -> None:
    """Insert rows whose `varying` fields are given row by row and whose `same` fields are equal in all.

    `varying` values are written as they are (keys, text, days); fields named in neither must be nullable.
    Call it inside the transaction of the change.
    """
    fields = [model._meta.get_field(name) for name in (*varying, *same)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)  # type: ignore[union-attr]
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    fixed = tuple(
        field.get_db_prep_save(value, connection)  # type: ignore[union-attr]
        for field, value in zip(fields[len(varying) :], same.values(), strict=True)
    )
    values = [(*row, *fixed) for row in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
