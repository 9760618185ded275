"""Files: that secrets are nobody else's to read, and that there is room."""

import asyncio
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient
from influents.settings import SECRETS_VARIABLE

FREE_BYTES = 1 << 30
OTHERS_READ, GROUP_WRITES, OTHERS_WRITE = 0o004, 0o020, 0o002

subject = Subject("files")


async def folders(patient: Patient) -> Sequence[Finding]:
    """The data folder, and whatever holds secrets."""
    return await asyncio.to_thread(_looked_at, patient.settings.data_dir)


def _looked_at(data: Path) -> list[Finding]:
    secrets = os.environ.get(SECRETS_VARIABLE)
    hidden = [data / "secret.key", Path(".env"), *(sorted(Path(secrets).iterdir()) if secrets else ())]
    return subject.unless(
        [*readable(hidden), *writable(data), *crowded(data)], "secrets are hidden, and there is room on the disk"
    )


def readable(secrets: Sequence[Path]) -> Iterator[Finding]:
    """Secrets that others on this machine can read: their own mode says so, and no folder above keeps them out."""
    for each in secrets:
        if each.is_file() and each.stat().st_mode & OTHERS_READ and not _kept_from_others(each):
            yield subject.wrong(f"everybody on this machine can read {each}", f"chmod o-r {each}")


def _kept_from_others(file: Path) -> bool:
    return any(not folder.stat().st_mode & 0o001 for folder in file.resolve().parents)


def writable(data: Path) -> Iterator[Finding]:
    """A data folder that others can put things into, or that we can't."""
    if not data.exists():
        return
    if data.stat().st_mode & OTHERS_WRITE:
        yield subject.wrong(f"everybody on this machine can write to {data}", f"chmod o-w {data}")
    if not os.access(data, os.W_OK):
        yield subject.wrong(f"{data} can't be written to", "give it to whoever the service runs as")


def crowded(data: Path, *, least: int = FREE_BYTES) -> Iterator[Finding]:
    """A disk that is nearly full, where the data folder is or would be."""
    there = next(each for each in [data.absolute(), *data.absolute().parents] if each.exists())
    if (free := shutil.disk_usage(there).free) < least:
        yield subject.warning(f"{free >> 20} MiB are free where {data} is", "make room")
