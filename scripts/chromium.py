"""See that a Chromium is there for the browser tests; root gets Debian's from its package archive."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Return 0 when there is a browser (now); 1, with what to do, when there cannot be one."""
    if any(shutil.which(name) for name in NAMES):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests …", flush=True)
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, env=environment, check=False, **quiet)  # type: ignore[call-overload] # noqa: S603
        if shutil.which("chromium"):
            return 0
    print(
        "The browser tests need Chromium. Install it (Debian, Ubuntu: `sudo apt-get install chromium`), "
        "or leave them out with `make test ARGS=\"-m 'not browser and not long'\"`.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
