"""`bench answers`: presses of the button at a steady rate, by the real server, beside a bare INSERT of the same row.

A web server (gunicorn, as `serve` starts it) answers on a port of its own with a scratch database. Presses arrive at a
fixed rate, whether or not the ones before are answered (open loop), so a slow answer is not hidden by a slower asker.
"""

import datetime as dt
import http.client
import os
import socket
import subprocess
import sys
import threading
import time as clock
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connection

from core import benchmarks, time
from customers.models import Contact, Customer
from surveys.models import Invitation, Link, Response, Survey
from surveys.stamps import stamp_new
from surveys.tokens import link_new

FLOOR_MS = 50.0
SCORES = (10, 9, 8, 10, 9, 7, 10, 9, 3, 8)  # one in ten is low and opens a case
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"


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
        port = _free_port()
        server = _serve(port, options["workers"], options["threads"])
        try:
            _wait_for(port)
            _press_all(port, presses[count : count + 1], 1)  # the first one imports what it needs
            _press_all(port, presses[count + 1 :], options["rate"])  # warm up
            before = _processor_seconds(server.pid)
            took = _press_all(port, presses[:count], options["rate"])
            spent = _processor_seconds(server.pid) - before
        finally:
            server.terminate()
            server.wait(timeout=120)
        recorded = Response.objects.counted().count()
        connection.close()
    milliseconds = sorted(1000 * one for one in took)
    p95 = _quantile(milliseconds, 0.95)
    inserts = sorted(1000 * one for one in bare)
    return {
        "presses": len(took),
        "recorded": recorded - options["rate"],
        "rate": options["rate"],
        "p50_ms": round(_quantile(milliseconds, 0.5), 2),
        "p95_ms": round(p95, 2),
        "p99_ms": round(_quantile(milliseconds, 0.99), 2),
        "web_processor_ms_each": round(1000 * spent / count, 2),
        "bare_insert_p50_ms": round(_quantile(inserts, 0.5), 3),
        "bare_insert_p95_ms": round(_quantile(inserts, 0.95), 3),
        "times_a_bare_insert": round(_quantile(milliseconds, 0.5) / _quantile(inserts, 0.5), 1),
        "floor": {"p95_ms": FLOOR_MS},
        "ok": p95 < FLOOR_MS and recorded - options["rate"] == len(took),
    }


def _invite(count: int) -> list[tuple[str, str]]:
    """Make so many invitations; return the path and the form of each press, its page given out ten seconds ago."""
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
        presses.append((f"/s/{token}/", urlencode(form)))
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


def _serve(port: int, workers: int, threads: int) -> "subprocess.Popen[bytes]":
    """Start the web server on the scratch database."""
    of = connection.settings_dict
    url = (
        f"sqlite:///{of['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT'] or 5432}/{of['NAME']}"
    )
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload", "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--threads", str(threads), "--worker-class", "gthread", "--log-level", "error",
    ]  # fmt: skip
    return subprocess.Popen(  # noqa: S603  # our own interpreter and options
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": url, "DEBUG": "0", "LOG_LEVEL": "ERROR"},
    )


def _processor_seconds(server: int) -> float:
    """Return the processor time of the server's processes so far; 0 where the system does not tell."""
    try:
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    except OSError:
        return 0.0
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def _press_all(port: int, presses: Sequence[tuple[str, str]], rate: int) -> list[float]:
    """Press at a steady rate; return the seconds from the moment each press was due to its answer."""
    due: SimpleQueue[tuple[float, tuple[str, str]] | None] = SimpleQueue()
    took: list[float] = []
    lock = threading.Lock()

    def work() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while (job := due.get()) is not None:
            moment, (path, form) = job
            clock.sleep(max(0.0, moment - clock.perf_counter()))
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "User-Agent": PHONE,
                "Host": "localhost",
            }
            link.request("POST", path, form, headers)
            answer = link.getresponse()
            answer.read()
            if answer.status != 303:
                raise RuntimeError(f"A press was answered {answer.status}")
            with lock:
                took.append(clock.perf_counter() - moment)

    hands = [threading.Thread(target=work) for _ in range(32)]
    first = clock.perf_counter() + 0.2
    for n, press in enumerate(presses):
        due.put((first + n / rate, press))
    for _ in hands:
        due.put(None)
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return took


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            clock.sleep(0.1)
    raise RuntimeError("The web server did not start")


def register() -> None:
    """Make the benchmark known."""
    benchmarks.register("answers", bench_answers, arguments)
