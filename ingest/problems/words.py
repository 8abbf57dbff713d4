"""Why an item is a problem, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "not_an_object": _("An item is no object."),
    "unknown_type": _("The item's type is none that is known."),
    "event_missing": _("The item names no event."),
    "event_too_long": _("The event's name is longer than 120 characters."),
    "id_missing": _("The item names neither userId nor anonymousId."),
    "id_too_long": _("An id is too long: 200 characters for people, 120 for customers."),
    "group_missing": _("A group call names no groupId."),
    "bad_time": _("The time cannot be read; times are written in ISO 8601."),
    "future_time": _("The item lies in the future: its day has not begun here."),
    "bad_text": _("A text holds a sign that no database keeps."),
    "unknown_customer": _("No customer has this ID. The items are kept and go in as soon as it is there."),
    "unknown_person": _(
        "Nobody said at which customer this person is. The items are kept and go in once it is known."
    ),
    "no_signature": _("A call came without a signature and was refused."),
    "bad_signature": _(
        "A call was refused: its signature is not of the secret set up here. Paste the secret anew under Connections."
    ),
    "old_signature": _("A call was refused: it was signed more than five minutes ago, or the clocks differ."),
    "bad_event": _("A call was refused: it is no event that can be read."),
    "other_currency": _("The amount is in another currency than the workspace; nothing of it was written."),
    "amount_unknown": _(
        "The price has no fixed amount (tiers, for example), so what it comes to a month is not known."
    ),
    "interval_unknown": _("The price has an interval that is not day, week, month or year."),
    "discount_unknown": _(
        "Nobody told what a discount takes off. Subscribe to customer.discount and coupon events and send them again."
    ),
    "not_written": _("Something went wrong when this was written; the log has it. Nothing of it went in."),
    "rows_rejected": _("An import rejected rows; the batch lists each with its reason."),
    "too_large": _(
        "The call was refused: it holds more than 1,000 items or 5 MB, or an item of more than 64 KB."
    ),
    "bad_json": _("The call was refused: it is no JSON of the expected form."),
}
KEPT = frozenset({"unknown_customer", "unknown_person"})  # nothing is lost: the items wait
