"""Rows of Stripe's and Zendesk's export files as what they tell."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from core import time
from ingest.connected.sent import Row, Told, mapping, moment, text
from ingest.connected.stripe import EXTERNAL
from ingest.connected.stripe_prices import PER_MONTH
from ingest.connected.zendesk import SCORES, SOLVED

Cells = Mapping[str, Any]
ENDED = frozenset({"canceled", "unpaid", "incomplete_expired", "paused"})


def stripe_customer(cells: Cells) -> Told | None:
    """Return a customer by our ID in its metadata, else by theirs."""
    key = _own_id(cells) or _text(cells, "id")
    name = _text(cells, "Name", "Description", "Email")
    return Told({"customers": [{"external_id": key, "name": name}]}) if key and name else None


def stripe_subscription(cells: Cells) -> Told | None:
    """Return a subscription's present span: from its start, or the end of its trial, until it ended or will end."""
    status = _text(cells, "Status").lower()
    start = _day(cells, "Start (UTC)", "Start Date (UTC)", "Created (UTC)")
    trial = _day(cells, "Trial End (UTC)")
    begins = max(start, trial) if start and trial else start
    if begins is None or status == "incomplete":
        return None
    left = _day(cells, "Canceled At (UTC)")
    over = _day(cells, "Ended At (UTC)") or (left if status in ENDED else None)
    if over is None and _text(cells, "Cancel At Period End").lower() == "true":
        over = _day(cells, "Current Period End (UTC)")
    row: Row = {
        "external_id": _text(cells, "id"),
        "starts_on": begins.isoformat(),
        "ends_on": max(over, begins).isoformat() if over else "",
        "product": _text(cells, "Product", "Plan") or "Stripe",
        "plan": _text(cells, "Plan"),
        "mrr": _monthly(cells),
        "seats": _text(cells, "Quantity"),
        "cancelled_on": left.isoformat() if left else "",
        "currency": _text(cells, "Currency").upper(),
    }
    return _of_stripe(cells, "subscriptions", row, "Customer ID", "Customer Email")


def stripe_invoice(cells: Cells) -> Told | None:
    """Return an invoice as a payment: paid and when, or due."""
    status = _text(cells, "Status").lower()
    paid = status == "paid" or _text(cells, "Paid").lower() == "true"
    if status in {"draft", "void"}:
        return None
    on = _day(cells, "Paid At (UTC)", "Finalized At (UTC)", "Date (UTC)", "Created (UTC)")
    due = _day(cells, "Due Date (UTC)", "Date (UTC)", "Created (UTC)")
    row: Row = {
        "external_id": _text(cells, "id"),
        "paid_on": on.isoformat() if paid and on else "",
        "due_on": due.isoformat() if due else "",
        "amount": _text(cells, "Amount Paid", "Total") if paid else _text(cells, "Amount Due"),
        "currency": _text(cells, "Currency").upper(),
    }
    return _of_stripe(cells, "payments", row, "Customer", "Customer Email")


def zendesk_csv_ticket(cells: Cells) -> Told | None:
    """Return a ticket of Zendesk's CSV, whose first reply is told in minutes."""
    opened = _moment(cells, "Created at")
    number = _text(cells, "Id")
    if opened is None or not number:
        return None
    minutes = _text(cells, "First reply time in minutes")
    first = opened + dt.timedelta(minutes=int(minutes)) if minutes.isdecimal() and len(minutes) < 9 else None
    solved = _moment(cells, "Solved at") if _text(cells, "Status").lower() in SOLVED else None
    row = _ticket(
        number, opened, first, solved, reopens=_text(cells, "Reopens"), replies=_text(cells, "Replies")
    )
    row |= {
        "subject": _text(cells, "Subject"),
        "priority": _text(cells, "Priority").lower(),
        "channel": _text(cells, "Via").lower(),
        "contact_email": _text(cells, "Requester email").lower(),
    }
    firm = _text(cells, "Organization external id", "Requester external id")
    return Told(_with_rating(cells, row), customer=firm, email=row["contact_email"])


