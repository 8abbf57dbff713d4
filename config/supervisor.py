"""Runs the processes of one installation in one terminal: prefixed logs, restarts, one clean end."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import TextIO

from config.processes import Process

GRACE_SECONDS = 10.0  # longer than a request, shorter than a person's patience
RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Child:
    """One started process, in a process group of its own so that Ctrl-C reaches only the supervisor."""

    def __init__(self, process: Process, environment: Mapping[str, str], out: TextIO) -> None:
        self.process = process
        self.popen = subprocess.Popen(  # noqa: S603 - our own commands
            process.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._copy, args=(out,), daemon=True)
        self._reader.start()

    def _copy(self, out: TextIO) -> None:
        """Pass the child's lines on, each with its name in front."""
        assert self.popen.stdout is not None  # noqa: S101 - piped above
        for line in self.popen.stdout:
            if line.strip():
                print(f"{self.process.name:<6} | {line.rstrip()}", file=out, flush=True)

    def ask_to_end(self) -> None:
        """Ask the main process to end; it ends its own workers."""
        if self.popen.poll() is None:
            self.popen.terminate()

    def end(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds), then end the whole group; work in hand is resumable."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(timeout=max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait()
        self._reader.join(timeout=1)


class Supervisor:
    """Starts processes, starts a dead one again (within bounds), and ends them all together."""

    def __init__(
        self, processes: Sequence[Process], *, environment: Mapping[str, str], out: TextIO = sys.stdout
    ) -> None:
        self._processes = processes
        self._environment = environment
        self._out = out
        self._children: list[Child] = []
        self._stop = threading.Event()
        self._deaths: dict[str, deque[float]] = {
            process.name: deque(maxlen=RESTARTS + 1) for process in processes
        }

    def run(self) -> int:
        """Run until asked to stop (0) or until one process cannot be kept alive (1)."""
        before = {number: signal.signal(number, self._asked_to_stop) for number in STOP_SIGNALS}
        try:
            self._children = [self._start(process) for process in self._processes]
            return self._watch()
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self, process: Process) -> Child:
        return Child(process, self._environment, self._out)

    def _watch(self) -> int:
        while not self._stop.wait(0.2):
            for place, child in enumerate(self._children):
                status = child.popen.poll()
                if status is None:
                    continue
                child.end(time.monotonic())
                if self._stop.is_set():
                    break
                if not self._may_restart(child.process.name):
                    self._say(f"{child.process.name} ended {RESTARTS + 1} times within a minute; giving up.")
                    return 1
                self._say(f"{child.process.name} ended with status {status}; starting it again.")
                self._children[place] = self._start(child.process)
        return 0

    def _may_restart(self, name: str) -> bool:
        deaths = self._deaths[name]
        deaths.append(time.monotonic())
        return len(deaths) <= RESTARTS or deaths[-1] - deaths[0] > RESTART_WINDOW_SECONDS

    def _end_all(self) -> None:
        for child in self._children:
            child.ask_to_end()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._children:
            child.end(deadline)

    def _say(self, sentence: str) -> None:
        print(f"zelo   | {sentence}", file=self._out, flush=True)
