"""Invents the customers' lives: when each began, how large it is, how it went, when and how it left."""

import datetime as dt
import math
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random

from workspace.demo import words

HISTORY_DAYS = 730
CUSTOMERS = 164
LEFT_WITH_DECLINE = 54
LEFT_SUDDENLY = 9
RETURNED = 5
STRUGGLING = 10
NEWCOMERS = 9


class Course(StrEnum):
    """How a customer's life went."""

    STAYS = "stays"
    GROWS = "grows"
    STRUGGLES = "struggles"
    LEAVES = "leaves"
    LEAVES_SUDDENLY = "leaves_suddenly"
    RETURNS = "returns"


@dataclass
class Life:
    """One customer from the first day to today; all later facts follow from it."""

    number: int
    name: str
    industry: str
    city: str
    region: str
    domain: str
    tax_id: str
    segment: str
    course: Course
    starts_on: dt.date
    leaves_on: dt.date | None
    returns_on: dt.date | None
    decline_days: int
    seats: int
    analyst: int
    tags: list[str] = field(default_factory=list)
    parent: int | None = None
    referred_by: int | None = None

    @property
    def external_id(self) -> str:
        """The key in the firm's own systems."""
        return f"CC-{self.number:04d}"

    def active_on(self, day: dt.date) -> bool:
        """Whether the customer pays on a day."""
        if day < self.starts_on:
            return False
        if self.leaves_on is None or day < self.leaves_on:
            return True
        return self.returns_on is not None and day >= self.returns_on

    def engagement(self, day: dt.date) -> float:
        """How lively the customer is on a day, 0 to about 1.1: ramp-up, plateau with a slow swing, decline."""
        if not self.active_on(day):
            return 0.0
        since = (
            day - (self.returns_on if self.returns_on and day >= self.returns_on else self.starts_on)
        ).days
        level = min(1.0, 0.35 + since / 60) + 0.08 * math.sin(since / 37 + self.number)
        if self.course is Course.GROWS:
            level *= 1 + min(0.25, since / 1600)
        if self.leaves_on and self.decline_days and day < self.leaves_on:
            left = (self.leaves_on - day).days
            if left < self.decline_days:
                level *= 0.15 + 0.85 * left / self.decline_days
        return max(0.0, level)

    def in_decline(self, day: dt.date) -> bool:
        """Whether the customer is on its way down on a day."""
        return bool(
            self.leaves_on and self.decline_days and 0 <= (self.leaves_on - day).days < self.decline_days
        )


def company_lives(seed: int, today: dt.date) -> list[Life]:
    """Return the firm's customers, oldest first; the same for the same seed and day.

    A struggling customer is one whose `leaves_on` lies after today: it declines but has not left.
    """
    rng = Random(seed)
    first = today - dt.timedelta(days=HISTORY_DAYS)
    courses = _courses(rng)
    names = _names(rng)
    lives = []
    for number, course in enumerate(courses, start=1):
        trade, place, industry = names[number - 1]
        city, region = rng.choice(words.CITIES)
        segment = _segment(rng, course)
        start, leave, back, decline = _span(rng, course, first, today)
        slug = f"{plain_ascii(trade)}{plain_ascii(place)}"
        lives.append(
            Life(
                number=number,
                name=f"{trade} {place}",
                industry=industry,
                city=city,
                region=region,
                domain=f"{slug}.example",
                tax_id=tax_id(rng.randrange(97_000_000, 99_999_999)),
                segment=segment,
                course=course,
                starts_on=start,
                leaves_on=leave,
                returns_on=back,
                decline_days=decline,
                seats=_seats(rng, segment),
                analyst=rng.randrange(5),
            )
        )
    lives.sort(key=lambda life: (life.starts_on, life.number))
    for number, life in enumerate(lives, start=1):
        life.number = number
    _relations(rng, lives)
    return lives


