"""The colours of pictures, light and dark: text is readable on all that it stands on (WCAG AA)."""

from dataclasses import dataclass
from enum import StrEnum


class Theme(StrEnum):
    """How a picture looks: AUTO follows what whoever looks at it prefers."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by what they are for.

    Attributes:
        paper: What everything stands on.
        edge: The frame, and lines that only help to read.
        ink: What is to be read first.
        soft: What is to be read next.
        accent: The level, and the line of points.
        earned: What was earned, as an area.
        declared: What was self-declared, as an area.
        track: The part of the ring that is still to go.
        chip: What the name of a skill stands on.
    """

    paper: str
    edge: str
    ink: str
    soft: str
    accent: str
    earned: str
    declared: str
    track: str
    chip: str


LIGHT = Palette(
    paper="#ffffff",
    edge="#d5dce7",
    ink="#14213a",
    soft="#55627a",
    accent="#5b3df5",
    earned="#ddd6fe",
    declared="#e6eaf0",
    track="#e6e8f0",
    chip="#f0eefe",
)
DARK = Palette(
    paper="#0d1420",
    edge="#2c3a50",
    ink="#e8edf5",
    soft="#a3b0c4",
    accent="#a594ff",
    earned="#352b73",
    declared="#263347",
    track="#263347",
    chip="#231f48",
)


def palettes_of(theme: Theme) -> tuple[Palette, Palette | None]:
    """The palette of a theme, and the one instead of it where somebody prefers the dark."""
    match theme:
        case Theme.AUTO:
            return LIGHT, DARK
        case Theme.LIGHT:
            return LIGHT, None
        case Theme.DARK:
            return DARK, None
