"""The three processes of an installation and how each is started; one definition for every way to run."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Process:
    """A process by its short name, with its command line."""

    name: str
    command: tuple[str, ...]


def web(*, address: str, port: int, workers: int = 2, threads: int = 4) -> Process:
    """gunicorn; `address` is what it listens on, `workers` processes of `threads` threads each."""
    options = (
        *("--bind", f"{address}:{port}"),
        *("--preload", "--workers", str(workers), "--threads", str(threads)),
        *("--timeout", "60", "--graceful-timeout", "20"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--log-level", "warning"),
    )
    return Process("web", (sys.executable, "-m", "gunicorn", "config.wsgi", *options))


def worker(*, concurrency: int = 2) -> Process:
    """The Celery worker with `concurrency` processes."""
    options = (
        *("--concurrency", str(concurrency), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )
    return Process("worker", (*_celery(), "worker", *options))


def beat() -> Process:
    """Celery beat, which rings the bells of `config/tasks.py`; any number of beats may tick."""
    return Process("beat", (*_celery(), "beat", "--loglevel", "WARNING", "--pidfile", ""))


def named(name: str) -> Process:
    """Return a process by name as production starts it, sized by the environment (see `.env.example`)."""
    if name == "web":
        return web(
            address="0.0.0.0",  # noqa: S104 - inside a container, behind the proxy
            port=int(os.environ.get("PORT", "8000")),
            workers=int(os.environ.get("WEB_WORKERS", "2")),
            threads=int(os.environ.get("WEB_THREADS", "4")),
        )
    if name == "worker":
        return worker(concurrency=int(os.environ.get("WORKER_PROCESSES", "2")))
    return beat()


def _celery() -> tuple[str, ...]:
    # Celery warns in six lines when root runs it, which in a container and on a trial machine is usual.
    quiet = ("-W", "ignore::UserWarning:celery.platforms")
    return (sys.executable, *quiet, "-m", "celery", "--quiet", "--app", "config.celery")
