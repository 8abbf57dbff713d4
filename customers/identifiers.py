"""Tax numbers and domains as people type them, brought to one form. Pure."""

import re

CNPJ_LENGTH = 14
_FIRST_WEIGHTS = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
_SECOND_WEIGHTS = (6, *_FIRST_WEIGHTS)
_CNPJ = re.compile(r"^[0-9A-Z]{12}[0-9]{2}$")


class TaxIdError(ValueError):
    """A number that says it is a CNPJ and whose check digits say it is not."""


def _check_digit(text: str, weights: tuple[int, ...]) -> str:
    # Letters count as their ASCII code less 48: the alphanumeric CNPJ in force since July 2026.
    rest = sum((ord(sign) - 48) * weight for sign, weight in zip(text, weights, strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)


def is_cnpj(text: str) -> bool:
    """Tell whether 14 signs without punctuation are a CNPJ with right check digits."""
    if not _CNPJ.match(text) or len(set(text)) == 1:
        return False
    first = _check_digit(text[:12], _FIRST_WEIGHTS)
    return text[12:] == first + _check_digit(text[:12] + first, _SECOND_WEIGHTS)


def clean_tax_id(text: str, country: str) -> str:
    """Return a tax number in its usual form: a CNPJ as `12.345.678/0001-95`, a foreign one as it was typed.

    A number is taken for a CNPJ when the country is Brazil, or is empty and the number has 14 signs.
    Raises `TaxIdError` when a Brazilian number is not a CNPJ.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    bare = re.sub(r"[\s./-]", "", text).upper()
    brazilian = country.strip().lower() in {"br", "bra", "brasil", "brazil"}
    if not brazilian and (country.strip() or len(bare) != CNPJ_LENGTH):
        return text
    if not is_cnpj(bare):
        if not brazilian:
            return text
        raise TaxIdError(text)
    return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"


def clean_domain(text: str) -> str:
    """Return the bare host of a domain or web address: `https://www.Acme.com/x` becomes `acme.com`."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split("@")[-1]
    return host.removeprefix("www.").rstrip(".")
