"""The intake under a real web server: the published library, lines that are cut, processes that are killed."""

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from segment.analytics.client import Client as SegmentClient

from accounts.services.tokens import token_create
from config import pipeline
from metrics.models import UsageEvent
from tests import factories
from tests.ingest.servers import Server, serving

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = 100
CLIENTS = 8


@pytest.fixture
def key(admin) -> str:
    for n in range(5):
        factories.customer(external_id=f"c{n}")
    made = token_create(
        actor=admin, name="Web app", scopes=["ingest"], expires_at=None, integration_role="manager"
    )
    return made.raw


def events(count: int) -> list[dict]:
    start = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    return [
        {
            "type": "track",
            "userId": f"u{n % 7}",
            "event": "Report opened",
            "messageId": f"m{n}",
            "timestamp": (start + dt.timedelta(days=n % 9)).isoformat(),
            "context": {"groupId": f"c{n % 5}"},
        }
        for n in range(count)
    ]


def send_until_taken(server: Server, key: str, part: list[dict], chance: random.Random, cut: float) -> None:
    """Send a batch until its answer arrives; some lines break before it does."""
    while server.send(key, {"batch": part}, cut=chance.random() < cut) != 200:
        pass


def all_at_once(server: Server, key: str, items: list[dict], *, times: int, cut: float) -> None:
    """Send every item so many times, shuffled anew for each, by eight clients at once."""
    chance = random.Random(5)
    parts = []
    for _ in range(times):
        mixed = chance.sample(items, len(items))
        parts += [mixed[at : at + BATCH] for at in range(0, len(mixed), BATCH)]
    chance.shuffle(parts)
    with ThreadPoolExecutor(CLIENTS) as clients:
        jobs = [
            clients.submit(send_until_taken, server, key, part, random.Random(n), cut)
            for n, part in enumerate(parts)
        ]
        [job.result() for job in jobs]


def exactly(count: int) -> None:
    assert UsageEvent.objects.count() == count
    found = set(UsageEvent.objects.values_list("message_id", "customer__external_id", "day"))
    start = dt.date(2026, 3, 1)
    assert found == {(f"m{n}", f"c{n % 5}", start + dt.timedelta(days=n % 9)) for n in range(count)}


def test_segments_library_for_python_works_unchanged(key, tmp_path):
    failed: list[object] = []
    with serving(tmp_path) as server:
        for packed in (False, True):
            client = SegmentClient(key, host=server.url, gzip=packed, on_error=_note(failed), max_retries=2)
            client.group("ana", "c1", {"name": "Acme"})
            client.identify("ana", {"email": "ana@c1.test"})
            for n in range(150):
                client.track("ana", "Invoice sent", {"total": n}, message_id=f"{packed}-{n}")
            client.page("ana", "Docs", "Start")
            client.flush()
            client.join()
    assert failed == []
    pipeline.finish(["held events"])
    rows = UsageEvent.objects.filter(customer__external_id="c1", person="ana")
    assert rows.filter(event="Invoice sent").count() == 300
    assert rows.filter(event="Viewed Start page").count() == 2


def _node() -> str:
    """Return where Node.js is; without it, or without the package, the test is left out, but never in CI."""
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if beside.exists() else shutil.which("node")
    there = (Path(settings.BASE_DIR) / "node_modules/@segment/analytics-node").exists()
    if "CI" not in os.environ and not (found and there):
        pytest.skip("no Node.js here, or npm ci was not run")
    assert found and there, "Node.js or @segment/analytics-node is missing"
    return found


def test_segments_library_for_node_works_unchanged(key, tmp_path):
    node, script = _node(), Path(__file__).parent / "segment_node.mjs"
    with serving(tmp_path) as server:
        done = subprocess.run(
            [node, str(script), server.url, key, "120"],
            cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pipeline.finish(
        ["held events"]
    )  # its calls run side by side: some came before the one that named the customer
    rows = UsageEvent.objects.filter(customer__external_id="c1", person="ana")
    assert rows.filter(event="Invoice sent").count() == 120
    assert sorted(rows.exclude(event="Invoice sent").values_list("event", flat=True)) == [
        "Docs read", "Viewed Start page",
    ]  # fmt: skip


def _note(failed: list[object]):
    return lambda error, items: failed.append(error)


def everything_is_there_once(key, folder, count: int) -> None:
    with serving(folder) as server:
        all_at_once(server, key, events(count), times=5, cut=0.2)
    exactly(count)


def test_a_thousand_events_five_times_by_eight_clients_with_broken_lines(key, tmp_path):
    everything_is_there_once(key, tmp_path, 1000)


@pytest.mark.long
def test_ten_thousand_events_five_times_by_eight_clients_with_broken_lines(key, tmp_path):
    everything_is_there_once(key, tmp_path, 10_000)


def nothing_is_lost_by_kills(key, folder, kills: int) -> None:
    """Kill a web process again and again while clients send; what got a 200 is there, and nothing twice."""
    items, over, answered = events(BATCH * 20), threading.Event(), threading.Semaphore(0)
    taken: set[str] = set()
    with serving(folder) as server:

        def send(number: int) -> None:
            chance = random.Random(number)
            while not over.is_set():
                at = chance.randrange(0, len(items), BATCH)
                if server.send(key, {"batch": items[at : at + BATCH]}) == 200:
                    taken.update(item["messageId"] for item in items[at : at + BATCH])
                    answered.release()

        with ThreadPoolExecutor(4) as clients:
            jobs = [clients.submit(send, number) for number in range(4)]
            chance = random.Random(9)
            for number in range(kills):
                assert answered.acquire(timeout=60)
                over.wait(chance.uniform(0, 0.1))
                server.kill_a_worker(number)
            over.set()
            [job.result() for job in jobs]
    assert taken and taken <= set(UsageEvent.objects.values_list("message_id", flat=True))
    again = Client(headers={"authorization": f"Bearer {key}"})
    for at in range(0, len(items), BATCH):
        body = {"batch": items[at : at + BATCH]}
        assert again.post("/api/v1/batch", body, content_type="application/json").status_code == 200
    exactly(len(items))


def test_web_processes_killed_at_five_points(key, tmp_path):
    nothing_is_lost_by_kills(key, tmp_path, 5)


@pytest.mark.long
def test_web_processes_killed_at_fifty_points(key, tmp_path):
    nothing_is_lost_by_kills(key, tmp_path, 50)
