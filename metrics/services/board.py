"""A person's board: the few figures they steer by, in their order."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from metrics import figures  # noqa: F401 - registers them
from metrics.models import BoardFigure
from metrics.registry import FIGURES

MOST = 8
SUGGESTED = (
    "mrr",
    "nrr",
    "grr",
    "customer_churn_rate",
    "net_mrr_churn_rate",
    "mrr_expansion",
    "active_customers",
)


class BoardFull(ValidationError):  # noqa: N818 - what the board is, not an error of ours
    """The board holds as many figures as it can; one has to go for another."""


def board_of(user: User) -> list[str]:
    """Return the keys on a person's board in order; without a choice of their own the suggested ones."""
    chosen = BoardFigure.objects.filter(user=user).order_by("position").values_list("key", flat=True)
    return [key for key in chosen if key in FIGURES] or list(SUGGESTED)


@transaction.atomic
def board_add(*, actor: User, key: str, instead_of: str = "") -> None:
    """Put a figure on one's board: at its end, or in the place of another.

    Raises `BoardFull` when there is no room and none is named to go, `ValidationError` for a figure that does not
    exist or one to go that is not there. A figure that is there already stays where it is.
    """
    if key not in FIGURES:
        raise ValidationError(_("There is no figure called “%(key)s”.") % {"key": key})
    board = _locked(actor)
    if key in board:
        return
    if instead_of:
        _check_on(board, instead_of)
        _write(actor, board, [key if one == instead_of else one for one in board])
        return
    if len(board) >= MOST:
        raise BoardFull(_("A board holds %(n)s figures. Which one goes?") % {"n": MOST})
    _write(actor, board, [*board, key])


@transaction.atomic
def board_remove(*, actor: User, key: str) -> None:
    """Take a figure off one's board. Raises `ValidationError` when it is not there or the last one."""
    board = _locked(actor)
    _check_on(board, key)
    if len(board) == 1:
        raise ValidationError(_("A board has at least one figure. Add another before you take this one off."))
    _write(actor, board, [one for one in board if one != key])


@transaction.atomic
def board_move(*, actor: User, key: str, places: int) -> None:
    """Move a figure so many places back (or, below zero, to the front). Raises `ValidationError` if it is not there."""
    board = _locked(actor)
    _check_on(board, key)
    moved = [one for one in board if one != key]
    moved.insert(min(max(board.index(key) + places, 0), len(moved)), key)
    _write(actor, board, moved)


@transaction.atomic
def board_reset(*, actor: User) -> None:
    """Go back to the suggested board."""
    board = _locked(actor)
    BoardFigure.objects.filter(user=actor).delete()
    _record(actor, board, SUGGESTED)


def _locked(actor: User) -> list[str]:
    """Return one's board while nobody else changes it: two windows of one person do not lose a figure."""
    User.objects.select_for_update().get(pk=actor.pk)
    return board_of(actor)


def _check_on(board: Sequence[str], key: str) -> None:
    if key not in board:
        raise ValidationError(_("That figure is not on your board any more. Look at it again."))


def _write(actor: User, before: Sequence[str], after: Sequence[str]) -> None:
    BoardFigure.objects.filter(user=actor).delete()
    BoardFigure.objects.bulk_create(
        [BoardFigure(user=actor, key=key, position=place) for place, key in enumerate(after)]
    )
    _record(actor, before, after)


def _record(actor: User, before: Sequence[str], after: Sequence[str]) -> None:
    if list(before) != list(after):
        audit.record(
            actor=actor,
            action="board.changed",
            subject=actor,
            changes={"board": (list(before), list(after))},
            label=actor.name,
        )
