"""Counts the instructions that Python executes, which is the same on every machine, however busy."""

import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

TESTS: Final = str(Path(__file__).parent)
LIBRARY: Final = sysconfig.get_path("stdlib")
PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
"""Each has instructions of its own; releases within one have the same."""

Trace = Callable[[FrameType, str, Any], Any]  # Any: what Python tells a trace function, and takes of it


@dataclass
class Instructions:
    """How many were executed."""

    count: int = 0


@contextmanager
def counted() -> Iterator[Instructions]:
    """The bytecode instructions of a block, by this thread.

    Python's own library isn't counted: how often the event loop turns depends on when the database answers.
    `sys.monitoring` would do it for less, from Python 3.12 on.
    """
    found, before = Instructions(), sys.gettrace()

    def within(_frame: FrameType, event: str, _: object) -> Trace:
        if event == "opcode":
            found.count += 1
        return within

    def enter(frame: FrameType, _event: str, _: object) -> Trace | None:
        name = frame.f_code.co_filename
        library = name.startswith((LIBRARY, "<frozen")) and "site-packages" not in name
        if library or name.startswith(TESTS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return within

    sys.settrace(enter)
    try:
        yield found
    finally:
        sys.settrace(before)
