"""Spans of one subscription must not overlap: judged over the whole file laid over what is there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from customers.models import Subscription
from ingest.apply.context import Run
from ingest.apply.facts import resulting
from ingest.apply.links import refuse
from ingest.apply.tables import snapshot
from ingest.reasons import Rejected
from ingest.staging import Staged

GROUP = 500


@dataclass(frozen=True)
class Span:
    """The half-open span of one row, end None = open. `line` 0: not of the file."""

    start: dt.date
    end: dt.date | None
    line: int = 0

    def overlaps(self, other: "Span") -> bool:
        """Tell whether both cover a day; an empty span covers none."""
        if self.end == self.start or other.end == other.start:
            return False
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


def judge(known: Sequence[Span], wanted: Sequence[Span]) -> dict[dt.date, Span]:
    """Return which wanted rows (by start) overlap one before them in the file or one that stays, and that one. Pure.

    A wanted row takes the place of the known one with its start; where it is refused the known one stays,
    so all are judged again until nothing more is refused.
    """
    refused: dict[dt.date, Span] = {}
    while True:
        coming = {span.start for span in wanted} - refused.keys()
        accepted = [span for span in known if span.start not in coming]
        before = len(refused)
        for span in sorted(wanted, key=lambda one: one.line):
            if span.start in refused:
                continue
            other = next((one for one in accepted if one.start != span.start and one.overlaps(span)), None)
            if other is not None:
                refused[span.start] = other
            else:
                accepted.append(span)
        if len(refused) == before:
            return refused


def judge_overlaps(run: Run) -> None:
    """Take the rows out of a subscriptions file that would overlap once all of it is applied."""
    refusals: list[tuple[Staged, Rejected]] = []
    for rows in run.staging.by_key(GROUP):
        by_id: dict[str, list[Staged]] = {}
        for row in rows:
            by_id.setdefault(row.values["external_id"], []).append(row)
        there: dict[str, dict[dt.date, Subscription]] = {}
        for known in Subscription.objects.filter(external_id__in=list(by_id)).order_by():
            there.setdefault(known.external_id, {})[known.starts_on] = known
        for external_id, group in by_id.items():
            refusals += _judge_one(run, there.get(external_id, {}), group)
    for row, why in sorted(refusals, key=lambda one: one[0].line):
        refuse(run, row, why)


def _judge_one(
    run: Run, known: dict[dt.date, Subscription], group: list[Staged]
) -> list[tuple[Staged, Rejected]]:
    wanted = []
    for row in group:
        start = row.values["starts_on"]
        end = row.values.get("ends_on")
        if start in known:
            given = {"ends_on": end} if "ends_on" in row.values else {}
            end = resulting(run, snapshot(known[start]), given, None).get("ends_on", known[start].ends_on)
        if end is None or end >= start:  # one that ends before it starts is refused when it is applied
            wanted.append(Span(start, end, row.line))
    spans = [Span(one.starts_on, one.ends_on) for one in known.values()]
    refused = judge(spans, wanted)
    return [
        (row, _why(row, refused[row.values["starts_on"]]))
        for row in group
        if row.values["starts_on"] in refused
    ]


def _why(row: Staged, other: Span) -> Rejected:
    return Rejected(
        "starts_on",
        "overlaps_line" if other.line else "overlaps",
        start=row.values["starts_on"],
        end=row.values.get("ends_on") or "…",
        other=other.start,
        line=other.line,
    )
