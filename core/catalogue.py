"""The translation catalogue: taken from code and templates, checked, compiled; Babel only, no gettext tools."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LOCALE = "pt_BR"
SKIPPED = frozenset(
    {"node_modules", "static", "staticfiles", "var", "tests", "bench", "docs", "scripts", "migrations"}
)
Spec = tuple[int | tuple[int, str], ...] | None
KEYWORDS: dict[str, Spec] = {
    "_": None,
    "_g": None,
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
Found = tuple[str | None, str | tuple[str, ...], list[str], bool]


def extract(root: Path) -> Catalog:
    """Collect every marked text under `root` into a fresh catalogue without translations."""
    catalog = Catalog(project="Zelo", charset="utf-8")
    for file in source_files(root):
        place = file.relative_to(root).as_posix()
        read = _from_python if file.suffix == ".py" else _from_template
        for context, message_id, comments, flagged in read(file):
            flags = ["python-format"] if flagged else []
            catalog.add(
                message_id, context=context, auto_comments=comments, locations=[(place, 0)], flags=flags
            )
    return catalog


def source_files(root: Path) -> list[Path]:
    """Return the Python files and templates that may hold marked texts, sorted."""
    found = []
    for folder in sorted(root.iterdir()):
        if folder.is_dir() and folder.name not in SKIPPED and not folder.name.startswith("."):
            found += [
                file
                for pattern in ("*.py", "*.html", "*.txt")
                for file in folder.rglob(pattern)
                if not SKIPPED.intersection(file.relative_to(root).parts)
            ]
    return sorted(found)


def _calls(code: bytes) -> Iterator[Found]:
    """Yield the translation calls in a piece of Python: context, id(s), comments, whether it is a format."""
    for _line, function, arguments, comments in extract_python(
        BytesIO(code), KEYWORDS, ("Translators:",), {}
    ):
        texts = list(arguments) if isinstance(arguments, (tuple, list)) else [arguments]
        spec = KEYWORDS[str(function)] or (1,)
        context: str | None = None
        ids: list[str] = []
        for part in spec:
            number = part[0] if isinstance(part, tuple) else part
            text = texts[number - 1] if number <= len(texts) else None
            if not isinstance(text, str):
                break
            if isinstance(part, tuple):
                context = text
            else:
                ids.append(text)
        else:
            if ids[0]:
                flagged = bool(re.search(r"%\(|%[sd]", ids[0]))
                yield context, tuple(ids) if len(ids) > 1 else ids[0], list(comments or []), flagged


def _from_python(file: Path) -> Iterator[Found]:
    yield from _calls(file.read_bytes())


def _from_template(file: Path) -> Iterator[Found]:
    # templatize keeps the lines and writes the calls into them; a line is read by itself, because
    # what is left of the markup between them is not Python.
    for line in templatize(file.read_text(encoding="utf-8"), origin=str(file)).splitlines():
        if "(" in line:
            yield from _calls(line.strip().encode())


def read(file: Path) -> Catalog:
    """Read a catalogue; a missing file is an empty one."""
    if not file.exists():
        new = Catalog(locale=LOCALE, project="Zelo", charset="utf-8", fuzzy=False)
        new.header_comment = "# Zelo in Brazilian Portuguese, as a customer success team speaks.\n#"
        new.msgid_bugs_address = new.last_translator = new.language_team = "the Zelo team"
        return new
    with file.open("rb") as handle:
        return read_po(handle, locale=LOCALE)


def merge(kept: Catalog, fresh: Catalog) -> Catalog:
    """Bring the catalogue to today's texts, keeping every translation; what is gone is kept as obsolete."""
    kept.update(fresh, no_fuzzy_matching=True, update_creation_date=False)
    return kept


def write(catalog: Catalog, file: Path) -> None:
    """Write a catalogue so that equal contents give equal bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as handle:
        write_po(handle, catalog, width=100, sort_by_file=True, include_lineno=False, omit_header=False)


def compile_to(catalog: Catalog, file: Path) -> None:
    """Compile a catalogue for gettext."""
    with file.open("wb") as handle:
        write_mo(handle, catalog)


def problems(translated: Catalog, fresh: Catalog) -> list[str]:
    """Say what keeps a catalogue from being complete: one sentence for each text."""
    found = []
    for message in fresh:
        if not message.id:
            continue
        have = translated.get(_key(message), message.context)
        if have is None:
            found.append(f"not in the catalogue: {_shown(message)}")
        elif not all(_strings(have)):
            found.append(f"not translated: {_shown(message)}")
        elif have.fuzzy:
            found.append(f"marked fuzzy: {_shown(message)}")
        elif not _same_placeholders(have):
            found.append(f"other placeholders than the original: {_shown(message)}")
    return found


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, (tuple, list)) else message.id


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def _shown(message: Message) -> str:
    return f"“{_key(message)[:100]}” ({', '.join(sorted({place for place, _ in message.locations})[:3])})"


def _same_placeholders(message: Message) -> bool:
    """A translation has the placeholders of its original; of a plural, each form has those of one of them."""
    ids: Iterable[str] = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in ids]
    return all(sorted(PLACEHOLDER.findall(text)) in allowed for text in _strings(message))
