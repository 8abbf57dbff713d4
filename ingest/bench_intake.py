"""`bench intake`: events over HTTP, durable when answered, beside a bare COPY of their rows and reading their JSON.

A web server (gunicorn, as `serve` starts it) answers with a scratch database; what it answered 200 for is counted.
"""

import base64
import datetime as dt
import json
import random
import time as clock
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser
from django.db import connection

from accounts.models import User
from accounts.permissions import Role
from accounts.services.tokens import token_create
from core import benchmarks
from core.bench_server import Call, call_all, processor_seconds, quantile, serving
from customers.models import Customer
from ingest.bench import bare_copy
from metrics.models import UsageEvent

SHARE, P95_MS = 0.25, 30.0
CUSTOMERS, PEOPLE, DAYS = 2_000, 20, 28
EVENTS = ("Login", "Report opened", "Export done", "Invoice sent", "Bank connected", "Month closed")
CLIENTS = 4


def arguments(parser: CommandParser) -> None:
    """Options of `bench intake`."""
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--batch", type=int, default=500, help="events a call")
    parser.add_argument("--rate", type=int, default=200, help="single calls a second")
    parser.add_argument("--seconds", type=int, default=20, help="how long single calls are made")
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--threads", type=int, default=4, help="threads of each")


def bench_intake(options: dict[str, Any]) -> dict[str, Any]:
    """Measure batches and single calls; the floors are a share of the rate of a bare COPY, and a p95."""
    with benchmarks.scratch_database():
        headers = _prepare()
        chance = random.Random(1)  # noqa: S311  (events of a benchmark)
        batches = [
            _call(
                "/v1/batch", {"batch": [_event(n, chance) for n in range(at, at + options["batch"])]}, headers
            )
            for at in range(0, options["events"], options["batch"])
        ]
        singles = [
            _call("/v1/track", _event(10**9 + n, chance), headers)
            for n in range(options["rate"] * (options["seconds"] + 2))
        ]
        parsing = _parse(batches)
        with serving(workers=options["workers"], threads=options["threads"]) as (port, server):
            call_all(port, singles[: options["rate"] * 2], options["rate"])  # warm up
            warm = UsageEvent.objects.count()
            before = processor_seconds(server)
            begun = clock.perf_counter()
            call_all(port, batches, hands=CLIENTS)
            seconds = clock.perf_counter() - begun
            spent = processor_seconds(server) - before
            stored = UsageEvent.objects.count() - warm
            before, alone = processor_seconds(server), singles[options["rate"] * 2 :]
            took = sorted(1000 * one for one in call_all(port, alone, options["rate"]))
            spent_alone = processor_seconds(server) - before
        copied = bare_copy() if connection.vendor == "postgresql" else None
        rows = UsageEvent.objects.count()
        connection.close()
    p95 = quantile(took, 0.95)
    figures: dict[str, Any] = {
        "events": options["events"],
        "batch": options["batch"],
        "stored": stored,
        "events_per_second": round(stored / seconds),
        "web_processor_us_each": round(1e6 * spent / stored, 1),
        "parsing_events_per_second": round(options["events"] / parsing),
        "single_rate": options["rate"],
        "single_web_processor_ms_each": round(1000 * spent_alone / len(alone), 2),
        "single_p50_ms": round(quantile(took, 0.5), 2),
        "single_p95_ms": round(p95, 2),
        "floor": {"share_of_copy_rate": SHARE, "single_p95_ms": P95_MS},
        "ok": p95 < P95_MS and stored == options["events"],
    }
    if copied is not None:
        share = (stored / seconds) / (rows / copied)
        figures |= {"copy_rows_per_second": round(rows / copied), "share_of_copy_rate": round(share, 3)}
        figures["ok"] = figures["ok"] and share >= SHARE
    return figures


def _prepare() -> dict[str, str]:
    """Make customers and a token; return the headers with which a library sends."""
    Customer.objects.bulk_create(
        [Customer(external_id=f"b{n}", name=f"Bench {n}") for n in range(CUSTOMERS)], batch_size=1000
    )
    admin = User.objects.create(email="bench@bench.test", role=Role.ADMIN, is_active=True)
    token = token_create(
        actor=admin, name="Bench", scopes=["ingest"], expires_at=None, integration_role="manager"
    )
    secret = base64.b64encode(f"{token.raw}:".encode()).decode()
    return {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}


def _event(number: int, chance: random.Random) -> dict[str, Any]:
    """Return an event as the published libraries write it."""
    customer = chance.randrange(CUSTOMERS)
    moment = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(
        days=chance.randrange(DAYS), seconds=chance.randrange(30_000)
    )
    return {
        "type": "track",
        "userId": f"person{chance.randrange(PEOPLE)}@b{customer}.test",
        "event": chance.choice(EVENTS),
        "messageId": f"{number:08x}-{chance.getrandbits(64):016x}",
        "timestamp": moment.isoformat(),
        "properties": {"plan": "pro", "total": number % 97},
        "context": {"groupId": f"b{customer}", "library": {"name": "analytics-python", "version": "2.4.0"}},
    }


def _call(path: str, body: dict[str, Any], headers: dict[str, str]) -> Call:
    return Call(path, json.dumps(body), headers)


def _parse(batches: Sequence[Call]) -> float:
    """Return the seconds that reading the calls' JSON takes, in this one process."""
    begun = clock.perf_counter()
    for one in batches:
        json.loads(one.body)
    return clock.perf_counter() - begun


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("intake", bench_intake, arguments)
