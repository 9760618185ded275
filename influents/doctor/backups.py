"""Whether what happens is kept elsewhere: the journal that a restore needs."""

from collections.abc import Iterator, Sequence

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient, Row

subject = Subject("backups")

ARCHIVER = """
    SELECT current_setting('archive_mode') <> 'off' AS archiving, current_setting('wal_level') AS wal_level,
        archived_count AS kept, failed_count AS failures,
        last_failed_time > coalesce(last_archived_time, '-infinity') AS failing,
        extract(epoch FROM now() - last_archived_time) / 3600 AS hours
    FROM pg_stat_archiver
"""


async def journal(patient: Patient) -> Sequence[Finding]:
    """Whether the journal is handed over."""
    if not patient.in_earnest:
        return [subject.warning("the embedded database isn't backed up", "copy its folder while nothing runs")]
    row = await patient.row(ARCHIVER)
    return subject.unless(archived(row), f"the journal is kept, {row['kept']} files of it")


def archived(row: Row) -> Iterator[Finding]:
    """What is to be said about how the journal is kept."""
    if not row["archiving"]:
        yield subject.warning(
            "archive_mode is off: what happened since the last backup can't be brought back",
            "see operations.md, unless something else keeps the journal",
        )
    elif row["failing"]:
        yield subject.wrong(
            f"the journal can't be kept: archive_command failed {row['failures']} times, and fills the disk",
            "look into PostgreSQL's log",
        )
    elif not row["kept"]:
        yield subject.warning("nothing of the journal was kept yet", "SELECT pg_switch_wal(), then look again")
