"""A brand's colour made readable: whatever is chosen, text on it and its edges keep WCAG AA contrast."""

Rgb = tuple[int, int, int]

LIGHT_CARD: Rgb = (0xFF, 0xFF, 0xFF)
DARK_CARD: Rgb = (0x17, 0x1B, 0x22)
LIGHT_INK: Rgb = (0xFF, 0xFF, 0xFF)
DARK_INK: Rgb = (0x0D, 0x13, 0x30)
TEXT = 4.5  # WCAG 2 AA for text
STEPS = 50


def parse(colour: str) -> Rgb:
    """Read `#rrggbb`."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(colour: Rgb) -> str:
    """Write `#rrggbb`."""
    return "#" + "".join(f"{part:02x}" for part in colour)


def luminance(colour: Rgb) -> float:
    """Return the relative luminance, 0 (black) to 1 (white); WCAG 2.2, definition of relative luminance."""
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _mixed(colour: Rgb, towards: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, towards, strict=True))
    return red, green, blue


def readable_on(colour: Rgb, ground: Rgb) -> Rgb:
    """Return the colour, moved away from a ground only as far as text in it needs (4.5 : 1)."""
    away: Rgb = (0, 0, 0) if luminance(ground) > 0.5 else (255, 255, 255)
    for step in range(STEPS + 1):
        candidate = _mixed(colour, away, step / STEPS)
        if contrast(candidate, ground) >= TEXT:
            return candidate
    return away


def ink_on(colour: Rgb) -> Rgb:
    """Return the text colour that stands out more on a colour."""
    return max(LIGHT_INK, DARK_INK, key=lambda ink: contrast(ink, colour))


def stylesheet(colour: str) -> str:
    """Return the rules that put a brand's colour into `survey.css`, for both themes."""
    rules = []
    for card, soft in ((LIGHT_CARD, 0.1), (DARK_CARD, 0.22)):
        accent = readable_on(parse(colour), card)
        rules.append(
            f":root{{--acc:{written(accent)};--on:{written(ink_on(accent))};"
            f"--soft:{written(_mixed(card, accent, soft))}}}"
        )
    return f"{rules[0]}@media (prefers-color-scheme:dark){{{rules[1]}}}"