def zendesk_json_ticket(cells: Cells) -> Told | None:
    """Return a ticket of Zendesk's JSON, with its metrics, requester and organization where they are inside."""
    opened, number = moment(cells.get("created_at")), text(cells.get("id"), 40)
    if opened is None or not number:
        return None
    metrics, person = mapping(cells.get("metric_set")), mapping(cells.get("requester"))
    minutes = mapping(metrics.get("reply_time_in_minutes")).get("calendar")
    first = opened + dt.timedelta(minutes=minutes) if isinstance(minutes, int) else None
    solved = moment(metrics.get("solved_at")) if text(cells.get("status")) in SOLVED else None
    counts = {name: text(metrics.get(name), 9) for name in ("reopens", "replies")}
    row = _ticket(number, opened, first, solved, **counts)
    row |= {
        "subject": text(cells.get("subject")),
        "priority": text(cells.get("priority"), 20),
        "channel": text(mapping(cells.get("via")).get("channel"), 40),
        "contact_email": text(person.get("email"), 254).lower(),
    }
    firm = text(mapping(cells.get("organization")).get("external_id"), 120)
    return Told(_with_rating(cells, row), customer=firm, email=row["contact_email"])


def _with_rating(cells: Cells, row: Row) -> dict[str, list[Row]]:
    """Return a ticket's row, and the answer of who rated it."""
    said = mapping(cells.get("satisfaction_rating"))
    score = SCORES.get((text(said.get("score")) or _text(cells, "Satisfaction Score")).lower())
    if score is None:
        return {"tickets": [row]}
    answer = {
        "external_id": f"{row['external_id']}:rating",
        "survey": "csat",
        "campaign": "Zendesk",
        "contact_email": row["contact_email"],
        "score": str(score),
        "comment": text(said.get("comment"), 2000),
        "answered_at": row["solved_at"] if row["solved_at"] != "-" else row["opened_at"],
    }
    return {"tickets": [row], "responses": [answer]}


def _ticket(
    number: str,
    opened: dt.datetime,
    first: dt.datetime | None,
    solved: dt.datetime | None,
    *,
    reopens: str,
    replies: str,
) -> Row:
    return {
        "external_id": f"zendesk:{number}",
        "opened_at": opened.isoformat(),
        "first_response_at": first.isoformat() if first else "",
        "solved_at": solved.isoformat() if solved else "-",
        "team_replies": replies if replies.isdecimal() else "",
        "reopens": reopens if reopens.isdecimal() else "",
    }


def _of_stripe(cells: Cells, kind: str, row: Row, customer: str, email: str) -> Told:
    key = _own_id(cells) or _text(cells, customer)
    return Told({kind: [row]}, customer=key, email=_text(cells, email).lower())


def _monthly(cells: Cells) -> str:
    """Return amount times quantity by the month; what cannot be told stays empty, and the check says so."""
    every, _, unit = _text(cells, "Interval").lower().rpartition(" ")
    count = _text(cells, "Quantity") or "1"
    try:
        amount = Decimal(_text(cells, "Amount").replace(",", "")) * Decimal(count)
        share = PER_MONTH[unit.removesuffix("s")] / Decimal(every or _text(cells, "Interval Count") or 1)
    except (InvalidOperation, KeyError, ZeroDivisionError):
        return ""
    return f"{amount * share:.2f}"


def _own_id(cells: Cells) -> str:
    return _text(cells, *(f"{key} (metadata)" for key in EXTERNAL))


def _text(cells: Cells, *names: str) -> str:
    """Return the first of some columns that says something."""
    return next((found for name in names if (found := text(cells.get(name), 500))), "")


def _moment(cells: Cells, *names: str) -> dt.datetime | None:
    return moment(_text(cells, *names).replace(" UTC", "").replace(" -", "-"))


def _day(cells: Cells, *names: str) -> dt.date | None:
    at = _moment(cells, *names)
    return None if at is None else at.astimezone(time.workspace_zone()).date()
