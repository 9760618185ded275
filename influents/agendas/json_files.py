"""JSON read a record at a time, so that a file of any length takes the memory of one record."""

import codecs
import json
from collections.abc import Collection, Iterator
from typing import BinaryIO, Final

END: Final = object()
"""What a list is told to hold last: an empty one is there, too."""

_PIECE = 1 << 18
_LONGEST_RECORD = 1 << 24
_SPACE = " \t\n\r"


class UnreadableAgenda(ValueError):  # noqa: N818 - what it is, not that it is one
    """Not a file that can be read as an agenda; the message is one line for a person."""


def members(file: BinaryIO, lists: Collection[str], *, what: str) -> Iterator[tuple[str, object]]:
    """What stands in a document, with the name it has there.

    The elements of the outermost list have the name "", those of lists that are asked for by name the list's; after
    them comes `END`, by the same name. All other members of the outermost object come whole.

    Args:
        file: The document, in UTF-8, or UTF-16 or 32 with or without a mark.
        lists: Names of lists to go through.
        what: What was expected, for the message.

    Raises:
        UnreadableAgenda: It isn't JSON to its end.
    """
    reader = _Reader(file)
    begun = False
    try:
        for member in _members(reader, lists):
            yield member
            begun = True
        reader.end()
    except (ValueError, RecursionError) as error:
        line = (
            "It breaks off, or isn't JSON to its end: export it again; expected"
            if begun
            else "Not a JSON file: expected"
        )
        raise UnreadableAgenda(f"{line} {what}") from error


def _members(reader: "_Reader", lists: Collection[str]) -> Iterator[tuple[str, object]]:
    first = reader.peek()
    if first == "[":
        yield from (("", each) for each in reader.elements())
    elif first == "{":
        for name in reader.names():
            if name in lists and reader.peek() == "[":
                yield from ((name, each) for each in reader.elements())
            else:
                yield name, reader.value()
    else:
        raise ValueError("neither a list nor an object")


class _Reader:
    """A position in a document, and as much of its text as is needed from there."""

    def __init__(self, file: BinaryIO) -> None:
        start = file.tell()
        encoding = json.detect_encoding(file.read(4))
        file.seek(start)
        self._file = file
        self._decoded = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._decoder = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._whole = False

    def peek(self) -> str:
        """The next character that says something; none at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise ValueError("something follows")

    def value(self) -> object:
        """The value that stands here."""
        self.peek()
        while True:
            try:
                value: object
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                if len(self._text) - self._at > _LONGEST_RECORD or not self._more():
                    raise
                continue
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def elements(self) -> Iterator[object]:
        """What the list that begins here holds, and `END`."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
        else:
            while True:
                yield self.value()
                if self._take(",]") == "]":
                    break
        yield END

    def names(self) -> Iterator[str]:
        """The names of the object that begins here; its values are taken in between."""
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            name = self.value()
            if not isinstance(name, str):
                raise ValueError("a name is a text")  # noqa: TRY004 - of a document, not of a program
            self._take(":")
            yield name
            if self._take(",}") == "}":
                return

    def _take(self, expected: str) -> str:
        found = self.peek()
        if not found or found not in expected:
            raise ValueError(f"expected one of {expected}")
        self._at += 1
        return found

    def _more(self) -> bool:
        if self._whole:
            return False
        piece = self._file.read(max(_PIECE, len(self._text) - self._at))  # twice as much each time
        self._text = self._text[self._at :] + self._decoded.decode(piece, final=not piece)
        self._at = 0
        self._whole = not piece
        return bool(piece)
