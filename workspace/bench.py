"""`bench pages`: how long the server takes for the pages people live in, at 10 000 customers and more."""

import statistics
import time as clock
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

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

FLOOR_MS = 150  # p95 of the pages of each kind, taken together
KINDS = ("portfolio", "customer", "metrics", "home")
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
    "search for a person": "/portfolio/?q=person4@c77",
    "60 rows, every column": "/portfolio/?rows=60&cols=segment,stage,mrr,mrr_change,active,renewal,touch,"
    "tickets,nps,owner,paid,seats,started",
    "as of 20 days ago": "/portfolio/?as_of={past}&sort=-mrr",
}
HOME = {"home": "/"}
CUSTOMER = {
    "customer page": "/customers/{customer}/",
    "as of 20 days ago": "/customers/{customer}/?as_of={past}",
}
METRICS = {
    "board": "/metrics/",
    "a figure, by owner, 24 periods": "/metrics/customer_churn_rate/?by=owner&n=24",
}
OTHERS = {
    "search page": "/search/?q=vale+12",
    "search, a slip of the finger": "/search/?q=vael+verde",
    "portfolio API": "/api/v1/portfolio/?ordering=-mrr&segment=mid",
}


class Taken(NamedTuple):
    """Milliseconds of a request: on the clock, of this process's processor, and of the database's for it."""

    clock: float
    processor: float
    database: float


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
        with benchmarks.scratch_database():
            built = fill(customers=size, days=int(options["days"]))
            found[str(size)] = {"build_seconds": built} | _measure(int(options["requests"]))
    slow = [
        f"{kind} at {size}"
        for size, figures in found.items()
        for kind in KINDS
        if figures[kind]["p95_ms"] > FLOOR_MS
    ]
    return {"sizes": found, "floor": {"p95_ms": FLOOR_MS, "missed": slow}, "ok": not slow}


def _measure(requests: int) -> dict[str, Any]:
    """Return the times of every page, and of all pages of a kind together."""
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
        kinds = {
            "portfolio": PORTFOLIO,
            "customer": CUSTOMER,
            "metrics": METRICS,
            "home": HOME,
            "others": OTHERS,
        }
        times = {
            kind: {name: _times(client, url.format(**places), requests) for name, url in pages.items()}
            for kind, pages in kinds.items()
        }
        times["portfolio"]["counts not kept"] = _times(client, "/portfolio/", requests, before=cache.clear)
    return {
        kind: _figures([one for pages in of.values() for one in pages])
        | {"pages": {name: _figures(ones) for name, ones in of.items()}}
        for kind, of in times.items()
    }


def _past() -> Any:
    from metrics.models import Night

    return list(Night.objects.order_by("-day").values_list("day", flat=True)[:20])[-1]


def _times(client: Client, url: str, requests: int, before: Callable[[], Any] = lambda: None) -> list[Taken]:
    """Return the milliseconds of each request (of all, where one leads to another), after some that do not count."""
    times: list[Taken] = []
    process = _database_process()
    for at in range(WARM_UP + requests):
        before()
        start, busy, theirs = clock.perf_counter(), clock.process_time(), _database_ms(process)
        response = client.get(url, secure=settings.SECURE_SSL_REDIRECT, follow=True)
        taken = Taken(
            (clock.perf_counter() - start) * 1000,
            (clock.process_time() - busy) * 1000,
            _database_ms(process) - theirs,
        )
        if response.status_code != 200:
            raise SystemExit(f"{url} answered {response.status_code}")
        if at >= WARM_UP:
            times.append(taken)
    return times


def _database_process() -> Path | None:
    """Return where this machine tells of PostgreSQL's process for our connection; None elsewhere."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return told if told.exists() else None


def _database_ms(process: Path | None) -> float:
    return int(process.read_text().split()[0]) / 1e6 if process else 0.0


def _figures(times: list[Taken]) -> dict[str, Any]:
    """Return the middle and the 95th of 100 times; `processor`: of this process and of the database's for it."""
    return {
        "p50_ms": round(statistics.median(one.clock for one in times), 1),
        "p95_ms": _p95([one.clock for one in times]),
        "p95_processor_ms": _p95([one.processor + one.database for one in times]),
        "p95_database_ms": _p95([one.database for one in times]),
        "requests": len(times),
    }


def _p95(times: list[float]) -> float:
    return round(sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)], 1)


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("pages", bench_pages, arguments)
