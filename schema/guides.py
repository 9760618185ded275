"""Guides: how to take part, to organise and to speak up."""

from typing import Annotated, Self

import strawberry

from domain import guides as domain
from domain.guides import GuideTopic
from schema.access import PUBLIC
from schema.enums import described
from schema.info import Info
from schema.limits.declared import at_most
from schema.wording import document
from schema.words import InLocale, Locale

described(
    GuideTopic,
    description="What a guide helps with.",
    PARTICIPATION="Taking part: what to choose, and how it counts.",
    ORGANIZATION="Organising: before, on the day, and after.",
    EXPRESSION="Speaking up: in a meeting, and in feedback.",
)


@strawberry.type(description="A text that helps: to take part, to organise, to speak up.")
class Guide:
    slug: strawberry.ID = strawberry.field(description="Its name in addresses: the same in every language.")
    topic: GuideTopic = strawberry.field(description="What it helps with.")

    @strawberry.field(description="What it is called.")
    def title(self, info: Info, locale: InLocale = None) -> str:
        return self._text(info, locale)[0]

    @strawberry.field(
        description="The text without its title, in Markdown: headings from the second level on. "
        "A link to `SLUG.md` leads to another guide."
    )
    def body(self, info: Info, locale: InLocale = None) -> str:
        return self._text(info, locale)[1]

    def _text(self, info: Info, locale: Locale | None) -> tuple[str, str]:
        title, _, body = document(f"guides/{self.slug}", locale or info.context.locale).partition("\n")
        return title.removeprefix("# "), body.strip()

    @classmethod
    def of(cls, record: domain.Guide) -> Self:
        return cls(slug=strawberry.ID(record.slug), topic=record.topic)


OnTopic = Annotated[GuideTopic | None, strawberry.argument(description="Those on a topic; all unless told.")]


@strawberry.type
class GuideQuery:
    @strawberry.field(
        directives=PUBLIC + at_most(len(domain.GUIDES)), description="What there is to read, in an order to read it in."
    )
    def guides(self, topic: OnTopic = None) -> list[Guide]:
        return [Guide.of(each) for each in domain.guides(topic)]