def _courses(rng: Random) -> list[Course]:
    living = CUSTOMERS - LEFT_WITH_DECLINE - LEFT_SUDDENLY - RETURNED - STRUGGLING
    growing = living // 3
    courses = (
        [Course.LEAVES] * LEFT_WITH_DECLINE
        + [Course.LEAVES_SUDDENLY] * LEFT_SUDDENLY
        + [Course.RETURNS] * RETURNED
        + [Course.STRUGGLES] * STRUGGLING
        + [Course.GROWS] * growing
        + [Course.STAYS] * (living - growing)
    )
    rng.shuffle(courses)
    return courses


def _names(rng: Random) -> list[tuple[str, str, str]]:
    pairs = [(trade, place, industry) for trade, industry in words.TRADES for place in words.PLACES]
    return rng.sample(pairs, CUSTOMERS)


def _segment(rng: Random, course: Course) -> str:
    weights = {"volume": 50, "mid": 33, "high_value": 17}
    if course in (Course.LEAVES, Course.LEAVES_SUDDENLY):
        weights = {"volume": 62, "mid": 28, "high_value": 10}
    if course is Course.GROWS:
        weights = {"volume": 30, "mid": 42, "high_value": 28}
    return rng.choices(list(weights), list(weights.values()))[0]


def _seats(rng: Random, segment: str) -> int:
    low, high = {"volume": (2, 4), "mid": (3, 8), "high_value": (9, 26)}[segment]
    return rng.randint(low, high)


def _span(
    rng: Random, course: Course, first: dt.date, today: dt.date
) -> tuple[dt.date, dt.date | None, dt.date | None, int]:
    """Return start, leaving day, return day and the length of the decline, all in days relative to today."""
    decline = rng.randint(55, 110)
    if course is Course.STRUGGLES:
        start = first + dt.timedelta(days=int(HISTORY_DAYS * rng.random() ** 1.6 * 0.75))
        return start, today + dt.timedelta(days=rng.randint(8, 45)), None, decline
    if course in (Course.LEAVES, Course.LEAVES_SUDDENLY, Course.RETURNS):
        latest = HISTORY_DAYS - (170 if course is Course.RETURNS else 3)
        left_after = rng.randint(150, latest)
        start = first + dt.timedelta(days=left_after - rng.randint(125, min(560, left_after)))
        leave = first + dt.timedelta(days=left_after)
        if course is Course.LEAVES_SUDDENLY:
            return start, leave, None, 0
        back = leave + dt.timedelta(days=rng.randint(35, 150)) if course is Course.RETURNS else None
        return start, leave, back, decline
    newcomer = rng.random() < NEWCOMERS / 60
    age = rng.randint(8, 80) if newcomer else int(90 + (HISTORY_DAYS - 90) * rng.random() ** 0.7)
    return today - dt.timedelta(days=age), None, None, 0


def _relations(rng: Random, lives: list[Life]) -> None:
    """Give some customers a parent, a referrer and tags."""
    large = [life for life in lives if life.segment == "high_value"]
    for life in lives:
        if life.segment != "high_value" and large and rng.random() < 0.05:
            life.parent = rng.choice(large).number
        earlier = [o.number for o in lives if o.starts_on < life.starts_on and o.course is Course.GROWS]
        if earlier and rng.random() < 0.12:
            life.referred_by = rng.choice(earlier)
            life.tags.append("indicação")
        if life.course is Course.GROWS and rng.random() < 0.3:
            life.tags.append("referência")
        if life.segment != "volume" and rng.random() < 0.35:
            life.tags.append(rng.choice(["multifilial", "franquia", "integração ERP"]))


def tax_id(base: int) -> str:
    """Return a formatted CNPJ with right check digits for an eight-digit root (a range nobody was given)."""
    digits = [int(sign) for sign in f"{base:08d}0001"]
    for weights in ((5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2), (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    text = "".join(map(str, digits))
    return f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"


_PLAIN = str.maketrans("áàâãéêíóôõúüçÁÉÍÓÚÂÊÔÃÕÇ", "aaaaeeiooouucAEIOUAEOAOC")


def plain_ascii(text: str) -> str:
    """Return a text's letters and digits, lower-case and without accents, fit for an address."""
    return "".join(sign for sign in text.translate(_PLAIN).lower() if sign.isalnum())
