"""`serve` on an empty installation: it comes up, lets the first admin in, and one signal ends all of it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings

from tests.config.installations import installation

pytestmark = pytest.mark.xdist_group("backup")  # with the other tests that start whole installations


@pytest.fixture
def empty(tmp_path, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), installation(tmp_path / "served", "served") as made:
        yield made


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status, answer.read().decode()


def _wait_until_ready(port, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return _get(f"http://127.0.0.1:{port}/readyz")
        except OSError:  # not yet listening, or listening and not yet answering
            time.sleep(0.2)
    raise AssertionError("It did not come up: see what it printed.")


def _family_of(pid):
    asked = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in asked.stdout.splitlines()]
    family = {str(pid)}
    for _ in range(4):
        family |= {child for child, parent, _ in rows if parent in family}
    return family - {str(pid)}


def _alive(pids):
    asked = subprocess.run(
        ["ps", "-o", "stat=", "-p", ",".join(pids)], capture_output=True, text=True, check=False
    )
    return [state for state in asked.stdout.split() if not state.startswith("Z")]


def test_an_empty_installation_comes_up_lets_the_first_admin_in_and_ends_by_one_signal(empty):
    port = _free_port()
    environment = {
        **os.environ,
        "VAR_DIR": str(empty.folder),
        "DATABASE_URL": empty.database_url,
        "LANGUAGE_CODE": "en",
        "PORT": str(port),
        "DEMO": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert _wait_until_ready(port, process) == (200, "ready\n")
        second = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert f"make run PORT={port + 1}" in second.stderr
        children = _family_of(process.pid)
        assert len(children) >= 3
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert not _alive(children)
    assert f"Zelo answers at http://localhost:{port}" in said
    assert re.search(rf"^  http://localhost:{port}/\S+$", said, flags=re.MULTILINE), said
