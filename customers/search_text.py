"""The text that a customer or a person is found by: the database keeps it folded, beside what it is made of."""

from django.db.models import Expression, F, TextField, Value
from django.db.models.functions import Concat, Replace

from core.text import Fold

BETWEEN = Value("\n")  # no typed word contains it, so none is found across two columns
SIGNS_OF_TAX_IDS = "./-"


def search_text(*parts: str | Expression) -> Fold:
    """Return the expression of the folded text in which typed words are looked for."""
    between: list[F | Expression] = []
    for part in parts:
        between += [BETWEEN, F(part) if isinstance(part, str) else part]
    return Fold(Concat(*between[1:], output_field=TextField()))


def plain_tax_id() -> Expression:
    """Return the expression of a CNPJ without its signs, by which it is found too."""
    plain: F | Replace = F("tax_id")
    for sign in SIGNS_OF_TAX_IDS:
        plain = Replace(plain, Value(sign), Value(""))
    return plain  # type: ignore[return-value]
