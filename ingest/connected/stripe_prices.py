"""What a subscription's items cost a month, after discounts. Pure: `Decimal` in hundredths of the currency."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from ingest.connected.sent import Facts, id_of, listed, mapping, moment, text

NO_CENTS = frozenset(
    [
        "bif",
        "clp",
        "djf",
        "gnf",
        "jpy",
        "kmf",
        "krw",
        "mga",
        "pyg",
        "rwf",
        "ugx",
        "vnd",
        "vuv",
        "xaf",
        "xof",
        "xpf",
    ]
)
MILS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
PER_MONTH = {
    "month": Decimal(1),
    "year": Decimal(1) / 12,
    "week": Decimal(52) / 12,
    "day": Decimal(365) / 12,
}


class Unpriced(Exception):  # noqa: N818
    """What an item costs cannot be told; `about` names it."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(code)
        self.code, self.about = code, about


def hundredths(amount: Any, currency: str) -> Decimal | None:
    """Return an amount in the currency's smallest unit as hundredths; None for what is no number."""
    try:
        found = Decimal(str(amount)) if amount is not None and not isinstance(amount, bool) else None
    except InvalidOperation:
        return None
    if found is None or not found.is_finite():
        return None
    return found * 100 if currency in NO_CENTS else found / 10 if currency in MILS else found


def item_facts(item: dict[str, Any]) -> Facts:
    """Cut an item down: its price (or `plan`, as older versions say), quantity, interval and discounts."""
    price = mapping(item.get("price")) or mapping(item.get("plan"))
    recurring = mapping(price.get("recurring")) or price
    product = price.get("product")
    divide = mapping(price.get("transform_quantity"))
    amount = price.get("unit_amount_decimal") or price.get("amount_decimal")
    if amount is None:
        amount = price.get("unit_amount") if "unit_amount" in price else price.get("amount")
    return {
        "id": id_of(item),
        "created": item.get("created") or 0,
        "product": text(mapping(product).get("name"), 120) or id_of(product) or id_of(price),
        "plan": text(price.get("nickname"), 120) or text(price.get("lookup_key"), 120) or id_of(price),
        "amount": None if amount is None else str(amount),
        "currency": text(price.get("currency"), 3).lower(),
        "interval": text(recurring.get("interval"), 10),
        "every": recurring.get("interval_count") or 1,
        "metered": recurring.get("usage_type") == "metered",
        "seats": item.get("quantity") if isinstance(item.get("quantity"), int) else None,
        "divide": divide.get("divide_by") or 1,
        "round": text(divide.get("round"), 5),
        "discounts": [discount_facts(one) for one in listed(item.get("discounts"))],
    }


def discount_facts(said: Any) -> Facts:
    """Cut a discount down: named only, with its coupon inside, or with a `source` that names it (since 2025)."""
    if not isinstance(said, dict):
        return {"id": id_of(said)}
    coupon = said.get("coupon") or mapping(said.get("source")).get("coupon")
    terms = mapping(coupon)
    return {
        "id": id_of(said),
        "coupon": id_of(coupon),
        "known": bool(terms),
        "percent": terms.get("percent_off"),
        "amount": terms.get("amount_off"),
        "currency": text(terms.get("currency"), 3).lower(),
        "once": terms.get("duration") == "once",
        "end": said.get("end"),
    }


def monthly(facts: Facts, known: Mapping[str, Facts], at: dt.datetime) -> dict[str, int]:
    """Return what each item of a subscription costs a month, in whole hundredths, as of a moment.

    `known` are discounts and coupons by id, for those that are only named. A discount of one invoice counts
    for nothing; an amount off the whole is shared out by what the items cost. Raises `Unpriced`.
    """
    prices: dict[str, Decimal] = {}
    for item in facts["items"]:
        if not item["metered"]:
            prices[item["id"]] = _off(_gross(item), _in_force(item["discounts"], known, at), item)
    for one in _in_force(facts["discounts"], known, at):
        if one["percent"]:
            prices = {key: price * _kept(one) for key, price in prices.items()}
        elif whole := sum(prices.values()):
            first = next(item for item in facts["items"] if not item["metered"])
            off = min(_per_month(hundredths(one["amount"], one["currency"]) or Decimal(0), first), whole)
            prices = {key: price - off * price / whole for key, price in prices.items()}
    return {key: int(price.to_integral_value(ROUND_HALF_EVEN)) for key, price in prices.items()}


def _gross(item: Facts) -> Decimal:
    amount = hundredths(item["amount"], item["currency"])
    if amount is None:
        raise Unpriced("amount_unknown", item["plan"] or item["id"])
    count = Decimal(1 if item["seats"] is None else item["seats"])
    packs = count / Decimal(item["divide"])
    if item["round"]:
        packs = packs.to_integral_value("ROUND_UP" if item["round"] == "up" else "ROUND_DOWN")
    return _per_month(amount * packs, item)


def _per_month(amount: Decimal, item: Facts) -> Decimal:
    share = PER_MONTH.get(item["interval"])
    if share is None:
        raise Unpriced("interval_unknown", item["interval"] or item["id"])
    return amount * share / Decimal(item["every"])


def _off(price: Decimal, discounts: Sequence[Facts], item: Facts) -> Decimal:
    for one in discounts:
        if one["percent"]:
            price *= _kept(one)
        else:
            off = _per_month(hundredths(one["amount"], one["currency"]) or Decimal(0), item)
            price = max(price - off, Decimal(0))
    return price


def _kept(discount: Facts) -> Decimal:
    return 1 - min(Decimal(str(discount["percent"])), Decimal(100)) / 100


def _in_force(discounts: Sequence[Facts], known: Mapping[str, Facts], at: dt.datetime) -> list[Facts]:
    """Return the discounts that count at a moment, with what they take off. Raises `Unpriced`."""
    found = []
    for one in discounts:
        whole = one if one.get("known") else _looked_up(one, known)
        end = moment(whole.get("end"))
        if not whole["once"] and (end is None or at < end):
            found.append(whole)
    return found


def _looked_up(one: Facts, known: Mapping[str, Facts]) -> Facts:
    discount = known.get(one["id"], one)
    if discount.get("known"):
        return discount
    coupon = known.get(discount.get("coupon", ""))
    if coupon is None:
        raise Unpriced("discount_unknown", one["id"] or one.get("coupon", ""))
    return {**coupon, "end": discount.get("end")}
