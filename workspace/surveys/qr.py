"""QR codes of personal links, drawn on the page itself: no other server learns the address."""

import segno
from django.utils.safestring import SafeString, mark_safe

PIXELS, MARGIN = 5, 2  # of a module, and modules around the code


def qr_of(address: str) -> SafeString:
    """Return an SVG that a phone's camera reads as the address, of medium error correction."""
    drawn = segno.make(address, error="m").svg_inline(
        scale=PIXELS, border=MARGIN, omitsize=False, svgclass="cs-qr", light="#fff"
    )
    return mark_safe(drawn)  # noqa: S308  # drawn by segno from our own address
