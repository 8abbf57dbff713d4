"""The tiles of each scale, and what a score says: low, middle or high."""

from surveys.models.kinds import SCALES

TILES: dict[str, tuple[int, ...]] = {
    "nps": tuple(range(11)),
    "csat": tuple(range(1, 6)),
    "ces": tuple(range(1, 8)),
    "success": tuple(range(0, 101, 10)),
}
# Highest low score, lowest high score. A low one opens a case (surveys/loop.py) but for the check-in, whose
# low answers are the success plan's matter.
LOW = {"nps": 6, "csat": 2, "ces": 3, "success": 30}
HIGH = {"nps": 9, "csat": 4, "ces": 5, "success": 80}


def level(kind: str, score: int) -> str:
    """Return `low`, `middle` or `high`."""
    if score <= LOW[kind]:
        return "low"
    return "high" if score >= HIGH[kind] else "middle"


def score_read(kind: str, raw: list[str]) -> int | None:
    """Return the score that a form or address gives, None unless it is exactly one whole number of the scale.

    Only plain digits count: `+9`, `9.0`, `９` and `09` are refused.
    """
    if len(raw) != 1 or not (raw[0].isascii() and raw[0].isdigit()) or len(raw[0]) > 3:
        return None
    score = int(raw[0])
    low, high = SCALES[kind]
    return score if str(score) == raw[0] and low <= score <= high else None
