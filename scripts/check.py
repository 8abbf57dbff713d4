"""Every check that CI makes, one after the other, to the end; changes nothing. `make check` calls it."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PACKAGES = (
    "config",
    "core",
    "accounts",
    "customers",
    "surveys",
    "metrics",
    "playbooks",
    "ingest",
    "workspace",
)
MANAGE = (sys.executable, "manage.py")


def checks() -> list[tuple[str, tuple[str, ...]]]:
    """Return each check's title and command line."""
    return [
        ("lint", (str(BIN / "ruff"), "check", "--quiet", ".")),
        ("format", (str(BIN / "ruff"), "format", "--check", "--quiet", ".")),
        ("imports go one way", (str(BIN / "lint-imports"), "--no-cache")),
        ("templates", (str(BIN / "djlint"), "templates", "--lint", "--quiet")),
        ("migrations complete", (*MANAGE, "makemigrations", "--check", "--dry-run")),
        ("translations complete", (*MANAGE, "messages", "--check")),
        ("production settings", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING")),
        ("types", (str(BIN / "mypy"), *PACKAGES, "tests", "scripts", "manage.py")),
    ]


def environment(var_dir: Path, *, production: bool) -> dict[str, str]:
    """Return the environment of a check: nothing of ours, or a production's."""
    plain = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DATABASE_URL", "BROKER_URL", "SITE_URL", "DEBUG", "PRODUCTION"}
    }
    plain["VAR_DIR"] = str(var_dir)
    if production:
        plain |= {
            "PRODUCTION": "1",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "zelo.example.com",
            "SITE_URL": "https://zelo.example.com",
            "DATABASE_URL": "postgres://zelo@db:5432/zelo",
            "BROKER_URL": "redis://redis:6379/0",
        }
    return plain


def run(command: tuple[str, ...], var_dir: Path, *, production: bool) -> tuple[float, int, str]:
    """Run a check to its end; return its seconds, its exit code and what it said."""
    started = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=ROOT,
        env=environment(var_dir, production=production),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return time.monotonic() - started, done.returncode, done.stdout.rstrip()


def main() -> int:
    """Run every check, two at a time; return 0 when all are well, else 1, with what each of the others said."""
    failed = []
    longest_first = list(reversed(checks()))
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as hands:
        begun = [
            (title, hands.submit(run, command, Path(folder), production=title == "production settings"))
            for title, command in longest_first
        ]
        for title, check in reversed(begun):
            seconds, code, said = check.result()
            print(f"{'FAILED' if code else 'ok':<6} {title} ({seconds:.0f} s)", flush=True)
            if code:
                failed.append(title)
                print(said, flush=True)
    if failed:
        print(f"\nTo mend: {', '.join(failed)}. `make fix` repairs what a tool can repair.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
