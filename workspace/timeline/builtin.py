"""The sources that Zelo brings itself."""

from workspace.timeline import care, conversations, insights, people, registry, revenue, work

MODULES = (conversations, work, care, insights, revenue, people)


def register_builtin() -> None:
    """Register every filter, then every source."""
    for module in MODULES:
        for group in module.GROUPS:
            registry.register_group(group)
    for module in MODULES:
        for source in module.SOURCES:
            registry.register(source)
