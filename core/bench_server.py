"""A web server of a benchmark's own, as `serve` starts it, and calls that arrive there at a steady rate."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time as clock
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from django.conf import settings
from django.db import connection

HANDS = 32  # callers at once


@dataclass(frozen=True)
class Call:
    """One call: where to, what, and the answer that is expected."""

    path: str
    body: str | bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@contextmanager
def serving(*, workers: int, threads: int) -> Iterator[tuple[int, int]]:
    """Serve the configured database; give the port and the process. Every process of it ends with the block."""
    port = _free_port()
    server = _serve(port, workers, threads)
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(timeout=120)


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


def processor_seconds(server: int) -> float:
    """Return the processor time of the server's processes so far; 0 where the system does not tell."""
    try:
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        stats = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in children]
    except OSError:
        return 0.0
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / os.sysconf("SC_CLK_TCK")


def call_all(port: int, calls: Sequence[Call], rate: float = 0, hands: int = HANDS) -> list[float]:
    """Call at a steady rate (0: as fast as the hands can); return the seconds from when each was due to its answer.

    At a rate calls do not wait for those before (open loop), so a slow answer is not hidden by a slower asker.
    """
    due: SimpleQueue[tuple[float, Call] | None] = SimpleQueue()
    took: list[float] = []
    wrong: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while (job := due.get()) is not None:
            moment, call = job
            clock.sleep(max(0.0, moment - clock.perf_counter()))
            begun = moment or clock.perf_counter()
            link.request("POST", call.path, call.body, {"Host": "localhost", **call.headers})
            answer = link.getresponse()
            said = answer.read()
            with lock:
                took.append(clock.perf_counter() - begun)
                if answer.status != call.status:
                    wrong.append(f"{answer.status} {said[:200]!r}")

    people = [threading.Thread(target=work) for _ in range(hands)]
    first = clock.perf_counter() + 0.2
    for n, call in enumerate(calls):
        due.put((first + n / rate if rate else 0.0, call))
    for _ in people:
        due.put(None)
    for one in people:
        one.start()
    for one in people:
        one.join()
    if wrong:
        raise RuntimeError(f"{len(wrong)} calls were answered otherwise, the first {wrong[0]}")
    return took


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of values in order; infinite where there are none."""
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
