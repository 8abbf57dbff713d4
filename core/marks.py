"""Small marks of the pages as HTML: icons, health pills, deltas, avatars, bars, sparklines.

Geometry that comes from data stands in SVG attributes, never in a style (strict CSP). No mark speaks by
colour alone: each has a shape and a number or a word, and a word for screen readers.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from django.core.signals import setting_changed
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from core import formats

BAND_ICONS = {
    "green": "f-circle-check",
    "yellow": "f-alert-triangle",
    "red": "f-alert-octagon",
    "none": "circle-dashed",
}
SEGMENT_LEVELS = {"volume": 1, "mid": 2, "high_value": 3}
AVATAR_TINTS = 6
SPARK_WIDTH, SPARK_HEIGHT, SPARK_LEAST_SPAN = 64, 22, 20
Number = float | int


def band_word(band: str) -> str:
    """Return a health band in words."""
    return {
        "green": pgettext("health", "Healthy"),
        "yellow": pgettext("health", "Attention"),
        "red": pgettext("health", "At risk"),
    }.get(band, gettext("Not scored"))


def known_band(band: str | None) -> str:
    """Return the band, `none` for what is not one (unknown, empty)."""
    return band if band in BAND_ICONS else "none"


def segment_word(key: str) -> str:
    """Return a segment in words, "" for none."""
    return {
        "volume": pgettext("segment", "Volume"),
        "mid": pgettext("segment", "Mid"),
        "high_value": pgettext("segment", "High value"),
    }.get(key, "")


def icon(name: str, classes: str = "") -> SafeString:
    """Return an icon of the sprite; it is decoration, so the text beside it must say the same."""
    return _icon(name, classes)


@lru_cache(maxsize=1024)  # where the sprite lies does not change while the process lives
def _icon(name: str, classes: str) -> SafeString:
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f" {classes}" if classes else "",
        static("build/icons.svg"),
        name,
    )


def _forget_icons(*, setting: str, **kwargs: Any) -> None:
    if setting.startswith("STATIC") or setting == "STORAGES":
        _icon.cache_clear()


setting_changed.connect(_forget_icons, dispatch_uid="core.marks")


def health(score: Number | None, band: str | None = None) -> SafeString:
    """Return the health pill of a score from 0 to 100; without a score it says "Not scored"."""
    band = known_band(band)
    if score is None:
        band = "none"
    mark = icon(BAND_ICONS[band], "icon-line" if band == "none" else "")
    if score is None:
        return format_html(
            '<span class="cs-health cs-health-none">{}<span>{}</span></span>', mark, band_word("none")
        )
    return format_html(
        '<span class="cs-health cs-health-{}">{}<span class="visually-hidden">{} </span>{}</span>',
        band,
        mark,
        gettext("%(band)s, health") % {"band": band_word(band)},
        formats.number(score),
    )


def glyph(band: str | None, word: bool = False) -> SafeString:
    """Return a band's shape, with its word visible or for screen readers only."""
    band = known_band(band)
    mark = icon(BAND_ICONS[band], f"cs-glyph cs-glyph-{band}")
    text = band_word(band)
    return format_html("{} {}" if word else '{}<span class="visually-hidden">{}</span>', mark, text)


def status(kind: str, word: str) -> SafeString:
    """Return a word with the shape and colour of green, yellow, red or none."""
    kind = known_band(kind)
    mark = icon("equal" if kind == "none" else BAND_ICONS[kind], "icon-line" if kind == "none" else "")
    return format_html('<span class="cs-status cs-status-{}">{}{}</span>', kind, mark, word)


def delta(value: Number | None, suffix: str = "", good: int = 1, digits: int = 0) -> SafeString:
    """Return a change: arrow by its direction, colour by whether it is good (`good` = -1: less is better, 0: neither).

    `None` is "—"; what rounds to nothing is "no change".
    """
    if value is None:
        return format_html('<span class="cs-delta">{}</span>', formats.UNKNOWN)
    rounded = round(float(value), digits)
    shown = formats.number(abs(rounded), digits) + suffix
    if rounded == 0:
        return format_html(
            '<span class="cs-delta">{}<span class="visually-hidden">{} </span>{}</span>',
            icon("minus"),
            gettext("no change"),
            shown,
        )
    tone = "" if good == 0 else " cs-delta-good" if rounded * good > 0 else " cs-delta-bad"
    return format_html(
        '<span class="cs-delta{}">{}<span class="visually-hidden">{} </span>{}</span>',
        tone,
        icon("arrow-up") if rounded > 0 else icon("arrow-down"),
        gettext("up") if rounded > 0 else gettext("down"),
        shown,
    )


def initials(name: str) -> str:
    """Return the first letters of the first and the last word that begin with a letter or digit."""
    words = [word for word in (name or "").replace("-", " ").split() if word[0].isalnum()]
    words = [word for word in words if word.lower() not in {"de", "da", "do", "das", "dos", "e"}] or words
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()


