"""Bells: after a commit that left work to be done, somebody is told which kind of work it is.

The apps below know no broker; `config` connects one. Without it (a test, a command) bells are silent, and nothing
is lost by that: the work is a row, and the sweep finds it.
"""

from collections.abc import Callable
from functools import partial

from django.db import transaction

_ringers: list[Callable[[str], None]] = []


def connect(ringer: Callable[[str], None]) -> None:
    """Say who is told of a kind of work (done once, by `config`)."""
    if ringer not in _ringers:
        _ringers.append(ringer)


def ring(kind: str) -> None:
    """Tell of a kind of work (a key of `config.pipeline.WORK`) once the present transaction has committed."""
    for ringer in _ringers:
        transaction.on_commit(partial(ringer, kind))
