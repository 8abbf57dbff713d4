"""One terminal for all processes: prefixed lines, restarts within bounds, one clean end."""

import io
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from config.processes import Process, beat, web, worker
from config.supervisor import RESTARTS, Supervisor

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"


def _python(name, code):
    return Process(name, (sys.executable, "-c", code))


def _after(condition, act):
    """Run `act` in the background as soon as `condition` holds."""

    def wait():
        deadline = time.monotonic() + 20
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.02)
        act()

    threading.Thread(target=wait, daemon=True).start()


def _alive(pid):
    """Tell whether a process runs; one that nobody has collected yet (a zombie) does not."""
    asked = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False)
    return asked.stdout.strip()[:1] not in {"", "Z"}


def _run(*processes, act=None, condition=None):
    out = io.StringIO()
    if act:
        _after(lambda: condition(out.getvalue()), act)
    status = Supervisor(processes, environment=os.environ, out=out).run()
    return status, out.getvalue()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_every_process(number):
    status, said = _run(
        _python("web", SLEEPER),
        _python("worker", SLEEPER),
        act=lambda: os.kill(os.getpid(), number),
        condition=lambda said: said.count("up") == 2,
    )
    assert status == 0
    assert sorted(said.splitlines()) == ["web    | up", "worker | up"]


def test_a_grandchild_ends_too():
    parent = (
        "import subprocess, sys, time;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print('child', child.pid, flush=True); time.sleep(60)"
    )
    _, said = _run(
        _python("web", parent),
        act=lambda: os.kill(os.getpid(), signal.SIGTERM),
        condition=lambda said: "child" in said,
    )
    pid = said.split()[-1]
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def test_a_process_that_dies_is_named_and_started_again(tmp_path):
    marker = tmp_path / "died-once"
    code = (
        f"import pathlib, time; m = pathlib.Path({str(marker)!r})\n"
        "if not m.exists():\n    m.touch(); raise SystemExit(3)\n"
        "print('second life', flush=True); time.sleep(60)"
    )
    status, said = _run(
        _python("worker", code),
        act=lambda: os.kill(os.getpid(), signal.SIGTERM),
        condition=lambda said: "second life" in said,
    )
    assert status == 0
    assert "worker ended with status 3; starting it again." in said


def test_a_process_that_does_not_stay_up_ends_all():
    status, said = _run(_python("web", SLEEPER), _python("worker", "raise SystemExit(1)"))
    assert status == 1
    assert said.count("starting it again") == RESTARTS
    assert said.rstrip().endswith("giving up.")


def test_each_process_is_started_with_the_same_python():
    for process in (web(address="127.0.0.1", port=8000), worker(), beat()):
        assert process.command[0] == sys.executable
