"""API base: cursor pages."""

from typing import Any

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """`{"next", "previous", "results"}`, constant in cost however deep one pages."""

    ordering = "-pk"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page; the first has no previous one, the last no next."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }
