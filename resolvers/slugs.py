"""What a title is called in an address."""

from slugify import slugify

LENGTH = 60


def slug_of(title: str, *, otherwise: str) -> str:
    """Words of a title in lower-case ASCII, joined by dashes; `otherwise` where nothing of it can be written so."""
    marks = [("’", "-"), ("'", "-")]
    made = slugify(
        title,
        max_length=LENGTH,
        word_boundary=True,
        save_order=True,
        replacements=marks,
        backend="text-unidecode",  # told which, it looks for no other at each title: half of what an import does
    )
    return made or otherwise
