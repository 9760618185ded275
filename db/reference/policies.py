"""Policy files: read here, kept in the database once, never changed after."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from domain.policy import InvalidPolicy, Policy, policy_from

FOLDER = Path(__file__).parent.parent / "policies"


def policy_files() -> Iterator[tuple[Policy, dict[str, object]]]:
    """Every policy that ships with Influents, with the document it was read from."""
    for path in sorted(FOLDER.glob("*.toml")):
        yield read_policy(path)


def read_policy(path: Path) -> tuple[Policy, dict[str, object]]:
    """Read one file.

    Raises:
        InvalidPolicy: it isn't TOML, or no policy; the message names the file.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return policy_from(document), document
    except (OSError, ValueError) as wrong:
        raise InvalidPolicy(f"{path.name}: {wrong}") from wrong
