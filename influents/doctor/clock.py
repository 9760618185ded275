"""Whether this machine and the database's agree about what time it is."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

NOTICEABLE = timedelta(seconds=2)
MUCH = timedelta(seconds=30)

subject = Subject("clock")


async def time_of_day(patient: Patient) -> Sequence[Finding]:
    """The database's clock against ours, in the middle of the question."""
    await patient.row("SELECT 1 AS connected")
    before = datetime.now(UTC)
    theirs: datetime = (await patient.row("SELECT clock_timestamp() AS now"))["now"]
    after = datetime.now(UTC)
    return [apart(theirs - (before + (after - before) / 2), slack=(after - before) / 2)]


def apart(difference: timedelta, *, slack: timedelta) -> Finding:
    """What it is that they differ by so much, give or take."""
    much = abs(difference) - slack
    seconds = abs(difference).total_seconds()
    ahead = "ahead of" if difference > timedelta() else "behind"
    told, todo = f"the database's is {seconds:.0f} seconds {ahead} ours", "run chrony or timesyncd on both machines"
    if much > MUCH:
        return subject.wrong(told, todo)
    if much > NOTICEABLE:
        return subject.warning(told, todo)
    return subject.ok("the database's and ours agree")
