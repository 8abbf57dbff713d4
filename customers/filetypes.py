"""Which files are kept with a customer: known kinds whose first bytes are what their name says. Pure."""

from pathlib import PurePath

LIMIT_BYTES = 20 * 1024 * 1024
HEAD_BYTES = 4096
_ZIP = (b"PK\x03\x04",)
_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_TEXT: tuple[bytes, ...] = ()

KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _ZIP),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _ZIP),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", _ZIP),
    ".odt": ("application/vnd.oasis.opendocument.text", _ZIP),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", _ZIP),
    ".zip": ("application/zip", _ZIP),
    ".doc": ("application/msword", _OLE),
    ".xls": ("application/vnd.ms-excel", _OLE),
    ".ppt": ("application/vnd.ms-powerpoint", _OLE),
    ".csv": ("text/csv", _TEXT),
    ".txt": ("text/plain", _TEXT),
    ".md": ("text/plain", _TEXT),
    ".eml": ("message/rfc822", _TEXT),
}


class FileKindError(ValueError):
    """A file that is not kept; `code` is `kind` (we keep none such) or `content` (it is not what its name says)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def content_type_of(name: str, head: bytes) -> str:
    """Return the content type of a file by its name and first bytes. Raises `FileKindError`."""
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise FileKindError("kind")
    content_type, starts = kind
    fits = head.startswith(starts) if starts else b"\x00" not in head
    if not fits:
        raise FileKindError("content")
    return content_type
