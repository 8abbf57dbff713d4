"""`bench answers`: presses of the button at a steady rate, by the real server, beside a bare INSERT of the same row.

A web server (gunicorn, as `serve` starts it) answers on a port of its own with a scratch database. Presses arrive at a
fixed rate, whether or not the ones before are answered (open loop), so a slow answer is not hidden by a slower asker.
"""

import datetime as dt
import time as clock
from typing import Any
from urllib.parse import urlencode

from django.core.management.base import CommandParser
from django.db import connection

from core import benchmarks, time
from core.bench_server import Call, call_all, processor_seconds, quantile, serving
from customers.models import Contact, Customer
from surveys.models import Invitation, Link, Response, Survey
from surveys.stamps import stamp_new
from surveys.tokens import link_new

FLOOR_MS = 50.0
SCORES = (10, 9, 8, 10, 9, 7, 10, 9, 3, 8)  # one in ten is low and opens a case
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"

FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": PHONE}


def arguments(parser: CommandParser) -> None:
    """Options of `bench answers`."""
    parser.add_argument("--rate", type=int, default=200, help="presses a second")
    parser.add_argument("--seconds", type=int, default=20, help="how long")
    parser.add_argument("--workers", type=int, default=2, help="processes of the web server")
    parser.add_argument("--threads", type=int, default=4, help="threads of each")


def bench_answers(options: dict[str, Any]) -> dict[str, Any]:
    """Measure the presses; the floor is p95 under 50 ms at the rate asked for."""
    with benchmarks.scratch_database():
        count = options["rate"] * options["seconds"]
        presses = _invite(count + options["rate"])
        bare = _bare_inserts(500)
        with serving(workers=options["workers"], threads=options["threads"]) as (port, server):
            call_all(port, presses[count : count + 1], 1)  # the first one imports what it needs
            call_all(port, presses[count + 1 :], options["rate"])  # warm up
            before = processor_seconds(server)
            took = call_all(port, presses[:count], options["rate"])
            spent = processor_seconds(server) - before
        recorded = Response.objects.counted().count()
        connection.close()
    milliseconds = sorted(1000 * one for one in took)
    p95 = quantile(milliseconds, 0.95)
    inserts = sorted(1000 * one for one in bare)
    return {
        "presses": len(took),
        "recorded": recorded - options["rate"],
        "rate": options["rate"],
        "p50_ms": round(quantile(milliseconds, 0.5), 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(quantile(milliseconds, 0.99), 2),
        "web_processor_ms_each": round(1000 * spent / count, 2),
        "bare_insert_p50_ms": round(quantile(inserts, 0.5), 3),
        "bare_insert_p95_ms": round(quantile(inserts, 0.95), 3),
        "times_a_bare_insert": round(quantile(milliseconds, 0.5) / quantile(inserts, 0.5), 1),
        "floor": {"p95_ms": FLOOR_MS},
        "ok": p95 < FLOOR_MS and recorded - options["rate"] == len(took),
    }


def _invite(count: int) -> list[Call]:
    """Make so many invitations; return a press of each, its page given out ten seconds ago."""
    survey = Survey.objects.create(kind="nps", name="Bench")
    customer = Customer.objects.create(external_id="bench", name="Bench")
    people = Contact.objects.bulk_create(
        [Contact(customer=customer, email=f"p{n}@bench.test", name=f"Person {n}") for n in range(count)]
    )
    made = Invitation.objects.bulk_create(
        [Invitation(survey=survey, customer=customer, contact=person) for person in people]
    )
    moment = time.now() - dt.timedelta(seconds=10)
    presses = []
    for n, one in enumerate(made):
        token = link_new(Link.Purpose.ANSWER, invitation=one)
        form = {
            "score": SCORES[n % len(SCORES)],
            "comment": "Works well for us",
            "v": stamp_new(n + 1, one.pk, moment),
        }
        presses.append(Call(f"/s/{token}/", urlencode(form), FORM, status=303))
    return presses


def _bare_inserts(count: int) -> list[float]:
    """Return how long a bare INSERT of the answer's row takes, each committed by itself."""
    customer = Customer.objects.get(external_id="bench")
    sql = (
        "INSERT INTO surveys_response (external_id, survey, campaign, customer_id, score, comment, language, "
        "may_contact, answered_at, recorded_at, held, marks, decision, sentiment_by_hand) "
        "VALUES (%s, 'nps', '', %s, 9, 'Works well for us', 'en', %s, %s, %s, %s, '[]', '', %s)"
    )
    took = []
    now = time.now() if connection.vendor != "sqlite" else time.now().isoformat()
    with connection.cursor() as cursor:
        for n in range(count):
            begun = clock.perf_counter()
            cursor.execute(sql, [f"bare{n}", customer.pk, False, now, now, False, False])
            took.append(clock.perf_counter() - begun)
    Response.objects.filter(external_id__startswith="bare").delete()
    return took


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("answers", bench_answers, arguments)
