"""A citizen's influence as a picture: what is known of them in, SVG out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.citizens import Citizen
from domain.influence import Influence, explain
from domain.timeline import Bucket
from domain.words import Locale, Sentence, ThemeCode
from influents.pictures.chart import Frame, chart
from influents.pictures.lettering import fitting, plain, width
from influents.pictures.palettes import Theme, palettes_of
from schema.wording import say, theme_label

WIDE, NARROW = 640, 440
"""How wide the chart and the card are."""
PLOT = Frame(left=78, top=184, right=612, bottom=292)
CHIP, CHIP_HEIGHT, GAP, MARGIN = 12.5, 26, 8, 24
SIZES = (20, 18, 16, 15)
"""Of a name: smaller before it is cut."""
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is wanted."""

    theme: Theme = Theme.AUTO
    locale: Locale = Locale.FR

    def say(self, key: str, **parameters: object) -> str:
        return say(Sentence(key, parameters), self.locale)


@dataclass(frozen=True, slots=True)
class Chip:
    """The name of a skill, and where it goes."""

    x: float
    y: float
    width: float
    text: str


def influence_picture(citizen: Citizen, influence: Influence, months: Sequence[Bucket], look: Look) -> str:
    """Level, rank, the way to the next level, and points over time."""
    told = [say(explain(influence), look.locale)]
    if months:
        told.append(_course(months, look))
    goal = None if influence.points_to_next_level is None else influence.points + influence.points_to_next_level
    drawn = chart(months, declared=_declared(influence), goal=goal, frame=PLOT) if months else None

    def named(month: date, *, whole_year: bool) -> str:
        return str(month.year) if whole_year else _month("picture-month-short", month, look)

    return _templates.get_template("influence.svg").render(
        **_common("influence", citizen, influence, look, told, room=WIDE - 250),
        chart=drawn,
        plot=PLOT,
        named=named,
        number=lambda points: look.say("picture-number", number=points),
        goal=look.say("picture-goal", level=str(influence.level + 1)),
    )


def card_picture(citizen: Citizen, influence: Influence, skills: Sequence[ThemeCode], look: Look) -> str:
    """Level, rank, points and skills, small."""
    labels = [say(theme_label(each), look.locale) for each in skills]
    told = [
        say(explain(influence), look.locale),
        look.say("picture-skills", skills=", ".join(labels)) if labels else look.say("picture-no-skills"),
    ]
    chips = laid_out(labels, top=126)
    return _templates.get_template("card.svg").render(
        **_common("card", citizen, influence, look, told, room=NARROW - 200),
        chips=chips,
        height=(chips[-1].y + CHIP_HEIGHT if chips else 144) + MARGIN - 2,
    )


def laid_out(labels: Sequence[str], *, top: float) -> Sequence[Chip]:
    """Chips in rows, as many as it takes."""
    chips: list[Chip] = []
    x, y = float(MARGIN), top
    for label in labels:
        wide = round(width(label, size=CHIP) + 22, 1)
        if chips and x + wide > NARROW - MARGIN:
            x, y = float(MARGIN), y + CHIP_HEIGHT + GAP
        chips.append(Chip(x, y, wide, label))
        x = round(x + wide + GAP, 1)
    return chips


def _common(
    kind: str, citizen: Citizen, influence: Influence, look: Look, told: Sequence[str], *, room: float
) -> dict[str, object]:
    """What both pictures say, `room` being that for the name."""
    rank = look.say(f"rank-{influence.rank.value.lower()}")
    light, dark = palettes_of(look.theme)
    name = citizen.full_name and plain(citizen.full_name)
    shown = name or citizen.handle
    size = next((each for each in SIZES if width(shown, size=each, bold=True) <= room), SIZES[-1])
    beside = width(f"{rank} · ", size=15, bold=True)
    return {
        "id": f"influents-{kind}-{citizen.handle}",
        "language": look.locale.value,
        "light": light,
        "dark": dark,
        "title": look.say("picture-title", name=plain(citizen.name), level=str(influence.level), rank=rank),
        "told": " ".join(told),
        "name": fitting(shown, size=size, room=room, bold=True),
        "size": size,
        "handle": fitting(citizen.handle, size=14, room=room + 60 - beside) if name else None,
        "rank": rank,
        "level": influence.level,
        "progress": round(influence.progress, 3),
        "points": look.say("picture-points", points=influence.points, declared=_declared(influence)),
        "next": _next(influence, look),
        "say": look.say,
    }


def _declared(influence: Influence) -> int:
    """How many points were self-declared (product.md, section 1)."""
    return influence.points - influence.earned_points


def _next(influence: Influence, look: Look) -> str:
    missing = influence.points_to_next_level
    if missing is None:
        return look.say("picture-top")
    return look.say("picture-next", missing=missing, level=str(influence.level + 1))


def _course(months: Sequence[Bucket], look: Look) -> str:
    """The chart in words."""
    first, last = months[0], months[-1]
    return look.say(
        "picture-course",
        since=_month("picture-month", first.start, look),
        until=_month("picture-month", last.start, look),
        first=first.total,
        last=last.total,
        participations=sum(each.participations for each in months),
    )


def _month(key: str, month: date, look: Look) -> str:
    return look.say(key, month=month.month, year=str(month.year))
