"""Which language a client accepts."""

from functools import lru_cache

from domain.words import Locale

LONGEST = 200


@lru_cache(maxsize=256)
def accepted(header: str) -> Locale:
    """The language of ours that an Accept-Language header likes best; French where it names none of them."""
    best, liked = Locale.FR, 0.0
    for part in header[:LONGEST].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
            locale = Locale(name.strip().lower().split("-")[0])
        except ValueError:
            continue
        if weight > liked:
            best, liked = locale, weight
    return best
