"""Small charts for mails: an SVG without words, drawn as PNG, because mail programs show no SVG."""

from collections.abc import Sequence

import resvg_py

from core.marks import spark_points

WIDTH, HEIGHT, ZOOM = 180, 40, 2
LINE, AIM, PAPER = "#3856c9", "#7b8794", "#ffffff"


def svg(values: Sequence[float | None], target: float | None = None) -> str:
    """Return a line over periods with its last point, and the target dashed; "" with fewer than two known values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    least = max(abs(value) for value in known) * 0.05
    all_values = [*values, target] if target is not None else list(values)
    points = spark_points(all_values, least, WIDTH, HEIGHT)
    aim = points.pop() if target is not None else None
    line = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    dashed = (
        f'<line x1="0" y1="{aim[1]}" x2="{WIDTH}" y2="{aim[1]}" stroke="{AIM}" stroke-dasharray="4 3"/>'
        if aim
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>{dashed}'
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round"/>'
        f'<circle cx="{x}" cy="{y}" r="3" fill="{LINE}"/></svg>'
    )


def png(values: Sequence[float | None], target: float | None = None) -> bytes:
    """Return the chart as PNG, at twice its size for sharp screens; b"" where there is nothing to draw."""
    drawn = svg(values, target)
    if not drawn:
        return b""
    return bytes(resvg_py.svg_to_bytes(svg_string=drawn, zoom=ZOOM, skip_system_fonts=True))
