"""Addresses as hashes, so that "never write to them again" outlives the person's data."""

import hashlib
from typing import Any

from django.db.models import CharField, Func, Value
from django.db.models.functions import Concat, Lower, Trim

PREFIX = "zelo.address:"


def address_hash(address: str) -> str:
    """Return the hash under which an e-mail address is suppressed, the same however it is typed."""
    return hashlib.sha256(f"{PREFIX}{address.strip().lower()}".encode()).hexdigest()


class AddressHash(Func):
    """`address_hash` of an address column, in SQL."""

    function = "SHA256"
    arity = 1
    output_field = CharField()

    def __init__(self, column: str) -> None:
        super().__init__(Concat(Value(PREFIX), Lower(Trim(column)), output_field=CharField()))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return the SQL of PostgreSQL, whose own function hashes bytes and needs no extension."""
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return self.as_sql(compiler, connection, template=template, **context)
