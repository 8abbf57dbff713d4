"""Named reads of batches."""

from django.db.models import QuerySet

from ingest.models import Batch, Rejection
from ingest.staging import Refusal


def batches_newest_first() -> QuerySet[Batch]:
    """Every import, newest first, with who brought it."""
    return Batch.objects.select_related("created_by", "token", "source").order_by("-pk")


def refusals_of(batch: Batch, limit: int | None = None) -> list[Refusal]:
    """The rejected rows of a batch in the order of the file."""
    return [refusal(row) for row in batch.rejections.order_by("line", "pk")[:limit]]


def refusal(row: Rejection) -> Refusal:
    """A stored rejected row as the import gave it."""
    return Refusal(row.line, row.column, row.code, row.params, row.row)
