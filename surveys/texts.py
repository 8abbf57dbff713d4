"""A survey's words for one person: its own where it has some, else the standard ones, with the names put in."""

from dataclasses import asdict, fields

from surveys.models import Survey
from surveys.standard import STANDARD, Words

NAMES = ("brand", "owner", "name")


def words_of(survey: Survey, language: str, *, brand: str, owner: str = "", name: str = "") -> Words:
    """Return what a survey says in a language.

    `{brand}`, `{owner}`, `{name}` are replaced; without an owner or a name the firm stands for the first, nothing
    for the second. Any other brace is left as it was typed.
    """
    said = asdict(STANDARD[language][survey.kind])
    own = next((text for text in survey.texts.all() if text.language == language), None)
    if own is not None:
        said |= {key: value for key in said if (value := getattr(own, key))}
    names = {"brand": brand, "owner": owner or brand, "name": name}
    return Words(**{field.name: _put_in(said[field.name], names) for field in fields(Words)})


def _put_in(text: str, names: dict[str, str]) -> str:
    for key, value in names.items():
        text = text.replace(f"{{{key}}}", value)
    return text.replace("  ", " ").replace(" ,", ",").replace(", .", ".").replace(" .", ".")
