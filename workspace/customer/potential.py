"""The expansion potential of a customer in words: what speaks for it buying more, and what does not."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from metrics import potential
from metrics.potential import HIGH, Potential
from workspace.customer.head import Figures


@dataclass(frozen=True)
class Sign:
    """A sign with its points and why."""

    name: str
    points: int
    why: str


@dataclass(frozen=True)
class Card:
    """The card: all points, whether they are worth a talk, the signs with the most points first."""

    total: int
    is_high: bool
    signs: list[Sign]

    @property
    def reason(self) -> str:
        """What speaks for it, in one line."""
        return "; ".join(sign.why for sign in self.signs if sign.points)


def card(customer_id: int, figures: Figures) -> Card | None:
    """Return the card by the night whose figures the page shows; None where nothing is known. One statement."""
    found = potential.of(customer_id, figures.night) if figures.night else None
    if found is None:
        return None
    whys = {
        "seats": (_("Seats"), _seats(found)),
        "asked": (_("Features asked for"), _asked(found)),
        "success": (_("What was promised"), _success(found)),
        "growth": (_("Growth of use"), _growth(found)),
    }
    signs = [Sign(*_pair(found, key, whys[key])) for key in potential.SIGNS]
    signs.sort(key=lambda sign: -sign.points)
    return Card(found.total, found.total >= HIGH, signs)


def _pair(found: Potential, key: str, words: tuple[str, str]) -> tuple[str, int, str]:
    return words[0], found.points[key], words[1]


def _seats(found: Potential) -> str:
    if not found.seats:
        return _("no seats are known")
    return _("%(people)s of %(seats)s seats used in 30 days") % {
        "people": formats.number(found.people),
        "seats": formats.number(found.seats),
    }


def _asked(found: Potential) -> str:
    if not found.asked:
        return _("nothing asked for in 180 days")
    return ngettext(
        "%(n)s thing asked for in 180 days", "%(n)s things asked for in 180 days", found.asked
    ) % {"n": formats.number(found.asked)}


def _success(found: Potential) -> str:
    if found.attained is None or found.value_gap is None:
        return _("the customer has not confirmed its plan")
    values = {
        "share": formats.percent(found.attained),
        "gap": formats.number(round(abs(found.value_gap) * 100)),
    }
    if found.value_gap < 0:
        return _("%(share)s of the promise attained, %(gap)s points behind") % values
    return _("%(share)s of the promise attained, %(gap)s points ahead") % values


def _growth(found: Potential) -> str:
    if found.people_before is None:
        return _("use of 90 days ago is not known")
    return _("%(before)s → %(now)s people active in 90 days") % {
        "before": formats.number(found.people_before),
        "now": formats.number(found.people),
    }
