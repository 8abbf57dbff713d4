"""Count the queries of a page: the number must not grow with the rows."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, url: str) -> int:
    """Return how many queries one GET makes; the answer must be 200."""
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
    assert response.status_code == 200, response.status_code
    return len(seen)


def assert_constant_queries(client: Client, url: str, add_rows: Callable[[int], None]) -> None:
    """Render `url` with 3 rows and with 30 and require the same number of queries."""
    add_rows(3)
    client.get(url)
    few = queries_of(client, url)
    add_rows(27)
    many = queries_of(client, url)
    assert few == many, f"{few} queries with 3 rows, {many} with 30: {url}"
