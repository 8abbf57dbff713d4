"""The broker without a server: kombu's filesystem transport in `var/broker/`.

It may drop a message when a process dies; nothing is lost by that, because everything to be done
is a row in the database and a sweep every minute rings again (see DESIGN.md).
"""

from pathlib import Path


def embedded_broker_options(var_dir: Path) -> dict[str, object]:
    """Return the transport options of the embedded broker, making its folders."""
    folders = {name: var_dir / "broker" / name for name in ("queue", "control", "processed")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folders["queue"]),
        "data_folder_out": str(folders["queue"]),
        "control_folder": str(folders["control"]),
        "processed_folder": str(folders["processed"]),
        "store_processed": False,
        "polling_interval": 0.25,  # seconds until a bell is heard; the default of 1 is felt in the page
    }
