"""The colours of `tokens.css`, measured: text at 7:1 and edges of controls at 3:1, light and dark."""

import math
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "ddx_portal/static/css/tokens.css"
SURFACES = ("surface", "surface-raised", "surface-sunken")
type Colour = tuple[float, float, float]


def schemes() -> dict[str, dict[str, Colour]]:
    """The colours by role for each scheme; dark assigns only what differs."""
    light, _, rest = TOKENS.read_text("utf-8").partition("@media screen and (prefers-color-scheme: dark)")
    return {"light": roles(light), "dark": roles(light) | roles(rest)}


def roles(css: str) -> dict[str, Colour]:
    found = re.finditer(r"--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", css)
    return {match[1]: (float(match[2]), float(match[3]), float(match[4])) for match in found}


def luminance(colour: Colour) -> float:
    """WCAG's relative luminance of an OKLCH colour, rounded to the eight bits of a screen."""
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return 0.2126 * on_screen(red) + 0.7152 * on_screen(green) + 0.0722 * on_screen(blue)


def on_screen(linear: float) -> float:
    linear = min(1.0, max(0.0, linear))
    encoded = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    value = round(encoded * 255) / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def pairs(colours: dict[str, Colour]) -> list[tuple[str, str, float]]:
    """Foreground, background and the contrast they need."""
    tints = [name for name in colours if name.endswith("-tint")]
    text = [(ink, ground, 7.0) for ink in ("ink", "ink-muted", "accent") for ground in (*SURFACES, *tints)]
    own = [(f"{tint[:-5]}-ink", tint, 7.0) for tint in tints if f"{tint[:-5]}-ink" in colours]
    filled = [(f"on-{name}", ground, 7.0) for name in ("accent", "danger") for ground in (name, f"{name}-strong")]
    edges = [(edge, ground, 3.0) for edge in ("focus", "line-strong") for ground in SURFACES]
    return [*text, *own, *filled, *edges]


def test_contrast_of_black_and_white() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_of_every_pair_of_roles(scheme: str) -> None:
    colours = schemes()[scheme]
    measured = {(ink, on): (contrast(colours[ink], colours[on]), need) for ink, on, need in pairs(colours)}
    assert len(measured) > 40
    assert {pair: ratio for pair, (ratio, need) in measured.items() if ratio < need} == {}
