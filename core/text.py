"""Text as people compare it: without accents and case, the same in Python and in both databases."""

from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import BooleanField, CharField, Expression, F, Func, Value

_LETTERS = "ÀÁÂÃÄÅàáâãäåÇçÈÉÊËèéêëÌÍÎÏìíîïÑñÒÓÔÕÖØòóôõöøÙÚÛÜùúûüÝýÿ"
_PLAIN = "aaaaaaaaaaaacceeeeeeeeiiiiiiiinnoooooooooooouuuuuuuuyyy"
_TABLE = str.maketrans(_LETTERS, _PLAIN)
SQL_NAME = "zelo_fold"


def fold(text: str) -> str:
    """Return the text in lower case and without the accents of Latin languages."""
    return text.lower() if text.isascii() else text.translate(_TABLE).lower()


def tokens(text: str, *, limit: int = 6) -> list[str]:
    """Return the folded words of what somebody typed, at most `limit`."""
    return fold(text).split()[:limit]


def digits(text: str) -> str:
    """Return only the digits, as one compares a CNPJ or a phone number."""
    return "".join(c for c in text if c.isdecimal())


class Fold(Func):
    """`fold` in SQL: a function given to every SQLite connection, `translate` and `lower` on PostgreSQL."""

    arity = 1
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, function=SQL_NAME, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        inner = Func(*self.source_expressions, Value(_LETTERS), Value(_PLAIN), function="TRANSLATE")
        return Func(inner, function="LOWER", output_field=CharField()).as_sql(compiler, connection)


class Contains(Func):
    """Whether a text has another in it, sign by sign; on PostgreSQL said so that a trigram index can answer it."""

    output_field = BooleanField()

    def __init__(self, text: Expression | F | str, part: str) -> None:
        self.part = part
        super().__init__(text)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"(INSTR({sql}, %s) > 0)", (*params, self.part)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        return f"({sql} LIKE %s)", (*params, f"%{connection.ops.prep_for_like_query(self.part)}%")


@lru_cache(maxsize=1 << 16)  # the same names are folded again for every page
def _fold_value(text: Any) -> str | None:
    return None if text is None else fold(str(text))


def _give_function(sender: object, connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        connection.connection.create_function(SQL_NAME, 1, _fold_value, deterministic=True)


def install() -> None:
    """Give the folding function to every database connection from now on."""
    connection_created.connect(_give_function, dispatch_uid=SQL_NAME)
