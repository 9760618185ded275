"""`python -m benchmarks.importing`: how long bringing an agenda in takes, by the command as partners' agendas come in.

It writes agendas of one event a record, with texts of some 900 characters, and imports each twice: new, and again.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

import psutil
import sqlalchemy as sa

from db.engine import connect
from db.migrate import migrate
from influents.embedded import Cluster, start

WORDS = [
    *("accueil", "ambiance", "assiette", "balade", "banc", "bord", "café", "carnet", "chemin", "citron", "colline"),
    *("couleur", "cour", "dimanche", "ensemble", "entrée", "escalier", "fenêtre", "fleuve", "gare", "goûter", "groupe"),
    *(
        "habitants",
        "heure",
        "hiver",
        "île",
        "joie",
        "lampe",
        "libre",
        "lundi",
        "main",
        "marche",
        "matin",
        "midi",
        "mur",
    ),
    *(
        "nuit",
        "ouvert",
        "panier",
        "partage",
        "pause",
        "petit",
        "pierre",
        "place",
        "plage",
        "pont",
        "porte",
        "printemps",
    ),
    *("quai", "quartier", "rencontre", "repas", "rive", "rue", "salle", "samedi", "soir", "sourire", "square", "table"),
    *("tasse", "terrasse", "tour", "tous", "toit", "venir", "vent", "verre", "village", "ville", "voisins", "voix"),
]
ABOUT = ["bibliothèque", "concert", "climat", "débat", "emploi", "exposition", "jardin", "mairie", "recyclage", "vélo"]
FIRST = datetime(2030, 1, 1, 18, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """An event that an agenda tells."""

    number: int
    title: str
    text: str
    keyword: str
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(hours=2)


def told(many: int) -> Iterator[Told]:
    """The same ones each time."""
    chance = random.Random(44)
    for number in range(many):
        about = chance.choice(ABOUT)
        words = chance.choices(WORDS, k=140)
        words[chance.randrange(140)] = about
        title = f"{about} {' '.join(chance.choices(WORDS, k=4))}".capitalize()
        yield Told(number, title, " ".join(words), about, FIRST + timedelta(hours=number % 5000))


def openagenda(events: Iterator[Told], file: TextIO) -> None:
    file.write('{"events": [')
    for event in events:
        record = {
            "uid": event.number,
            "title": {"fr": event.title},
            "description": {"fr": event.text[:150]},
            "longDescription": {"fr": f"<p>{event.text}</p>"},
            "keywords": {"fr": [event.keyword]},
            "timings": [{"begin": event.starts_at.isoformat(), "end": event.ends_at.isoformat()}],
            "timezone": "Europe/Paris",
            "conditions": {"fr": "Gratuit"},
            "registration": [{"type": "link", "value": f"https://agenda.example.org/{event.number}"}],
            "location": {
                "name": "Maison de quartier",
                "address": f"{event.number % 90 + 1} rue des Essais",
                "city": "Nantes",
                "postalCode": "44000",
                "latitude": 47.2 + event.number % 100 / 1000,
                "longitude": -1.55,
            },
        }
        file.write(("," if event.number else "") + json.dumps(record, ensure_ascii=False))
    file.write("]}")


def icalendar(events: Iterator[Told], file: TextIO) -> None:
    file.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    file.writelines(
        f"BEGIN:VEVENT\r\nUID:{event.number}@example.org\r\nSUMMARY:{event.title}\r\nDESCRIPTION:{event.text}\r\n"
        f"DTSTART:{event.starts_at:%Y%m%dT%H%M%SZ}\r\nDTEND:{event.ends_at:%Y%m%dT%H%M%SZ}\r\n"
        f"LOCATION:Maison de quartier\\, {event.number % 90 + 1} rue des Essais\\, 44000 Nantes\r\n"
        f"CATEGORIES:{event.keyword}\r\nURL:https://agenda.example.org/{event.number}\r\nEND:VEVENT\r\n"
        for event in events
    )
    file.write("END:VCALENDAR\r\n")


def schema_org(events: Iterator[Told], file: TextIO) -> None:
    file.write('{"@context": "https://schema.org", "@graph": [')
    for event in events:
        record = {
            "@type": "Event",
            "@id": f"https://agenda.example.org/{event.number}",
            "name": event.title,
            "description": event.text,
            "startDate": event.starts_at.isoformat(),
            "endDate": event.ends_at.isoformat(),
            "keywords": event.keyword,
            "location": {
                "@type": "Place",
                "name": "Maison de quartier",
                "address": {"@type": "PostalAddress", "postalCode": "44000", "addressLocality": "Nantes"},
            },
        }
        file.write(("," if event.number else "") + json.dumps(record, ensure_ascii=False))
    file.write("]}")


def csv(events: Iterator[Told], file: TextIO) -> None:
    file.write("id;titre;descriptif;date de début;date de fin;lieu;adresse;code postal;ville;mots-clés;site web\n")
    file.writelines(
        f"{event.number};{event.title};{event.text};{event.starts_at.isoformat()};{event.ends_at.isoformat()};"
        f"Maison de quartier;{event.number % 90 + 1} rue des Essais;44000;Nantes;{event.keyword};"
        f"https://agenda.example.org/{event.number}\n"
        for event in events
    )


FORMATS: dict[str, Callable[[Iterator[Told], TextIO], None]] = {
    "openagenda": openagenda,
    "icalendar": icalendar,
    "schema-org": schema_org,
    "csv": csv,
}


@contextmanager
def running_database(folder: Path) -> Iterator[Cluster]:
    folder.mkdir(mode=0o755)
    cluster = start(folder, {})
    try:
        yield cluster
    finally:
        cluster.release()


async def prepared(url: str, formats: list[str]) -> psutil.Process:
    """A database with an organisation for each format; its server's process."""
    database = connect(url)
    await migrate(database)
    async with database.unit_of_work() as work:
        for form in formats:
            statement = sa.text(
                "INSERT INTO organization (id, slug, name, kind, description, verified_at, created_at) "
                "VALUES (gen_random_uuid(), :slug, :slug, 'ASSOCIATION', 'Agenda', now(), now())"
            )
            await work.execute(statement, {"slug": form})
    async with database.reading() as session:
        server = psutil.Process(await session.scalar(sa.text("SELECT pg_backend_pid()"))).parent()
    await database.close()
    assert server is not None
    return server


