"""Themes: what events are about, and what skills are held in."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self, cast

import strawberry

from domain.words import ThemeCode
from engine import Each, Shown, itself, reads, relation
from resolvers import events as resolve
from resolvers.context import Context
from schema.access import PUBLIC
from schema.event_filters import EventFilterInput, WhichEvents
from schema.event_pages import EventConnection, event_connections
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.limits.declared import PAGED, at_most
from schema.nodes import Node, found_by
from schema.paging import After, Before, First, Last, window
from schema.wording import labels, theme_label
from schema.words import InLocale

ORDER = "theme-events"


_labels = labels(ThemeCode, theme_label)


@reads(ThemeCode, id=sealed(Kind.THEME, "_value_"), code=itself)
@strawberry.federation.type(keys=["id", "code"], description="What an event is about.")
class Theme(Node):
    code: ThemeCode = strawberry.field(description="The theme, for programs.")

    @relation(at_hand=_labels, description="The theme, for people: « Développement durable ».")
    @staticmethod
    def label(themes: Sequence[ThemeCode], context: Context, locale: InLocale = None) -> Each[str]:
        return list(map(_labels(context, locale), themes))

    @relation(description="Events on this theme, the latest first.", directives=PAGED)
    @staticmethod
    async def events(
        themes: Sequence[ThemeCode],
        context: Context,
        filter: WhichEvents = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[EventConnection]:
        asked = window(first=first, after=after, last=last, before=before, order=ORDER, shown=shown)
        where = EventFilterInput.meant(filter)
        pages = await resolve.theme_events(context, themes, where, asked)
        return event_connections(themes, pages, where, order=ORDER, total=partial(resolve.theme_event_total, context))

    @classmethod
    def of(cls, code: ThemeCode) -> Self:
        """A code is a theme, when the program runs."""
        return cast("Self", code)


@found_by(Kind.THEME)
async def theme_by_id(_: Info, id: GlobalId) -> Theme:
    return Theme.of(ThemeCode(id.key))


@strawberry.type
class ThemeQuery:
    @strawberry.field(directives=PUBLIC + at_most(6), description="All six themes.")
    def themes(self) -> list[Theme]:
        return [Theme.of(code) for code in ThemeCode]

    @strawberry.field(directives=PUBLIC, description="A theme by its code.")
    def theme(self, code: Annotated[ThemeCode, strawberry.argument(description="The theme's code.")]) -> Theme:
        return Theme.of(code)
