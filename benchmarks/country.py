"""`python -m benchmarks.country`: how large a country's database becomes, and how busy; the table of docs/scale.md.

Bytes a row were measured (100,000 citizens, 1M participations, after VACUUM); habits are assumed, and stand here to be
argued with.
"""

import sys
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[1] / "docs" / "scale.md"
BEGIN, END = "<!-- the model's figures: python -m benchmarks.country -->\n", "<!-- up to here -->\n"

OF_A_CITIZEN: Final = {"citizen": 690, "citizen_total": 164, "account": 238, "skills": 1.5 * 258}
"""Bytes of a citizen who stays, with indexes."""
OF_A_PARTICIPATION: Final = {"participation": 514, "ledger_entry": 440, "activity": 2.25 * 255, "feedback": 0.1 * 211}
"""Bytes of each time that somebody takes part, with indexes."""
OF_AN_EVENT: Final = 2_100 + 1_500
"""Measured with hardly a description; and what one with a page of text adds."""

ACTIVE: Final = 0.2
"""Of all citizens, those who take part in a year."""
TIMES_A_YEAR: Final = 5
"""How often each of those does."""
ATTENDEES: Final = 30
"""Of an event."""
PAGES_A_WEEK: Final = 5
"""That each of those looks at."""
YEARS: Final = 5
PEAK: Final = 20
"""The busiest second, in average ones."""
YEAR: Final = 365 * 86_400

NODE_BYTES: Final = 1e12
"""What is comfortable on one machine: it is restored in hours, and its indexes fit where they are looked for."""
NODE_PAGES: Final = 2_000
"""Pages a second that 16 cores of a database answer, at 5 ms of CPU each and 60 % busy."""


@dataclass(frozen=True, slots=True)
class Country:
    """So many citizens, after five years.

    Attributes:
        busy: How many times as much they do as is assumed.
    """

    citizens: int
    busy: int = 1

    @property
    def participations(self) -> float:
        """In a year."""
        return self.citizens * ACTIVE * TIMES_A_YEAR * self.busy

    @property
    def spread(self) -> float:
        """Bytes of what is spread by citizen."""
        yearly = self.participations * sum(OF_A_PARTICIPATION.values())
        return self.citizens * sum(OF_A_CITIZEN.values()) + YEARS * yearly

    @property
    def copied(self) -> float:
        """Bytes of what each node has all of."""
        return YEARS * self.participations / ATTENDEES * OF_AN_EVENT

    @property
    def pages(self) -> float:
        """In the busiest second."""
        return self.citizens * ACTIVE * PAGES_A_WEEK * self.busy / (7 * 86_400) * PEAK

    @property
    def writes(self) -> float:
        """In the busiest second: registering, checking in, and saying how it was by a third."""
        return self.participations * (2 + 1 / 3) / YEAR * PEAK

    @property
    def nodes(self) -> int:
        """Primaries that this takes, by what there is to keep; pages can be answered by replicas."""
        return ceil(self.spread / NODE_BYTES)

    @property
    def replicas(self) -> int:
        """Machines beside each, so that the busiest second is answered while one is missing."""
        return ceil(self.pages / NODE_PAGES / self.nodes) + 1


def table() -> str:
    """The figures as a table."""
    lines = [
        "| | " + " | ".join(map(heading, COUNTRIES)) + " |",
        "| --- |" + " ---: |" * len(COUNTRIES),
    ]
    rows = {
        "participations a year": [f"{each.participations / 1e6:,.0f}M" for each in COUNTRIES],
        "spread by citizen, after 5 years": [gigabytes(each.spread) for each in COUNTRIES],
        "on each node besides (events)": [gigabytes(each.copied) for each in COUNTRIES],
        "pages in the busiest second": [f"{each.pages:,.0f}" for each in COUNTRIES],
        "writes in the busiest second": [f"{each.writes:,.0f}" for each in COUNTRIES],
        "primaries": [str(each.nodes) for each in COUNTRIES],
        "replicas of each": [str(each.replicas) for each in COUNTRIES],
    }
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())]) + "\n"


def gigabytes(amount: float) -> str:
    return f"{amount / 1e9:,.0f} GB"


def heading(country: Country) -> str:
    return f"{country.citizens // 1_000_000}M citizens" + (
        f", {country.busy} times as busy" if country.busy > 1 else ""
    )


COUNTRIES: Final = (Country(1_000_000), Country(10_000_000), Country(60_000_000), Country(60_000_000, busy=10))


def written(page: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(table())
