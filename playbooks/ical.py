"""Tasks as an iCalendar file (RFC 5545). Pure: it imports no model.

Lines end in CRLF and are folded at 75 octets; texts are escaped, so that no title can add a line of its own.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

FOLD = 75
HALF_AN_HOUR = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Entry:
    """What is put into a calendar: all day where `at` is None, else half an hour from that moment on."""

    uid: str
    day: dt.date
    at: dt.datetime | None
    title: str
    text: str
    url: str
    changed_at: dt.datetime


def calendar_file(name: str, entries: Iterable[Entry]) -> str:
    """Return the file of a calendar."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zelo//Tasks//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


@dataclass(frozen=True)
class Invited:
    """A meeting somebody is asked to: from a moment on, so many minutes, where, by whom and who."""

    uid: str
    starts_at: dt.datetime
    minutes: int
    title: str
    text: str
    place: str
    organizer: str
    attendee: str
    sent_at: dt.datetime


def invitation_file(asked: Invited) -> str:
    """Return the calendar file of one invitation (iTIP, method REQUEST)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zelo//Playbooks//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{asked.uid}",
        f"DTSTAMP:{_utc(asked.sent_at)}",
        f"DTSTART:{_utc(asked.starts_at)}",
        f"DTEND:{_utc(asked.starts_at + dt.timedelta(minutes=asked.minutes))}",
        f"SUMMARY:{escaped(asked.title)}",
        *([f"DESCRIPTION:{escaped(asked.text)}"] if asked.text else []),
        *([f"LOCATION:{escaped(asked.place)}"] if asked.place else []),
        *([f"ORGANIZER:mailto:{escaped(asked.organizer)}"] if asked.organizer else []),
        f"ATTENDEE;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:{escaped(asked.attendee)}",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(entry: Entry) -> list[str]:
    if entry.at is None:
        when = [
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + dt.timedelta(days=1):%Y%m%d}",
        ]
    else:
        when = [f"DTSTART:{_utc(entry.at)}", f"DTEND:{_utc(entry.at + HALF_AN_HOUR)}"]
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_utc(entry.changed_at)}",
        *when,
        f"SUMMARY:{escaped(entry.title)}",
        *([f"DESCRIPTION:{escaped(entry.text)}"] if entry.text else []),
        f"URL:{entry.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Return a text as a calendar file holds it; control characters are left out."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = "".join(sign for sign in clean if sign == "\n" or sign >= " ")
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        clean = clean.replace(sign, written)
    return clean


def folded(line: str) -> list[str]:
    """Return a line cut at 75 octets, never inside a character; each further part begins with a space."""
    parts, part, size = [], "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + octets
    return [*parts, part]


def _utc(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
