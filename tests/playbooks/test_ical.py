"""Calendar files: what RFC 5545 asks, and that no title can add a line of its own."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from playbooks.ical import Entry, calendar_file, folded

DAY = dt.date(2026, 3, 9)


def entry(**fields) -> Entry:
    at = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    given = {"uid": "1@z", "day": DAY, "at": None, "title": "Call", "text": "", "url": "https://z/1"}
    return Entry(**{**given, "changed_at": at, **fields})


def lines(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_a_task_without_a_time_is_all_day_and_one_with_a_time_half_an_hour():
    zone = dt.timezone(dt.timedelta(hours=-3))
    timed = dt.datetime(2026, 3, 9, 9, 30, tzinfo=zone)
    told = lines(calendar_file("Tasks", [entry(), entry(at=timed)]))
    assert "DTSTART;VALUE=DATE:20260309" in told
    assert "DTEND;VALUE=DATE:20260310" in told
    assert "DTSTART:20260309T123000Z" in told
    assert "DTEND:20260309T130000Z" in told


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_is_written_stays_in_its_line(title, text):
    told = calendar_file(title, [entry(title=title, text=text)])
    assert all(len(line.encode()) <= 75 for line in told.split("\r\n"))
    whole = lines(told)
    assert [line for line in whole if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert sum(line.startswith("SUMMARY:") for line in whole) == 1
    assert "\n" not in "".join(whole)


@given(st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])))
def test_folding_loses_nothing(line):
    first, *rest = folded(line)
    assert first + "".join(part[1:] for part in rest) == line
