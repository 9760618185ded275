"""What people wrote, as a picture can show it: what XML may hold, on one line, cut to fit.

Nobody knows which font a picture is seen in, so widths are those of a wide one (DejaVu Sans), estimated by character.
"""

import unicodedata
from collections.abc import Iterator

JOINER = "\u200d"
KEPT = {JOINER, "\u200c"}
"""Invisible, but emoji and Persian are written with them."""
REFUSED = {"\ufffe", "\uffff"}
"""Characters that XML refuses, controls and halves of pairs apart."""
MARKS = 10
"""How many characters may stand on top of one, at most: a family of four takes as many."""
EMOJI = 0x1F000
"""Where they begin, with few exceptions."""
_NARROW, _SLIM, _WIDE = frozenset("iIjl.,:;'’|! "), frozenset('frt()[]{}-·/"«»\u00a0\u202f'), frozenset("mwMW@%&—…")
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def plain(text: str) -> str:
    """Text on one line, without controls: those that XML refuses, and those that turn the direction of writing."""
    return " ".join("".join(each if _shows(each) else " " for each in text).split())


def fitting(text: str, *, size: float, room: float, bold: bool = False) -> str:
    """Plain text as far as there is room, with an ellipsis where it had to be cut; never within a character."""
    whole = plain(text)
    if width(whole, size=size, bold=bold) <= room:
        return whole
    left, kept = room - width("…", size=size, bold=bold), ""
    for letter in _letters(whole):
        left -= width(letter, size=size, bold=bold)
        if left < 0:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def width(text: str, *, size: float, bold: bool = False) -> float:
    """How wide a text is, at most, in most fonts."""
    return sum(_em(letter[0]) for letter in _letters(text)) * size * (1.1 if bold else 1)


def _shows(character: str) -> bool:
    return character in KEPT or not (unicodedata.category(character) in _UNSEEN or character in REFUSED)


def _letters(text: str) -> Iterator[str]:
    """Characters as they are read: accents, tones of skin and joined emoji with what they stand on."""
    letter, flag = "", False
    for each in text:
        second = flag and _is_flag(each)
        if letter and (_joins(each) or letter[-1] == JOINER or second):
            letter += each if len(letter) <= MARKS else ""
            flag = flag and not second
            continue
        if letter:
            yield letter
        letter, flag = each, _is_flag(each)
    if letter:
        yield letter


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or character in KEPT or 0x1F3FB <= ord(character) <= 0x1F3FF  # noqa: PLR2004


def _is_flag(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF  # noqa: PLR2004


def _em(character: str) -> float:
    if character in _NARROW:
        return 0.36
    if character in _SLIM:
        return 0.47
    if character in _WIDE:
        return 1.0
    if ord(character) >= EMOJI:
        return 1.3
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.72 if character.isupper() else 0.64
