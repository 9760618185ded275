"""What people wrote, as formats of text can hold it: lines end in one way, and controls are left out."""

import re

import icalendar

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """A text without controls, whose lines end in line feeds."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n"))


class Text(icalendar.vText):
    r"""A text as RFC 5545 writes it. The library's own takes `\N`, which somebody may have written, for a new line."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
        return escaped.encode()


def text(written: str) -> Text:
    """What somebody wrote, to be put into a calendar."""
    return Text(clean(written))
