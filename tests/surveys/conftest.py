"""A clock that tests wind forward."""

import datetime as dt

import pytest

from core import time


class Clock:
    """Says what time it is, until told to wait."""

    def __init__(self):
        self.at = dt.datetime(2026, 3, 10, 15, 0, tzinfo=dt.UTC)

    def wait(self, seconds):
        self.at += dt.timedelta(seconds=seconds)

    def now(self):
        return self.at


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(time, "now", made.now)
    return made
