"""The cohort table as text: a table for a terminal, a CSV for a spreadsheet."""

import csv
import io
from typing import Any

from metrics.kpi_output import UNKNOWN


def as_csv(report: dict[str, Any]) -> str:
    """Return one line per cohort and month since its start; what is not known is empty."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["cohort", "month", "customers", "customer_share", "mrr", "mrr_share"])
    for cohort in report["cohorts"]:
        columns = (cohort[name] for name in ("customers", "customer_shares", "mrr", "mrr_shares"))
        for month, cells in enumerate(zip(*columns, strict=True)):
            lines.writerow([cohort["month"], month, *("" if cell is None else cell for cell in cells)])
    return text.getvalue()


def as_table(report: dict[str, Any]) -> str:
    """Return two blocks, customers and MRR, with a line per cohort and a column per month since its start."""
    blocks = (
        _block("customers", report["cohorts"], "customer_shares"),
        _block("mrr", report["cohorts"], "mrr_shares"),
    )
    return "\n\n".join(blocks) + "\n"


def _block(name: str, cohorts: list[dict[str, Any]], shares: str) -> str:
    longest = max((len(cohort[shares]) for cohort in cohorts), default=0)
    lines = [[name, "started", *(str(n) for n in range(longest))]]
    lines += [
        [cohort["month"], str(cohort["started"]), *(_cell(share) for share in cohort[shares])]
        for cohort in cohorts
    ]
    width = max(len(cell) for line in lines for cell in line)
    return "\n".join("  ".join(cell.rjust(width) for cell in line).rstrip() for line in lines)


def _cell(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share * 100:.1f} %"
