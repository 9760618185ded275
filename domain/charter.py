"""The charter: what participants and organisers owe each other. Its text is in the catalogs, by version."""

from domain.api_tokens import Partner
from domain.citizens import Viewer
from domain.refusals import Refusal, RefusalCode

CHARTER_VERSION = "2026-1"
"""The version in force. A new text is a new version: everybody is asked again."""


class CharterChanged(Refusal):
    """What one proposes rests on the charter in force, `version`."""

    code = RefusalCode.CHARTER_NOT_ACCEPTED


def check_accepted(asking: Viewer | Partner) -> None:
    """Refuse what is proposed under a charter that has changed since it was accepted: by an owner, for a token."""
    accepted = asking.charters if isinstance(asking, Partner) else {asking.accepted_charter_version}
    if CHARTER_VERSION not in accepted:
        raise CharterChanged(version=CHARTER_VERSION)
