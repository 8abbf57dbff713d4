"""A real web server (gunicorn, two processes) on the test's database, to be sent to and killed."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import time as clock
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from config.processes import web
from tests.metrics.outside import Outside

PATIENCE = 60.0  # seconds for the server to come up


@dataclass
class Server:
    """Where the server listens, and its process."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]

    def kill_a_worker(self, number: int) -> None:
        """End one of them as a lack of memory would."""
        workers = self.workers()
        if workers:
            with suppress(ProcessLookupError):
                os.kill(workers[number % len(workers)], signal.SIGKILL)

    def send(self, key: str, body: Any, *, path: str = "/v1/batch", cut: bool = False) -> int:
        """Send a call and return its status; 0 where no answer came. With `cut` the line breaks before the answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        secret = base64.b64encode(f"{key}:".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        try:
            line.request("POST", path, json.dumps(body), headers)
            if cut:
                clock.sleep(0.02)
                return 0
            answer = line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Serve the test's database (committed: `transaction=True`); what was written is there when the block ends."""
    with Outside(folder) as outside:
        url = f"sqlite:///{outside.file}"
        if connection.vendor == "postgresql":
            of = connection.settings_dict
            access = f"{of['USER']}:{of['PASSWORD']}".rstrip(":")
            url = f"postgres://{access}@{of['HOST']}:{of['PORT'] or 5432}/{of['NAME']}"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": url,
            "SECRET_KEY": settings.SECRET_KEY,
        }
        process = subprocess.Popen(
            web(address="127.0.0.1", port=port, workers=2, threads=4).command,
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait(port, process)
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = clock.monotonic() + PATIENCE
    while clock.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
            return
        clock.sleep(0.1)
    raise AssertionError("the web server did not come up")
