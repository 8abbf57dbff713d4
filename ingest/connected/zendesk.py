"""What Zendesk sends of tickets, users and organizations, and what a ticket's events come to. Pure.

Zendesk tells of most things by itself. It does not tell of ratings: for those a trigger of the sender's own posts
`{"type": "zelo.ticket_rated", "id": …, "ticket_id": …, "rating": …, "comment": …, "time": …}` (docs/api.md).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.connected.sent import Facts, Row, Sent, Told, Unreadable, in_order, mapping, moment, text

PREFIX = "zen:event-type:"
RATED = "zelo.ticket_rated"
SOLVED = frozenset({"solved", "closed"})
SCORES = {"good": 5, "bad": 1}


def read_event(event: Any) -> Sent | None:
    """Return what an event says, None for a kind that tells us nothing. Raises `Unreadable`."""
    body = mapping(event)
    kind, at = text(body.get("type"), 80).removeprefix(PREFIX), moment(body.get("time"))
    if not kind or at is None:
        raise Unreadable
    subject, facts = _read(kind, body)
    if not subject:
        return None
    whole = json.dumps(body, sort_keys=True, default=str).encode()
    event_id = text(body.get("id"), 120) or hashlib.sha256(whole).hexdigest()
    return Sent(event_id, subject, kind, at, facts)


def _read(kind: str, body: dict[str, Any]) -> tuple[str, Facts]:
    detail = mapping(body.get("detail"))
    about, number = kind.partition(".")[0], text(detail.get("id"), 40)
    if kind == RATED:
        rating = {name: text(body.get(name), 2000) for name in ("rating", "comment")}
        ticket = text(body.get("ticket_id"), 40)
        return (f"ticket:{ticket}" if ticket else ""), rating
    if about not in {"ticket", "user", "organization"}:
        return "", {}
    if not number:
        raise Unreadable
    if about == "ticket":
        return f"ticket:{number}", _ticket(kind, detail, mapping(body.get("event")))
    if about == "user":
        names = ("email", "external_id", "organization_id")
        return f"user:{number}", {name: text(detail.get(name), 254) for name in names}
    return f"organization:{number}", {name: text(detail.get(name), 120) for name in ("name", "external_id")}


def _ticket(kind: str, detail: dict[str, Any], event: dict[str, Any]) -> Facts:
    facts: Facts = {
        "created_at": text(detail.get("created_at"), 40),
        "status": text(detail.get("status"), 20).lower(),
        "subject": text(detail.get("subject")),
        "priority": text(detail.get("priority"), 20).lower(),
        "channel": text(mapping(detail.get("via")).get("channel"), 40),
        "requester": text(detail.get("requester_id"), 40),
        "assignee": text(detail.get("assignee_id"), 40),
        "organization": text(detail.get("organization_id"), 40),
    }
    if kind == "ticket.status_changed":
        facts |= {name: text(event.get(name), 20).lower() for name in ("current", "previous")}
    comment = mapping(event.get("comment"))
    if kind == "ticket.comment_added":
        author = mapping(comment.get("author"))
        facts |= {"public": comment.get("is_public") is True, "staff": author.get("is_staff") is True}
    return facts


def tell_ticket(sent: Sequence[Sent], known: Mapping[str, Facts]) -> Told:
    """Return a ticket's row, and the answer of who rated it; `known` are users and organizations by subject.

    First reply and replies are the team's public comments; `solved_at` is the last time, empty once it is open again.
    """
    ordered = in_order(sent)
    seen = [one for one in ordered if one.type != RATED]
    if not seen:
        return Told()
    last, firm, person = seen[-1].facts, _firm(seen[-1].facts, known), _person(seen[-1].facts, known)
    replies = [one.at for one in seen if one.facts.get("public") and one.facts.get("staff")]
    whole = any(one.type == "ticket.created" for one in seen)
    row: Row = {
        "external_id": f"zendesk:{ordered[0].subject.partition(':')[2]}",
        "opened_at": last["created_at"] or seen[0].at.isoformat(),
        "subject": last["subject"],
        "priority": last["priority"],
        "channel": last["channel"],
        "contact_email": person,
        "assignee_email": known.get(f"user:{last['assignee']}", {}).get("email", ""),
        **_course(seen),
    }
    if replies and whole:
        row |= {"first_response_at": replies[0].isoformat(), "team_replies": str(len(replies))}
    rows: dict[str, list[Row]] = {"tickets": [row]}
    if answer := _rating(ordered, row):
        rows["responses"] = [answer]
    name = known.get(f"organization:{last['organization']}", {}).get("name", "")
    return Told(rows, customer=firm, email=person, name=name)


def _firm(facts: Facts, known: Mapping[str, Facts]) -> str:
    """Return our id of the ticket's organization, "" where it carries none."""
    number = facts["organization"] or known.get(f"user:{facts['requester']}", {}).get("organization_id", "")
    return str(known.get(f"organization:{number}", {}).get("external_id", "")) if number else ""


def _person(facts: Facts, known: Mapping[str, Facts]) -> str:
    return str(known.get(f"user:{facts['requester']}", {}).get("email", "")).lower()


def _course(seen: Sequence[Sent]) -> Row:
    """Tell when a ticket was last solved and how often it was opened again."""
    solved, reopens = "", 0
    before = ""
    for one in seen:
        status = one.facts.get("current") or one.facts["status"] or before
        was = one.facts.get("previous") or before
        if status in SOLVED and was not in SOLVED:
            solved = one.at.isoformat()
        elif status not in SOLVED and was in SOLVED:
            solved, reopens = "-", reopens + 1
        before = status
    row = {"solved_at": solved} if solved else {}
    return {**row, "reopens": str(reopens)} if reopens else row


def _rating(ordered: Sequence[Sent], row: Row) -> Row | None:
    rated = [one for one in ordered if one.type == RATED and one.facts["rating"].lower() in SCORES]
    if not rated:
        return None
    return {
        "external_id": f"{row['external_id']}:rating",
        "survey": "csat",
        "campaign": "Zendesk",
        "contact_email": row["contact_email"],
        "score": str(SCORES[rated[-1].facts["rating"].lower()]),
        "comment": rated[-1].facts["comment"],
        "answered_at": rated[-1].at.isoformat(),
    }
