"""Profiles: what citizens say of themselves, and how it is bounded (product.md, section 5)."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypedDict

from domain import fields
from domain.accounts import MAXIMUM_FULL_NAME, ProfileVisibility
from domain.citizens import ProfileLink
from domain.ids import TerritoryCode
from domain.refusals import Refusal, RefusalCode
from domain.words import Locale

MAXIMUM_BIO = 2_000
MAXIMUM_LINKS = 5
MAXIMUM_LABEL = 60
MAXIMUM_TALENTS = 10
MAXIMUM_TALENT = 60


class ProfileChanges(TypedDict, total=False):
    """What of a profile is to change; what is left out stays."""

    full_name: str | None
    bio: str | None
    avatar_url: str | None
    territory: TerritoryCode | None
    links: Sequence[ProfileLink]
    talents: Sequence[str]


class SettingsChanges(TypedDict, total=False):
    """What of the settings is to change; what is left out stays."""

    visibility: ProfileVisibility
    discoverable: bool
    email_notifications: bool
    locale: Locale


class AddressNotSecure(Refusal):
    """Pictures and links that load in others' pages come by https."""

    code = RefusalCode.INVALID


def one_line(text: str) -> str:
    """A name, a label or a talent as it is kept: no outer white space, and one space between words."""
    return " ".join(text.split())


def folded(text: str) -> str:
    """What a talent is compared by: « Comptabilité » and « comptabilite » are one, « Œuvres » and « oeuvres » too."""
    # Decomposed first: a letter that stands raised, or in a circle, has its case only then.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe"))
    return one_line("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


def check_profile(changes: ProfileChanges) -> Iterator[Refusal]:
    """What is wrong with what is to change, each at its field. Whether the territory is known, the database says."""
    yield from fields.text(changes.get("full_name"), "fullName", maximum=MAXIMUM_FULL_NAME)
    yield from fields.text(changes.get("bio"), "bio", maximum=MAXIMUM_BIO)
    avatar = changes.get("avatar_url")
    if avatar is not None and not avatar.lower().startswith("https://"):
        yield AddressNotSecure("avatarUrl")
    links = changes.get("links", ())
    yield from fields.items([link.url for link in links], "links", maximum=MAXIMUM_LINKS)
    for number, link in enumerate(links):
        yield from fields.text(link.label, "links", str(number), "label", minimum=1, maximum=MAXIMUM_LABEL)
    talents = changes.get("talents", ())
    yield from fields.items([folded(talent) for talent in talents], "talents", maximum=MAXIMUM_TALENTS)
    for number, talent in enumerate(talents):
        yield from fields.text(talent, "talents", str(number), minimum=1, maximum=MAXIMUM_TALENT)
