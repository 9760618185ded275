"""Guides: how to take part, to organise and to speak up. Their texts are in the catalogs, by slug."""

from dataclasses import dataclass
from enum import StrEnum


class GuideTopic(StrEnum):
    """What a guide helps with."""

    PARTICIPATION = "PARTICIPATION"
    ORGANIZATION = "ORGANIZATION"
    EXPRESSION = "EXPRESSION"


@dataclass(frozen=True, slots=True)
class Guide:
    """A text to read. Its slug is the same in every language, and never changes."""

    slug: str
    topic: GuideTopic


CHOOSING = Guide("choisir-ou-participer", GuideTopic.PARTICIPATION)
BEING_THERE = Guide("venir-et-que-cela-compte", GuideTopic.PARTICIPATION)
PREPARING = Guide("preparer-un-evenement", GuideTopic.ORGANIZATION)
REPORTING_BACK = Guide("accueillir-et-rendre-compte", GuideTopic.ORGANIZATION)
SPEAKING_UP = Guide("prendre-la-parole", GuideTopic.EXPRESSION)
GIVING_FEEDBACK = Guide("donner-un-avis-utile", GuideTopic.EXPRESSION)

GUIDES = (CHOOSING, BEING_THERE, PREPARING, REPORTING_BACK, SPEAKING_UP, GIVING_FEEDBACK)
"""All there are, in the order in which one reads them."""


def guides(topic: GuideTopic | None = None) -> tuple[Guide, ...]:
    """Those on a topic, or all."""
    return tuple(guide for guide in GUIDES if topic is None or guide.topic is topic)
