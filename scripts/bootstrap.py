"""Set Zelo up on a machine that has only Python 3.11+: packages, front end, message catalogues.

    python3 scripts/bootstrap.py          what `make run` needs
    python3 scripts/bootstrap.py --dev    and what `make test` and `make check` need on top

Standard library only. Every step keeps a stamp of what it was made from in `.venv/stamps/`, so
that a second call takes a fraction of a second and does only what has changed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
NAMES_ICONS = (
    *("templates", "config", "core", "accounts", "customers"),
    *("surveys", "metrics", "playbooks", "ingest", "workspace"),
)


class SetupError(Exception):
    """A step failed; the message says what and how to mend it."""


@dataclass(frozen=True)
class Step:
    """A piece of the set-up: what it is made from, what it makes, and how."""

    name: str
    title: str
    sources: tuple[Path, ...]
    makes: Path
    do: Callable[[], None]


def fingerprint(files: Iterable[Path], extra: str = "") -> str:
    """Return a hash over the names and contents of `files` (those that exist) and of `extra`."""
    digest = hashlib.sha256(extra.encode())
    for file in sorted(set(files)):
        if file.is_file():
            digest.update(file.as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def run_step(step: Step, stamps: Path, *, say: Callable[[str], None] = print) -> bool:
    """Do a step unless its stamp says that it was done from the same sources; tell whether it was done."""
    stamp = stamps / step.name
    wanted = fingerprint(step.sources, extra=sys.version)
    if step.makes.exists() and stamp.is_file() and stamp.read_text() == wanted:
        return False
    say(f"{step.title} …")
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    step.do()
    if not step.makes.exists():
        raise SetupError(f"{step.title}: finished without making {step.makes.name}.")
    stamps.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    say(f"{step.title}: done in {time.monotonic() - started:.0f} s")
    return True


def call(command: list[str], *, hint: str, root: Path, path_first: Path | None = None) -> None:
    """Run a command quietly; when it fails, raise SetupError with its last lines and a hint."""
    environment = dict(os.environ)
    if path_first:
        environment["PATH"] = f"{path_first}{os.pathsep}{environment.get('PATH', '')}"
    done = subprocess.run(  # noqa: S603 - our own fixed commands
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise SetupError(f"{tail}\n\n`{' '.join(command)}` failed. {hint}")


def works_with_this_python(interpreter: Path) -> bool:
    """Tell whether a virtual environment's interpreter starts and is of the version that runs this."""
    if not interpreter.exists():
        return False
    command = [str(interpreter), "-c", "import pip, sys; print(*sys.version_info[:2])"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return asked.stdout.split() == [str(part) for part in sys.version_info[:2]]


class Setup:
    """The steps of one checkout."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.bin = self.venv / "bin"
        self.stamps = self.venv / "stamps"

    def make_environment(self) -> None:
        """Make the virtual environment, unless there is one that works with this Python."""
        if works_with_this_python(self.bin / "python"):
            return
        try:
            venv.create(self.venv, with_pip=True, clear=self.venv.exists())
        except (subprocess.CalledProcessError, OSError) as error:
            shutil.rmtree(self.venv, ignore_errors=True)
            raise SetupError(
                f"The virtual environment could not be made ({error}). On Debian and Ubuntu install the "
                "package python3-venv (`apt-get install python3-venv`), then try again."
            ) from error

    def install(self, *requirement_files: Path) -> None:
        """Install hashed requirements with the environment's own pip."""
        options = [option for file in requirement_files for option in ("-r", str(file))]
        call(
            [str(self.bin / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", *options],
            root=self.root,
            hint="Check that this machine reaches its Python package index, then try again.",
        )

    def npm(self, *arguments: str) -> None:
        """Run npm with the Node.js that came with the Python packages."""
        call(
            [str(self.bin / "npm"), *arguments],
            root=self.root,
            path_first=self.bin,
            hint="Check that this machine reaches its npm registry, then try again.",
        )

    def compile_messages(self) -> None:
        """Compile the translations."""
        call(
            [str(self.bin / "python"), "manage.py", "messages", "--compile"],
            root=self.root,
            hint="Mend the catalogue under locale/.",
        )

    def steps(self, *, dev: bool) -> list[Step]:
        """Return the steps in order; `dev` adds what tests and checks need."""
        root = self.root
        runtime = (root / "requirements.txt", root / "requirements-build.txt")
        tools = root / "requirements-dev.txt"
        packages = (root / "package.json", root / "package-lock.json", root / ".npmrc")
        built = root / "static" / "build"
        sources = [file for file in (root / "static").rglob("*") if built not in file.parents]
        sources += (root / "frontend").rglob("*")
        for folder in NAMES_ICONS:  # the build takes the icons that templates and Python name
            sources += [*(root / folder).rglob("*.html"), *(root / folder).rglob("*.py")]
        catalogues = tuple((root / "locale").rglob("*.po"))
        steps = [
            Step("environment", "Virtual environment", (), self.bin / "python", self.make_environment),
            Step("packages", "Python packages", runtime, self.bin, lambda: self.install(*runtime)),
        ]
        if dev:
            steps.append(
                Step("tools", "Development tools", (*runtime, tools), self.bin, lambda: self.install(tools))
            )
        steps += [
            Step(
                "npm",
                "Front-end packages",
                packages,
                root / "node_modules",
                lambda: self.npm("ci", "--no-audit", "--no-fund", "--loglevel=error"),
            ),
            Step(
                "build",
                "Front-end build",
                (*packages, *sources),
                built,
                lambda: self.npm("run", "--silent", "build"),
            ),
        ]
        if catalogues:
            steps.append(
                Step(
                    "messages",
                    "Translations",
                    catalogues,
                    catalogues[0].with_suffix(".mo"),
                    self.compile_messages,
                )
            )
        return steps

    def run(self, *, dev: bool) -> int:
        """Do every step that is due; return how many were."""
        return sum(run_step(step, self.stamps) for step in self.steps(dev=dev))


def main(arguments: list[str] | None = None) -> int:
    """Run the set-up; the exit status is 0, or 1 with a sentence that says what to do."""
    parser = argparse.ArgumentParser(description="Set Zelo up.")
    parser.add_argument("--dev", action="store_true", help="also what tests and checks need")
    options = parser.parse_args(arguments)
    if sys.version_info < OLDEST_PYTHON:
        have = ".".join(map(str, sys.version_info[:2]))
        print(f"Zelo needs Python 3.11 or newer, this is {have}. Try `make PYTHON=python3.11 …`.")
        return 1
    try:
        Setup().run(dev=options.dev)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next call goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
