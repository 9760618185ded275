"""The text of an iCalendar, cut into what its events are read from: calendars, time zones, events."""

from collections.abc import Iterator
from typing import BinaryIO

from influents.agendas.json_files import UnreadableAgenda

_PARTS = {"VEVENT", "VTIMEZONE"}
_LONGEST_LINE = 1 << 20


def parts(file: BinaryIO) -> Iterator[tuple[str, str]]:
    """BEGIN and END of each calendar, with nothing; its own properties, with their value; its parts, with their text.

    Raises:
        UnreadableAgenda: There is no calendar, or the last one breaks off.
    """
    within: list[str] = []
    part: list[str] = []
    begun = False
    for line in _lines(file):
        word, _, value = line.partition(":")
        word, value = word.upper().strip(), value.strip()
        if word == "BEGIN":
            yield from _begun(within, part, value.upper())
            begun = begun or within == ["VCALENDAR"]
            if not begun:
                break
        if len(within) > 1 and (within[1] != "VEVENT" or len(within) == 2):  # noqa: PLR2004 - no alarms within events
            part.append(line)
        elif len(within) == 1 and word not in {"BEGIN", "END"}:
            yield word, value
        if word == "END":
            yield from _ended(within, part, value.upper())
    if not begun:
        raise UnreadableAgenda("No BEGIN:VCALENDAR in it: expected an iCalendar (.ics)")
    if within:
        raise UnreadableAgenda("It breaks off before END:VCALENDAR: export it again")


def _begun(within: list[str], part: list[str], name: str) -> Iterator[tuple[str, str]]:
    if name in _PARTS and len(within) > 1:  # the one before has lost its end
        yield from _ended(within, part, within[1])
    within.append(name)
    if within == ["VCALENDAR"]:
        yield "BEGIN", ""


def _ended(within: list[str], part: list[str], name: str) -> Iterator[tuple[str, str]]:
    """What ends with the innermost that is called so; an end of what never began is nothing."""
    while name in within:
        ended = within.pop()
        if not within:
            yield "END", ""
        elif len(within) == 1:
            if ended in _PARTS:
                yield ended, "\n".join(part)
            part.clear()
        if ended == name:
            return


def _lines(file: BinaryIO) -> Iterator[str]:
    """Lines unfolded, which is done in bytes: some programs fold within a letter."""
    whole = bytearray()
    for number, raw in enumerate(file):
        line = (raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw).rstrip(b"\r\n")
        if line[:1] in {b" ", b"\t"}:
            whole += line[1:] if len(whole) < _LONGEST_LINE else b""
            continue
        if whole:
            yield _decoded(whole)
        whole = bytearray(line)
    if whole:
        yield _decoded(whole)


def _decoded(line: bytearray) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
