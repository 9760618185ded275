"""Languages and themes: the words that every subject shares."""

from typing import Annotated

import strawberry

from domain.words import Locale, ThemeCode
from schema.enums import described

described(
    Locale, description="A language that Influents speaks.", FR="French: the first, and the default.", EN="English."
)

described(
    ThemeCode,
    description="The six themes.",
    CULTURE="« Culture ».",
    SOLIDARITY="« Solidarité ».",
    TRANSPORT="« Transports ».",
    SUSTAINABLE_DEVELOPMENT="« Développement durable ».",
    PUBLIC_ADMINISTRATION="« Administration publique ».",
    ECONOMY="« Économie ».",
)
InLocale = Annotated[
    Locale | None,
    strawberry.argument(
        name="locale", description="The language; unless told the viewer's, else Accept-Language's, else French."
    ),
]

__all__ = ["InLocale", "Locale", "ThemeCode"]
