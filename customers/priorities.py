"""What a ticket's priority is called: help desks send their own words, the usual ones are read in the reader's."""

from django.utils.translation import pgettext

# As help desks write them, in English and Portuguese; anything else is shown as it was sent.
_USUAL = {
    "low": "low",
    "baixa": "low",
    "normal": "normal",
    "medium": "normal",
    "média": "normal",
    "media": "normal",
    "high": "high",
    "alta": "high",
    "urgent": "urgent",
    "urgente": "urgent",
    "critical": "urgent",
    "crítica": "urgent",
}


def priority_word(text: str) -> str:
    """Return a ticket's priority in words; what is not one of the usual ones as it was sent."""
    words = {
        "low": pgettext("ticket priority", "Low"),
        "normal": pgettext("ticket priority", "Normal"),
        "high": pgettext("ticket priority", "High"),
        "urgent": pgettext("ticket priority", "Urgent"),
    }
    usual = _USUAL.get(text.strip().casefold(), "")
    return words.get(usual, text)
