"""What people type to find something."""

from schema.errors import BadUserInput

MAXIMUM = 200


def words(search: str | None) -> str | None:
    """The words of a search.

    Raises:
        BadUserInput: they are more than anybody types.
    """
    if search is not None and len(search) > MAXIMUM:
        raise BadUserInput("search-too-long", limit=MAXIMUM)
    return search
