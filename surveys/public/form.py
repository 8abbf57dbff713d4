"""What the answer form sent, read strictly: one score of the scale, a comment as text."""

from dataclasses import dataclass

from django.http import QueryDict

from surveys.scales import score_read

COMMENT_LIMIT = 2000
TRAP = "fax_2"  # the hidden field; people do not see it, and no browser fills it in by itself


@dataclass(frozen=True)
class Sent:
    """A form as it arrived; `score` None: missing, twice, not a number, outside the scale."""

    score: int | None
    comment: str
    cut: bool
    may_contact: bool
    stamp: str
    hidden_filled: bool


def read(data: QueryDict, kind: str) -> Sent:
    """Read a form; never raises."""
    raw = data.get("comment", "").replace("\x00", "").replace("\r\n", "\n").strip()
    return Sent(
        score=score_read(kind, data.getlist("score")),
        comment=raw[:COMMENT_LIMIT].rstrip(),
        cut=len(raw) > COMMENT_LIMIT,
        may_contact=data.get("contact") == "1",
        stamp=data.get("v", "")[:200],
        hidden_filled=bool(data.get(TRAP, "")),
    )
