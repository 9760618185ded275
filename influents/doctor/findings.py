"""What a check comes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is: `wrong` loses something, is open to others, or doesn't work."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, of what, what there is, and what to do about it where anything is to be done."""

    level: Level
    subject: str
    said: str
    todo: str = ""

    @property
    def line(self) -> str:
        return f"{self.level:8} {self.subject}: {self.said}" + (f"; {self.todo}" if self.todo else "")


@dataclass(frozen=True, slots=True)
class Subject:
    """Makes findings of one subject."""

    name: str

    def ok(self, said: str) -> Finding:
        return Finding(Level.OK, self.name, said)

    def warning(self, said: str, todo: str) -> Finding:
        return Finding(Level.WARNING, self.name, said, todo)

    def wrong(self, said: str, todo: str) -> Finding:
        return Finding(Level.WRONG, self.name, said, todo)

    def unless(self, findings: Iterable[Finding], said: str) -> list[Finding]:
        """What was found; where that is nothing, that all is well."""
        return list(findings) or [self.ok(said)]


def counted(findings: Iterable[Finding]) -> dict[Level, int]:
    """How many there are of each level."""
    levels = [each.level for each in findings]
    return {level: levels.count(level) for level in Level}
