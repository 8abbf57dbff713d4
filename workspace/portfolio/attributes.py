"""Attributes that an admin defined, as filters and columns of the portfolio."""

from django.db.models import Case, CharField, F, FloatField, Q, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from core.text import Fold
from customers.models import AttributeDefinition, Customer
from workspace.portfolio import cells, columns, filters
from workspace.portfolio.columns import Column
from workspace.portfolio.export_values import Exported, attribute
from workspace.portfolio.filter_kinds import Choice, Filter, Option
from workspace.portfolio.filters import MOST_OPTIONS, NONE
from workspace.portfolio.scope import Scope

PREFIX = "attr:"
YES, NO = "true", "false"
_A_NUMBER = r"^-?[0-9]+(\.[0-9]+)?$"
Kind = AttributeDefinition.Kind


def definitions() -> list[AttributeDefinition]:
    """Return the attributes in use, in their order."""
    return list(AttributeDefinition.objects.filter(archived_at__isnull=True))


def column_at(scope: Scope) -> str:
    """Return the name of the attributes of the day looked at, in the portfolio's rows."""
    return "at_attributes" if scope.past else "attributes"


def filter_of(definition: AttributeDefinition) -> Filter:
    """Return the filter of an attribute, by its key as in files: `attr:KEY`."""
    key = definition.key

    def narrow(values: tuple[str, ...], scope: Scope) -> Q:
        condition = Q(pk__in=[])
        column = column_at(scope)
        for value in values:
            if value == NONE:
                condition |= ~Q(**{f"{column}__has_key": key}) | Q(**{f"{column}__{key}": None})
                continue
            stored = value == YES if definition.kind == Kind.BOOL else value
            # Said together with the key's presence, so that "is not" holds where there is no value.
            condition |= Q(**{f"{column}__has_key": key}) & Q(**{f"{column}__{key}": stored})
        return condition

    def options(scope: Scope) -> list[Option]:
        none = Option(NONE, _("None"))
        if definition.kind == Kind.BOOL:
            return [Option(YES, _("Yes")), Option(NO, _("No")), none]
        if definition.kind == Kind.CHOICE:
            return [*(Option(str(c), str(c)) for c in definition.choices), none]
        rows = Customer.objects.visible_to(scope.user).annotate(written=KT(f"attributes__{key}"))
        found = rows.filter(written__isnull=False).order_by("written").values_list("written", flat=True)
        return [*(Option(str(v), str(v)) for v in found.distinct()[:MOST_OPTIONS]), none]

    return Choice(f"{PREFIX}{key}", definition.label, narrow, options)


def column_of(definition: AttributeDefinition) -> Column:
    """Return the column of an attribute; numbers sort as numbers, dates and text as text."""
    key = definition.key
    number = definition.kind == Kind.NUMBER

    def sort(scope: Scope) -> object:
        written = KT(f"{column_at(scope)}__{key}")
        if number:
            return Case(When(attribute_text__regex=_A_NUMBER, then=Cast(F("attribute_text"), FloatField())))
        return Fold(Cast(written, CharField()))

    return Column(
        f"{PREFIX}{key}",
        definition.label,
        cells.attribute,
        sort,
        columns.NUMBERS if number else columns.DAYS if definition.kind == Kind.DATE else columns.WORDS,
        css="end num cs-p4" if number else "cs-p4",
        shown=False,
        exports=(Exported(f"{PREFIX}{key}", attribute(key)),),
        attribute=key,
    )


def all_filters(defined: list[AttributeDefinition]) -> dict[str, Filter]:
    """Return every filter by key: the registered ones, then those of attributes."""
    return filters.REGISTRY | {f"{PREFIX}{d.key}": filter_of(d) for d in defined}


def all_columns(defined: list[AttributeDefinition]) -> dict[str, Column]:
    """Return every column by key: the registered ones, then those of attributes."""
    return columns.REGISTRY | {f"{PREFIX}{d.key}": column_of(d) for d in defined}