def tint(name: str) -> int:
    """Return the tint 1–6 of a name, the same on every machine and day."""
    return crc32((name or "").encode()) % AVATAR_TINTS + 1


def avatar(name: str, classes: str = "") -> SafeString:
    """Return initials on a tint; the name itself must stand beside it. Classes: cs-av-sq, cs-av-xs, cs-av-lg."""
    return _avatar(name, classes)


@lru_cache(maxsize=4096)
def _avatar(name: str, classes: str) -> SafeString:
    return format_html(
        '<span class="cs-av cs-av-{}{}" aria-hidden="true">{}</span>',
        tint(name),
        f" {classes}" if classes else "",
        initials(name),
    )


def segment(level: int, word: str) -> SafeString:
    """Return a segment as one to three bars and its word; level 0 has no bars lit."""
    return _segment(level, str(word))


@lru_cache(maxsize=64)
def _segment(level: int, word: str) -> SafeString:
    shapes = ((0, 7, 5), (5, 4, 8), (10, 1, 11))
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="3.5" height="{}" rx="1"{}/>',
        ((x, y, h, mark_safe(' class="on"') if at < level else "") for at, (x, y, h) in enumerate(shapes)),
    )
    return format_html(
        '<span class="cs-segm"><svg viewBox="0 0 14 12" aria-hidden="true" focusable="false">{}</svg>{}</span>',
        bars,
        word,
    )


def bar(value: Number | None, maximum: Number, scale: Number = 1, fill: str = "cs-fill-data") -> SafeString:
    """Return a bar: `value` of `maximum` filled; the track takes `scale` (0–1) of the width."""
    track = 100 * min(max(float(scale), 0), 1)
    share = 0.0 if not value or not maximum else min(max(float(value) / float(maximum), 0), 1)
    return format_html(
        '<svg class="cs-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="cs-fill-track" x="0" y="0" width="{}" height="10"/>'
        '<rect class="{}" x="0" y="0" width="{}" height="10"/></svg>',
        f"{track:.1f}",
        fill,
        f"{track * share:.1f}",
    )


def health_bar(points: Number, possible: Number, band: str) -> SafeString:
    """Return what a factor gives of what it could; the track is as long as its weight (hundredths)."""
    fill = f"cs-fill-{band}" if band in ("green", "yellow", "red") else "cs-fill-data"
    return bar(points, possible or 1, scale=min(1.0, 3 * float(possible) / 10_000), fill=fill)


def spark_points(
    values: Sequence[Number | None],
    least_span: Number = SPARK_LEAST_SPAN,
    width: int = SPARK_WIDTH,
    height: int = SPARK_HEIGHT,
) -> list[tuple[float, float]]:
    """Return the points of a sparkline; its own scale, but at least `least_span` high, so that noise looks like noise.

    Unknown values are left out; the line joins their neighbours.
    """
    known = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    if not known:
        return []
    low, high = min(v for _, v in known), max(v for _, v in known)
    middle, span = (low + high) / 2, max(high - low, float(least_span)) or 1.0
    pad, wide = 2.5, max(len(values) - 1, 1)
    points = []
    for at, value in known:
        x = pad + (width - 2 * pad) * at / wide
        y = height / 2 - (value - middle) / span * (height - 2 * pad)
        points.append((round(x, 1), round(y, 1)))
    return points


def spark(
    values: Sequence[Number | None] | None,
    band: str | None = None,
    least_span: Number = SPARK_LEAST_SPAN,
    width: int = SPARK_WIDTH,
    height: int = SPARK_HEIGHT,
    target: Number | None = None,
) -> SafeString:
    """Return a sparkline in a band's colour, or as plain data; nothing when fewer than two values are known.

    `target` is a dotted line across it, on the same scale.
    """
    # Beside the values stands the target, so that both share the scale; its point only says how high it lies.
    points = spark_points([*(values or []), *([] if target is None else [target])], least_span, width, height)
    aimed: SafeString | str = ""
    if target is not None and points:
        aimed = format_html(
            '<line class="cs-spark-target" x1="0" x2="{}" y1="{}" y2="{}"/>',
            width,
            points[-1][1],
            points[-1][1],
        )
        wide = max(len(values or []) - 1, 1) / max(len(values or []), 1)
        points = [(round(2.5 + (x - 2.5) / wide, 1), y) for x, y in points[:-1]]
    if len(points) < 2:
        return mark_safe("")
    tone = f" cs-spark-{band}" if band in {"green", "yellow", "red", "data"} else ""
    x, y = points[-1]
    return format_html(
        '<svg class="cs-spark{}" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '{}<polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        tone,
        width,
        height,
        width,
        height,
        aimed,
        " ".join(f"{px},{py}" for px, py in points),
        x,
        y,
    )
