"""Open a file of any form that we read."""

from pathlib import Path

from ingest.readers.csv_rows import CsvReader
from ingest.readers.encodings import check_text, guess_encoding, known_encoding
from ingest.readers.jsonl_rows import JsonlReader
from ingest.readers.rows import Reader
from ingest.readers.xlsx_rows import XlsxReader
from ingest.reasons import FileProblem

XLSX_MAGIC = b"PK\x03\x04"


def open_rows(path: Path, *, encoding: str = "utf-8") -> Reader:
    """Open a `.csv`, `.jsonl` or `.xlsx` file; `encoding` "" lets us guess UTF-8 or cp1252. Raises `FileProblem`."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except (OSError, ValueError):
        raise FileProblem("no_file", value=path.name) from None
    if path.suffix.lower() in {".xlsx", ".xlsm"} or magic == XLSX_MAGIC:
        return XlsxReader(path)
    if encoding:
        encoding = known_encoding(encoding)
        check_text(path, encoding)
    else:
        encoding = guess_encoding(path)
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return JsonlReader(path, encoding)
    return CsvReader(path, encoding)
