"""A worker of `bench nightly`: a process of its own that works a night off and says what that took.

    python -m config.bench.worker DATABASE DAY [open]

It waits for a line on its input; the first worker opens the night, says so, and all work until it is done.
"""

import datetime as dt
import json
import os
import resource
import sys
import time as clock


def main(database: str, day: dt.date, *, opens: bool) -> None:
    """Work until the night of `day` is done."""
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    _say({"ready": True})
    sys.stdin.readline()
    from config import pipeline
    from metrics import nights, stages

    began = clock.perf_counter()
    if opens:
        nights.open_nights([day])
        _say({"opened": True})
    pipeline.finish(["nights"])
    if opens:
        for kind in pipeline.AFTER_NIGHTS:
            with stages.step(kind):
                pipeline.finish([kind])
    _say(
        {
            "seconds": round(clock.perf_counter() - began, 2),
            "steps": {name: round(seconds, 2) for name, seconds in stages.spent.items()},
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        }
    )


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main(sys.argv[1], dt.date.fromisoformat(sys.argv[2]), opens="open" in sys.argv[3:])
