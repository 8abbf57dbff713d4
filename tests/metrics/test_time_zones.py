"""Each local date is one day, once, whatever the clocks do."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils import timezone

from core import time
from customers.models import Customer
from metrics import nights
from metrics.models import CustomerDay, Night
from tests import factories
from tests.nights import D, run

# Clocks put forward at midnight, back at midnight, by half an hour; a day skipped whole; a day had twice.
SAMPLE = {
    "America/Sao_Paulo": dt.date(2018, 11, 4),
    "America/Havana": dt.date(2024, 3, 10),
    "Asia/Beirut": dt.date(2024, 3, 31),
    "Africa/Cairo": dt.date(2024, 10, 31),
    "Australia/Lord_Howe": dt.date(2024, 4, 7),
    "Pacific/Apia": dt.date(2011, 12, 30),
    "America/Nuuk": dt.date(2024, 3, 30),
    "Antarctica/Troll": dt.date(2024, 3, 31),
}


# Forty zones of all continents that change their clocks between 2024 and 2030.
MOVING = (
    *("Africa/Cairo", "Africa/Casablanca", "Africa/Ceuta", "Africa/El_Aaiun", "America/Asuncion"),
    *("America/Adak", "America/Anchorage", "America/Chicago", "America/Denver", "America/Halifax"),
    *("America/Havana", "America/Los_Angeles", "America/Miquelon", "America/New_York", "America/Nuuk"),
    *(
        "America/Port-au-Prince",
        "America/Santiago",
        "America/Scoresbysund",
        "America/St_Johns",
        "America/Tijuana",
    ),
    *("Antarctica/Troll", "Asia/Almaty", "Asia/Beirut", "Asia/Famagusta", "Asia/Gaza"),
    *("Asia/Jerusalem", "Atlantic/Azores", "Atlantic/Bermuda", "Australia/Adelaide", "Australia/Lord_Howe"),
    *("Australia/Sydney", "Europe/Athens", "Europe/Chisinau", "Europe/Dublin", "Europe/Lisbon"),
    *("Europe/Berlin", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk"),
)


def transitions(zone: ZoneInfo, first: dt.date, end: dt.date) -> list[dt.date]:
    """The days in whose 24 hours of UTC the offset changes."""
    offsets = [
        (day, dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC).astimezone(zone).utcoffset())
        for day in time.days(first, end)
    ]
    return [day for (day, before), (_, after) in pairwise(offsets) if before != after]


def half_hours(around: dt.date) -> list[dt.datetime]:
    moment = dt.datetime.combine(around - 2 * D, dt.time(), tzinfo=dt.UTC)
    return [moment + n * dt.timedelta(minutes=30) for n in range(5 * 48)]


def date_goes_back(around: dt.date) -> bool:
    """Whether clocks put back over midnight bring yesterday again (Newfoundland until 2011, Casey in 2010)."""
    days = [time.local_day(at) for at in half_hours(around)]
    return days != sorted(days)


def check_hours(around: dt.date) -> None:
    """Every half hour around a day falls into the day whose bounds hold it."""
    for at in half_hours(around):
        day = time.local_day(at)
        assert time.day_start(day) <= at < time.day_start(day + D), (at, day)


@pytest.mark.parametrize("zone", SAMPLE)
def test_every_moment_around_a_change_of_clocks_falls_into_one_day(settings, zone):
    settings.TIME_ZONE = zone
    check_hours(SAMPLE[zone])


@pytest.mark.long
@pytest.mark.parametrize("zone", sorted(available_timezones()))
def test_every_moment_around_every_change_of_clocks_falls_into_one_day(settings, zone):
    settings.TIME_ZONE = zone
    for day in transitions(ZoneInfo(zone), dt.date(1995, 1, 1), dt.date(2027, 1, 1)):
        if not date_goes_back(day):  # there a day is not one stretch of time, and no bounds can hold it
            check_hours(day)


def tick_over(change: dt.date, monkeypatch: pytest.MonkeyPatch, *, hours: int) -> None:
    """Let the clock go over a change, `open_nights` being called every so many hours: each date gets one night."""
    Night.objects.all().delete()
    start = dt.datetime.combine(change - 2 * D, dt.time(), tzinfo=dt.UTC)
    Customer.objects.update(started_on=change - 3 * D, created_at=start)
    for n in range(5 * 24 // hours):
        monkeypatch.setattr(timezone, "now", lambda n=n: start + n * dt.timedelta(hours=hours))
        nights.open_nights()
    days = sorted(Night.objects.values_list("day", flat=True))
    assert days == time.days(change - 3 * D, time.today())


@pytest.mark.django_db
@pytest.mark.parametrize("zone", SAMPLE)
def test_each_local_date_gets_one_night_as_the_clock_ticks_over_a_change(settings, monkeypatch, zone):
    settings.TIME_ZONE = zone
    factories.customer()
    tick_over(SAMPLE[zone], monkeypatch, hours=2)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("zone", MOVING)
def test_each_local_date_gets_one_night_over_every_change_from_2024_to_2030(settings, monkeypatch, zone):
    settings.TIME_ZONE = zone
    factories.customer()
    changes = transitions(ZoneInfo(zone), dt.date(2024, 1, 1), dt.date(2031, 1, 1))
    assert changes
    for change in changes:
        tick_over(change, monkeypatch, hours=2)
        check_hours(change)
    print(f"{zone}: {len(changes)} changes of clocks, every local date of the days around them once")


@pytest.mark.django_db
@pytest.mark.parametrize("zone", SAMPLE)
def test_a_ticket_of_every_hour_is_counted_on_its_local_day(settings, zone):
    settings.TIME_ZONE = zone
    change = SAMPLE[zone]
    customer = factories.customer(started_on=change - 4 * D)
    start = dt.datetime.combine(change - D, dt.time(), tzinfo=dt.UTC)
    opened = [start + n * dt.timedelta(hours=1) for n in range(72)]
    for at in opened:
        factories.ticket(customer, opened_at=at)
        factories.touchpoint(customer, happened_at=at)
    run(change - 2 * D, change + 3 * D)
    for row in CustomerDay.objects.filter(customer=customer):
        local = [at.astimezone(ZoneInfo(zone)).date() for at in opened]
        assert row.open_tickets == sum(day <= row.day for day in local)
        assert row.last_touch_on == max((day for day in local if day <= row.day), default=None)
