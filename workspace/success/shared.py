"""What a contact sees of its company's plan, and nothing else: every field is named here, a test lists them.

Not shown: who at the customer said what besides the reader, what we assess, evidence, weights, gaps, money, people of
the team.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel import Locale
from babel import dates as babel_dates
from babel import numbers as babel_numbers

from customers.models import Attained, Contact
from surveys.public.show import BABEL
from workspace.success.plan import Facts, Goal
from workspace.success.shared_words import WORDS

NUMBER = re.compile(r"^[-−]?[0-9]{1,12}([.,][0-9]{1,4})?$")
COMMENT_LIMIT = 2000
MOST_A_DAY = 20  # statements of one person about one objective


@dataclass(frozen=True)
class SharedGoal:
    """An objective as the customer sees it; all but `key` is text."""

    key: int
    name: str
    about: str
    way: str
    expected: str
    measured: str
    yours: str
    comment: str
    unit: str


@dataclass(frozen=True)
class Shared:
    """The page; all text."""

    lead: str
    promise: str
    next_steps: str
    goals: tuple[SharedGoal, ...]


def shared(contact: Contact, day: dt.date, language: str) -> Shared:
    """Return what a contact sees of its company's plan on a day."""
    on = Facts([contact.customer_id], day).on(contact.customer_id, day)
    words = WORDS[language]
    return Shared(
        lead=words["for"].format(person=contact.name or contact.email, customer=contact.customer.name),
        promise=on.plan.promise if on.plan else "",
        next_steps=on.plan.next_steps if on.plan else "",
        goals=tuple(_goal(goal, contact, language) for goal in on.goals if goal.way),
    )


def _goal(goal: Goal, contact: Contact, language: str) -> SharedGoal:
    words, row = WORDS[language], goal.row
    mine = next((voice.row for voice in goal.voices if voice.row.contact_id == contact.pk), None)
    measured = ""
    if goal.is_measured and goal.ours is not None:
        measured = words["measured"].format(value=_value(goal.ours, row.unit, language))
    yours = ""
    if mine is not None:
        yours = words["yours"].format(
            value=_value(mine.value, row.unit, language), day=_day(mine.stated_on, language)
        )
    return SharedGoal(
        key=row.pk,
        name=row.name,
        about=row.promise,
        way=words["way"].format(
            baseline=_value(row.baseline, row.unit, language),
            target=_value(row.target, row.unit, language),
            day=_day(row.due_on, language),
        ),
        expected=words["expected"].format(value=_value(goal.expected or Fraction(0), row.unit, language)),
        measured=measured,
        yours=yours,
        comment=mine.evidence if mine is not None and mine.source == Attained.Source.LINK else "",
        unit=row.unit,
    )


def value_read(text: str) -> Decimal | None:
    """Return a number as people write it, with a comma or a point; None for anything else."""
    text = text.strip()
    if not NUMBER.match(text):
        return None
    return Decimal(text.replace(",", ".").replace("−", "-"))


def said_too_often(objective_id: int, contact: Contact, day: dt.date) -> bool:
    """Tell whether a person has said enough about an objective on a day."""
    rows = Attained.objects.filter(objective=objective_id, contact=contact, stated_on=day, source="link")
    return rows.count() >= MOST_A_DAY


def _value(value: Decimal | Fraction, unit: str, language: str) -> str:
    text = babel_numbers.format_decimal(round(float(value), 2), locale=Locale.parse(BABEL[language]))
    return f"{text}%" if unit == "%" else f"{text} {unit}".strip()


def _day(day: dt.date, language: str) -> str:
    return babel_dates.format_date(day, "long", locale=Locale.parse(BABEL[language]))
