"""What a target names: a figure there is, and a slice it is cut by."""

from difflib import get_close_matches
from typing import Any

from ingest.reasons import Rejected
from metrics.registry import FIGURES
from metrics.services.targets import known_parts

NEAR = 3


def check_target(row: dict[str, Any]) -> None:
    """Refuse a target of a figure that is not there, naming the nearest, or of a slice that it is not cut by."""
    key = row["key"]
    if key not in FIGURES:
        near = get_close_matches(key.lower(), FIGURES, n=NEAR)
        if near:
            raise Rejected("key", "unknown_figure_near", value=key, near=", ".join(near))
        raise Rejected("key", "unknown_figure", value=key)
    if not row["slice"]:
        return
    by, _equals, part = row["slice"].partition("=")
    cuts = FIGURES[key].cuts
    if not cuts:
        raise Rejected("slice", "figure_of_all", key=key)
    if by not in cuts:
        raise Rejected("slice", "not_cut_so", key=key, value=row["slice"], cuts=", ".join(cuts))
    parts = known_parts(by)
    if parts and part not in parts:
        raise Rejected("slice", "unknown_part", value=row["slice"], parts=", ".join(parts))
