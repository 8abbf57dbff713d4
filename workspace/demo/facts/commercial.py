"""Subscriptions with upgrades, cross-sells and downgrades; contracts; payments; acquisition costs."""

import datetime as dt
from random import Random

from workspace.demo import words
from workspace.demo.facts import Row, in_force
from workspace.demo.lives import Course, Life

CORE = "Caixa Clara"
PLANS = {"volume": "Essencial", "mid": "Profissional", "high_value": "Empresarial"}
BASE_CENTS = {"volume": 19_900, "mid": 79_000, "high_value": 320_000}
SEAT_CENTS = {"volume": 7_900, "mid": 26_900, "high_value": 41_900}
ADD_ONS = {"Conciliação": 0.22, "NF-e": 0.15, "Previsão": 0.18, "Aprovações": 0.12}
TIERS: list[tuple[str, int, list[tuple[str, str]]]] = [
    ("Essencial", 19_900, [("Contas a pagar", "bill_paid"), ("Contas a receber", "invoice_sent")]),
    ("Profissional", 79_000, [("Boletos", "boleto_issued")]),
    ("Empresarial", 320_000, [("Multifilial", "branch_switched")]),
]
MODULES: list[tuple[str, str, str, int]] = [
    ("Conciliação", "Conciliação bancária", "statement_reconciled", 39_000),
    ("NF-e", "Notas fiscais", "nfe_issued", 29_000),
    ("Previsão", "Previsão de caixa", "forecast_viewed", 34_000),
    ("Aprovações", "Aprovações", "payment_approved", 23_000),
]


def _catalogue() -> list[tuple[str, str, str, str, int]]:
    """Return (product, plan, feature, event, price) of what is sold; a higher plan has the lower ones' features."""
    rows = []
    features: list[tuple[str, str]] = []
    for plan, price, own in TIERS:
        features += own
        rows += [(CORE, plan, feature, event, price) for feature, event in features]
    return rows + [(product, "", feature, event, price) for product, feature, event, price in MODULES]


CATALOGUE = _catalogue()


def events_of(product: str, plan: str) -> list[str]:
    """Return the usage events that a product's plan brings."""
    return [event for name, tier, _, event, _ in CATALOGUE if (name, tier) == (product, plan)]


def product_rows() -> list[Row]:
    """Return what the firm sells: product, plan, feature, the usage event that shows it, price in cents."""
    return [
        {"product": product, "plan": plan, "feature": feature, "event": event, "price_cents": price}
        for product, plan, feature, event, price in CATALOGUE
    ]


def subscription_rows(life: Life, rng: Random, today: dt.date) -> list[Row]:
    """Return the customer's subscription spans; an amount that changes ends one row and starts the next."""
    rows: list[Row] = []
    seats, price = life.seats, BASE_CENTS[life.segment] + life.seats * SEAT_CENTS[life.segment]
    end = life.leaves_on if life.leaves_on and life.leaves_on <= today else None
    day, number = life.starts_on, 1
    changes = _changes(life, rng, end or today)
    spans = [day, *[change_day for change_day, _ in changes]]
    for index, start in enumerate(spans):
        if index:
            factor = changes[index - 1][1]
            seats = max(1, round(seats * factor))
            price = BASE_CENTS[life.segment] + seats * SEAT_CENTS[life.segment]
        stop = spans[index + 1] if index + 1 < len(spans) else end
        rows.append(_span(life, f"A{number}", CORE, PLANS[life.segment], start, stop, price, seats))
    rows += _add_ons(life, rng, end, price, today)
    if end is not None:
        reason = _reason(life, rng)
        notice = max(end - dt.timedelta(days=rng.randint(5, 45)), life.starts_on)
        for row in rows:
            if row["ends_on"] == end:
                row["cancelled_on"], row["cancel_reason"] = notice, reason
    if life.returns_on and life.returns_on <= today:
        back = max(1, round(seats * 0.7))
        amount = BASE_CENTS[life.segment] + back * SEAT_CENTS[life.segment]
        rows.append(_span(life, "R1", CORE, PLANS[life.segment], life.returns_on, None, amount, back))
    return rows


def _span(
    life: Life,
    key: str,
    product: str,
    plan: str,
    start: dt.date,
    stop: dt.date | None,
    cents: int,
    seats: int | None,  # None: sold to the whole company
) -> Row:
    return {
        "customer": life.number,
        "external_id": f"{life.external_id}-{key}",
        "starts_on": start,
        "ends_on": stop,
        "product": product,
        "plan": plan,
        "mrr_cents": cents,
        "seats": seats,
        "cancelled_on": None,
        "cancel_reason": "",
    }


def _changes(life: Life, rng: Random, end: dt.date) -> list[tuple[dt.date, float]]:
    """Return (day, factor on seats) of the changes of amount, ascending."""
    changes = []
    lived = (end - life.starts_on).days
    if life.course is Course.GROWS:
        for part in range(1, rng.randint(2, 4)):
            at = int(lived * (0.2 + 0.22 * part) + rng.randint(-15, 15))
            changes.append((at, rng.uniform(1.15, 1.5)))
    elif life.course is Course.STAYS and rng.random() < 0.4:
        changes.append((int(lived * rng.uniform(0.4, 0.8)), rng.choice([1.2, 1.3, 0.8])))
    elif life.decline_days and life.leaves_on and rng.random() < 0.45:
        decline_start = (life.leaves_on - dt.timedelta(days=int(life.decline_days * 0.6))) - life.starts_on
        changes.append((decline_start.days, rng.uniform(0.5, 0.75)))
    days = sorted({at for at, _ in changes if 20 < at < lived - 5})
    factors = dict(changes)
    return [(life.starts_on + dt.timedelta(days=at), factors[at]) for at in days]