def imported(file: Path, form: str, url: str, *, database: psutil.Process, rows: int, what: str) -> str:
    """A line of the table: what one run of the command took."""
    environment = os.environ | {
        "DATABASE_URL": url.replace("postgresql+asyncpg", "postgresql"),
        "INFLUENTS_SECRET_KEY": "a secret of the benchmark, 32 bytes at least",
    }
    command = [sys.executable, "-m", "influents", "import", "agenda", str(file), "--organization", form]
    begun, before = time.monotonic(), _database_seconds(database)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    shown = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    took = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or f"{rows}" not in shown:
        raise SystemExit(f"{form}: not all were taken\n{shown}")
    seconds, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    time.sleep(0.5)  # its connections have ended then
    theirs = _database_seconds(database) - before
    return (
        f"| {form} | {rows:,} {what} | {took:.1f} | {rows / took:.0f} | {seconds:.1f} | {theirs:.1f} | {memory:.0f} |"
    )


def _database_seconds(database: psutil.Process) -> float:
    """What its processes have used that have ended: one for each connection."""
    times = database.cpu_times()
    return float(times.children_user + times.children_system)


def main(sizes: list[int], formats: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="influents-bench-") as folder:
        Path(folder).chmod(0o755)  # for root, PostgreSQL runs as another user
        with running_database(Path(folder) / "data") as cluster:
            print("| Format | Rows | Seconds | Rows/s | CPU seconds | of PostgreSQL | Peak MB |")
            print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
            for size in sizes:
                name = f"bench{size}"
                cluster.ensure_database(name)
                url = cluster.url(name)
                database = asyncio.run(prepared(url, formats))
                for form in formats:
                    file = Path(folder) / f"{form}-{size}"
                    with file.open("w", encoding="utf-8", newline="") as written:
                        FORMATS[form](told(size), written)
                    for what in ("new", "again"):
                        print(imported(file, form, url, database=database, rows=size, what=what), flush=True)


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.importing", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000], help="how many; several to see memory")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    given = parser.parse_args()
    main(given.rows, given.formats)
