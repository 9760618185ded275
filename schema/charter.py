"""The charter: what participants and organisers owe each other."""

import strawberry

from domain.charter import CHARTER_VERSION
from schema.access import PUBLIC
from schema.info import Info
from schema.wording import document
from schema.words import InLocale


@strawberry.type(
    description="What participants and organisers owe each other, who funds Influents, and that nobody influences it."
)
class Charter:
    version: str = strawberry.field(description="Which charter this is: `signUp` takes it.")

    @strawberry.field(description="The text, in Markdown.")
    def body(self, info: Info, locale: InLocale = None) -> str:
        return document(f"charter-{self.version}", locale or info.context.locale)


@strawberry.type
class CharterQuery:
    @strawberry.field(
        directives=PUBLIC, description="The charter in force. It is accepted at sign-up, and again when it changes."
    )
    def charter(self) -> Charter:
        return Charter(version=CHARTER_VERSION)
