"""Text of the open web, made plain: entities, tags and stray control characters gone."""

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_TAG = re.compile(r"<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>|<![^<>]*>")
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_MARK = re.compile(r"[\u0300-\u036f]")
_WORD = re.compile(r"[a-z0-9]+")

_TO_MEND = re.compile(r"[^ -%'-;=-~\xa1-\xac\xae-\xff’]|  ")
"""Anything but letters of our languages, signs and single spaces: markup, lines, marks that may have to be joined."""

_HIDDEN = {"script", "style", "head", "template"}
_PARAGRAPHS = "p div ul ol dl table h1 h2 h3 h4 h5 h6 blockquote pre section article figure"
_INLINE = (
    "a abbr address aside audio b big body button center cite code col del em embed figcaption font footer form header "
    "html i iframe img input ins label link main mark meta nav noscript object param picture q s small source span "
    "strike strong sub sup svg tbody tfoot thead time title tt u var video"
)
_TAGS = dict.fromkeys(_INLINE.split(), "") | dict.fromkeys(_PARAGRAPHS.split(), "\n\n") | dict.fromkeys(_HIDDEN, "")
_TAGS |= {"br": "\n", "hr": "\n\n", "li": "\n- ", "tr": "\n", "td": " ", "th": " ", "dt": "\n\n", "dd": "\n"}
"""What stands in a tag's place."""

_LONGEST = 200_000
"""Characters that are looked at; an event's description holds a tenth of it."""


def plain(text: str) -> str:
    """Text without entities (escaped once or more) and HTML; paragraphs and lists become lines."""
    text = text[:_LONGEST]
    if not _TO_MEND.search(text):
        return text.strip()
    text = _unescaped(text)
    pieces: list[str] = []
    hidden = ""
    position = 0
    for tag in _TAG.finditer(text):
        name = (tag["name"] or "").lower()
        if name and name not in _TAGS:
            continue  # « a <b> c » of somebody's formula, not a tag
        if not hidden:
            pieces.append(text[position : tag.start()])
            pieces.append("" if name == "li" and tag["closing"] else _TAGS.get(name, ""))
            hidden = name if name in _HIDDEN and not tag["closing"] else ""
        elif name == hidden and tag["closing"]:
            hidden = ""
        position = tag.end()
    if not hidden:
        pieces.append(text[position:])
    return _tidied("".join(pieces))


def one_line(text: str) -> str:
    """Plain text with every run of white space as one space."""
    return " ".join(plain(text).split())


def shortened(text: str, maximum: int) -> str:
    """Text of at most `maximum` characters, cut between two words and with an ellipsis where it had to be."""
    if len(text) <= maximum:
        return text
    kept = text[: maximum - 1]
    if not text[maximum - 1].isspace() and (word := re.search(r"\s\S{0,99}\Z", kept)):
        kept = kept[: word.start()]
    return kept.rstrip(" \t\n\xa0,;:-–—(") + "…"


def folded(text: str) -> str:
    """Words without accents and case, one space between them: what is compared."""
    bare = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return " ".join(_WORD.findall(_MARK.sub("", unicodedata.normalize("NFKD", bare))))


def _unescaped(text: str) -> str:
    # Agendas escape what was escaped already; `&copy=2` in an address is no entity, hence the semicolon.
    for _ in range(3):
        once = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        if once == text:
            break
        text = once
    return text


def _tidied(text: str) -> str:
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
