"""`bench pages`: how long the server takes for the pages people live in, at 10 000 customers and more."""

import statistics
import time as clock
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import CommandParser
from django.db import connection
from django.test import Client, override_settings

from accounts.models import User
from accounts.permissions import Role
from core import benchmarks
from customers.models import Customer
from workspace.bench_data import fill

FLOOR_MS = 150  # p95 of the portfolio page at 10 000 customers
FLOOR_AT = 10_000
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WARM_UP = 3

PORTFOLIO = {
    "all, by name": "/portfolio/",
    "by MRR": "/portfolio/?sort=-mrr",
    "by renewal, six months": "/portfolio/?view=renewing",
    "by owner": "/portfolio/?sort=owner",
    "by MRR change": "/portfolio/?sort=mrr_change",
    "usage falling": "/portfolio/?view=falling",
    "segment, stage, tag, MRR": "/portfolio/?segment=mid&stage__not=onboarding&tag=tag3&mrr__min=500&sort=-mrr",
    "search for a name": "/portfolio/?q=vale+12",
    "search for a person": "/portfolio/?q=person5@c77",
    "60 rows, every column": "/portfolio/?rows=60&cols=segment,stage,mrr,mrr_change,active,renewal,touch,"
    "tickets,nps,owner,paid,seats,started",
    "as of 20 days ago": "/portfolio/?as_of={past}&sort=-mrr",
}
OTHERS = {
    "customer page": "/customers/{customer}/",
    "metrics": "/metrics/",
    "a figure, by owner, 24 periods": "/metrics/customer_churn_rate/?by=owner&n=24",
    "search page": "/search/?q=vale+12",
    "search, a slip of the finger": "/search/?q=vael+verde",
    "portfolio API": "/api/v1/portfolio/?ordering=-mrr&segment=mid",
}


def arguments(parser: CommandParser) -> None:
    """Options of `bench pages`."""
    parser.add_argument("--customers", default="10000", help="sizes, separated by commas")
    parser.add_argument("--days", type=int, default=62, help="nights of history to build")
    parser.add_argument("--requests", type=int, default=20, help="requests a page")


def bench_pages(options: dict[str, Any]) -> dict[str, Any]:
    """Measure every page at every size in a scratch database beside the configured one."""
    sizes = [int(size) for size in str(options["customers"]).split(",")]
    found = {}
    for size in sizes:
        with _scratch_database():
            built = fill(customers=size, days=int(options["days"]))
            found[str(size)] = {"build_seconds": built} | _measure(int(options["requests"]))
    ok = all(
        figures["portfolio"]["p95_ms"] < FLOOR_MS for size, figures in found.items() if int(size) <= FLOOR_AT
    )
    return {"sizes": found, "floor": {"portfolio_p95_ms": FLOOR_MS, "customers": FLOOR_AT}, "ok": ok}


@contextmanager
def _scratch_database() -> Iterator[None]:
    """Work in an empty database of our own, and take it away again."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if connection.vendor == "sqlite":
        test["NAME"] = str(Path(settings.VAR_DIR) / "bench.sqlite3")
    usual = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = test.get("NAME") or f"bench_{usual}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        cache.clear()
        connection.creation.destroy_test_db(usual, verbosity=0)


def _measure(requests: int) -> dict[str, Any]:
    """Return the times of every page, and of all portfolio requests together."""
    places = {
        "past": str(_past()),
        "customer": str(Customer.objects.order_by("-pk").values_list("pk", flat=True)[0]),
    }
    plain = {"default": settings.STORAGES["default"]} | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(STORAGES=plain, LOGGING_CONFIG=None):
        client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        person = User.objects.get(role=Role.MANAGER)
        client.force_login(person, backend=BACKEND)
        pages = {name: _times(client, url.format(**places), requests) for name, url in PORTFOLIO.items()}
        pages["counts not kept"] = _times(client, "/portfolio/", requests, before=cache.clear)
        others = {name: _times(client, url.format(**places), requests) for name, url in OTHERS.items()}
    together = [time for times in pages.values() for time in times]
    return {
        "portfolio": _figures(together) | {"pages": {name: _figures(times) for name, times in pages.items()}},
        "others": {name: _figures(times) for name, times in others.items()},
    }


def _past() -> Any:
    from metrics.models import Night

    return list(Night.objects.order_by("-day").values_list("day", flat=True)[:20])[-1]


def _times(client: Client, url: str, requests: int, before: Callable[[], Any] = lambda: None) -> list[float]:
    """Return the milliseconds of each request, after some that do not count."""
    times = []
    for at in range(WARM_UP + requests):
        before()
        start = clock.perf_counter()
        response = client.get(url, secure=settings.SECURE_SSL_REDIRECT)
        taken = (clock.perf_counter() - start) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
        if at >= WARM_UP:
            times.append(taken)
    return times


def _figures(times: list[float]) -> dict[str, Any]:
    ordered = sorted(times)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(p95, 1),
        "requests": len(ordered),
    }


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("pages", bench_pages, arguments)