def _add_ons(life: Life, rng: Random, end: dt.date | None, base: int, today: dt.date) -> list[Row]:
    share = {"volume": 0.15, "mid": 0.4, "high_value": 0.65}[life.segment]
    rows = []
    for index, (product, part) in enumerate(ADD_ONS.items()):
        grows = life.course is Course.GROWS
        if rng.random() > share + (0.15 if grows else 0):
            continue
        lived = ((end or today) - life.starts_on).days
        start = life.starts_on
        if rng.random() < 0.65 and lived > 120:
            start += dt.timedelta(days=rng.randint(60, lived - 40))
        cents = round(base * part / 1000) * 1000
        stop = end
        if end is None and life.course is Course.STAYS and rng.random() < 0.12 and lived > 200:
            stop = start + dt.timedelta(days=rng.randint(60, 150))
            stop = None if stop >= today else stop
        rows.append(_span(life, f"M{index + 1}", product, "", start, stop, cents, None))
    return rows


def _reason(life: Life, rng: Random) -> str:
    return rng.choice(words.SUDDEN_REASONS if life.course is Course.LEAVES_SUDDENLY else words.LEAVE_REASONS)


def contract_rows(life: Life, subscriptions: list[Row], rng: Random, today: dt.date) -> list[Row]:
    """Return the customer's yearly terms up to the one in force, each renewing the one before."""
    rows: list[Row] = []
    start, before = life.starts_on, ""
    number = 1
    left = life.leaves_on if life.leaves_on and life.leaves_on <= today else None
    stop_at = left or today
    while start < stop_at:
        due = _year_later(start)
        key = f"{life.external_id}-T{number}"
        rows.append(
            {
                "customer": life.number,
                "external_id": key,
                "starts_on": start,
                "ends_on": due,
                "value_cents": 12 * sum(row["mrr_cents"] for row in subscriptions if in_force(row, start)),
                "auto_renews": life.segment == "volume",
                "signed_on": start - dt.timedelta(days=rng.randint(3, 25)),
                "renews_external_id": before,
                "cancelled_on": None,
            }
        )
        start, before, number = due, key, number + 1
    if left is not None and rows:
        rows[-1]["cancelled_on"] = max(left - dt.timedelta(days=rng.randint(5, 40)), rows[-1]["starts_on"])
    elif rows and life.returns_on is None:
        _early_signature(rows, life, rng, today, number)
    if life.returns_on and life.returns_on <= today:
        rows += _terms_after_return(rows[0], life, today)
    return rows


def _terms_after_return(first: Row, life: Life, today: dt.date) -> list[Row]:
    """The yearly terms since a customer came back, up to the one in force."""
    rows: list[Row] = []
    start = life.returns_on
    while start and start <= today:
        key = f"{life.external_id}-TR{len(rows) + 1}"
        rows.append(
            {
                **first,
                "external_id": key,
                "starts_on": start,
                "ends_on": _year_later(start),
                "renews_external_id": rows[-1]["external_id"] if rows else "",
                "cancelled_on": None,
                "signed_on": start,
            }
        )
        start = _year_later(start)
    return rows


def _early_signature(rows: list[Row], life: Life, rng: Random, today: dt.date, number: int) -> None:
    """Some who are due soon have already signed the next term."""
    last = rows[-1]
    if (last["ends_on"] - today).days < 50 and life.course is Course.GROWS and rng.random() < 0.6:
        rows.append(
            {
                **last,
                "external_id": f"{life.external_id}-T{number}",
                "starts_on": last["ends_on"],
                "ends_on": _year_later(last["ends_on"]),
                "signed_on": today - dt.timedelta(days=rng.randint(1, 20)),
                "renews_external_id": last["external_id"],
            }
        )


def _year_later(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def payment_rows(life: Life, subscriptions: list[Row], rng: Random, today: dt.date) -> list[Row]:
    """Return one invoice a month of life, due on the 10th; paid late, or not yet, by those in decline."""
    rows: list[Row] = []
    month = life.starts_on.replace(day=1)
    number = 0
    while month <= today:
        due = month.replace(day=10)
        number += 1
        billed = [row for row in subscriptions if in_force(row, max(due, life.starts_on))]
        cents = sum(row["mrr_cents"] for row in billed)
        if cents and due >= life.starts_on and due <= today + dt.timedelta(days=20):
            late = (
                rng.randint(8, 40)
                if life.in_decline(due) and rng.random() < 0.55
                else rng.choice([-3, 0, 0, 1, 2, 4])
            )
            paid: dt.date | None = due + dt.timedelta(days=late)
            if paid is not None and paid > today:
                paid = None
            rows.append(
                {
                    "customer": life.number,
                    "external_id": f"{life.external_id}-F{number:03d}",
                    "due_on": due,
                    "paid_on": paid,
                    "amount_cents": cents,
                }
            )
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return rows


def cost_rows(rng: Random, today: dt.date, months: int = 24) -> list[Row]:
    """Return sales and marketing cost of the last whole months."""
    rows: list[Row] = []
    month = today.replace(day=1)
    for back in range(months):
        month = (month - dt.timedelta(days=1)).replace(day=1)
        growth = 1 - back * 0.012
        rows.append(
            {"month": month, "category": "sales", "amount_cents": int(rng.gauss(5_200_000, 300_000) * growth)}
        )
        rows.append(
            {
                "month": month,
                "category": "marketing",
                "amount_cents": int(rng.gauss(2_700_000, 350_000) * growth),
            }
        )
    return rows
