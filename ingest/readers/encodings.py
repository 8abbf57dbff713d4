"""Whether a file is text, and in which encoding."""

import codecs
from pathlib import Path

from ingest.reasons import FileProblem

BLOCK = 1 << 20


def known_encoding(name: str) -> str:
    """Return the usual name of an encoding; UTF-8 always takes a BOM. Raises `FileProblem`."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        raise FileProblem("unknown_encoding", value=name) from None
    return "utf-8-sig" if found in {"utf-8", "utf-8-sig"} else found


def check_text(path: Path, encoding: str) -> None:
    """Read a file once, in blocks, and require text of this encoding without zero bytes. Raises `FileProblem`."""
    decode = codecs.getincrementaldecoder(encoding)("strict").decode
    line = 1
    try:
        with path.open("rb") as file:
            while True:
                block = file.read(BLOCK)
                try:
                    text = decode(block, final=not block)
                except UnicodeDecodeError as error:
                    before = error.object[: error.start]
                    if b"\x00" in before and encoding == "utf-8-sig":
                        raise FileProblem(
                            "binary", line=line + before[: before.index(0)].count(b"\n")
                        ) from None
                    name = encoding.upper().removesuffix("-SIG")
                    raise FileProblem("not_encoded", line=line + before.count(b"\n"), encoding=name) from None
                if "\x00" in text:
                    raise FileProblem("binary", line=line + text[: text.index("\x00")].count("\n"))
                line += text.count("\n")
                if not block:
                    return
    except OSError:
        raise FileProblem("no_file", value=path.name) from None


def guess_encoding(path: Path) -> str:
    """Return `utf-8-sig`, or `cp1252` for what Excel in Brazil writes. Raises `FileProblem` for neither."""
    try:
        check_text(path, "utf-8-sig")
    except FileProblem as problem:
        if problem.code != "not_encoded":
            raise
        check_text(path, "cp1252")
        return "cp1252"
    return "utf-8-sig"
