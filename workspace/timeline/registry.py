"""Who speaks on the timeline. Apps above `workspace` register their own sources in `config/pipeline.py`."""

from workspace.timeline.source import Group, Source

_sources: dict[str, Source] = {}
_groups: dict[str, Group] = {}


def register_group(group: Group) -> None:
    """Add a filter; filters stand in the order in which they were added."""
    _groups[group.key] = group


def register(source: Source) -> None:
    """Add a source; its group must be there. A second source of the same key replaces the first."""
    if source.group not in _groups:
        raise LookupError(f"timeline group {source.group!r} is not registered")
    _sources[source.key] = source


def groups() -> list[Group]:
    """Return every filter, in the order shown."""
    return list(_groups.values())


def sources(group: str = "") -> list[Source]:
    """Return the sources of a filter, all of them for "", in the order of their keys."""
    return [_sources[key] for key in sorted(_sources) if not group or _sources[key].group == group]


def source(key: str) -> Source:
    """Return one source by its key."""
    return _sources[key]
