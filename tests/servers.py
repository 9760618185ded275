"""PostgreSQL servers of a test's own, on ports of this machine: to be killed, copied, followed and promoted."""

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from influents.embedded import binaries
from influents.embedded.account import Account
from influents.embedded.errors import EmbeddedDatabaseError
from tests.ports import free_port

OWNER = "influents"
PATIENCE = 60.0
QUICK = {"fsync": "off", "max_connections": "60", "shared_buffers": "32MB"}
FOLLOWED = {"wal_level": "replica", "max_wal_senders": "8", "hot_standby": "on"}


@dataclass(slots=True)
class PostgresServer:
    """A server in a folder, on a port of 127.0.0.1; whoever comes from there is believed."""

    folder: Path
    account: Account
    programs: Path
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=lambda: dict(QUICK))
    frozen: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def url(self, database: str = "influents") -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def program(self, name: str, *arguments: str | Path, timeout: float = PATIENCE) -> str:
        """Run one of PostgreSQL's programs as the account that the server runs as; what it prints."""
        return self.account.run(self.programs / name, *arguments, timeout=timeout)

    def create(self) -> None:
        """Make the data folder. Texts are in the order that the embedded server's are in."""
        texts = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
        self.program("initdb", "-D", self.data, "--username", OWNER, "--auth=trust", "--no-sync", *texts)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        chosen = {**self.settings, "listen_addresses": "127.0.0.1", "port": str(self.port)}
        options = " ".join(f"-c {name}='{value}'" for name, value in {**chosen, "unix_socket_directories": ""}.items())
        self.program("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-o", options)

    def stop(self, how: str = "fast") -> None:
        if self.frozen:
            self.kill()
        with suppress(EmbeddedDatabaseError):  # it doesn't run
            self.program("pg_ctl", "stop", "-D", self.data, "-m", how, "-w", "-t", "60")

    def kill(self) -> None:
        """As a power cut would: all its processes, at once, by their ids."""
        first = self._first()
        processes = [first, *first.children(recursive=True)]
        first.send_signal(signal.SIGSTOP)  # it would restart what is killed below it
        for each in processes[1:]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        first.kill()
        self.frozen = False
        psutil.wait_procs(processes, PATIENCE)

    def freeze(self) -> None:
        """As a machine that hangs would: whoever connects waits, and nothing is answered. It is killed in the end."""
        self.frozen = True
        first = self._first()
        for each in (first, *first.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGSTOP)

    def _first(self) -> psutil.Process:
        return psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))

    def execute(self, statement: str, database: str = "postgres") -> str:
        """What a statement answers, as text."""
        where = ("-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database)
        return self.program("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *where, "-c", statement).strip()

    def follow(self, primary: "PostgresServer", *, slot: str | None = None) -> None:
        """Become a copy of another server that follows it; to be started then."""
        where = ("-h", "127.0.0.1", "-p", str(primary.port), "-U", OWNER)
        slots = ("-C", "-S", slot) if slot else ()
        self.program("pg_basebackup", *where, "-D", self.data, "-R", "-X", "stream", "-c", "fast", *slots, "--no-sync")

    def rejoin(self, primary: "PostgresServer") -> None:
        """Follow another that had all of this one's when it was stopped; to be started then."""
        (self.data / "standby.signal").touch()
        self.account.own(self.data / "standby.signal")
        with (self.data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = 'host=127.0.0.1 port={primary.port} user={OWNER}'\n")
            settings.write("synchronous_standby_names = ''\n")

    def promote(self) -> None:
        """Let one that follows lead; it answers as a primary afterwards."""
        self.program("pg_ctl", "promote", "-D", self.data, "-w", "-t", "60")

    def until(self, question: str, answer: str, database: str = "postgres") -> None:
        """Wait until a question is answered so."""
        deadline = time.monotonic() + PATIENCE
        while self.execute(question, database) != answer:
            assert time.monotonic() < deadline, f"{question} isn't {answer}"
            time.sleep(0.05)


def either(*servers: PostgresServer, database: str = "influents") -> str:
    """A URL that names several."""
    hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in servers)
    return f"postgresql://{OWNER}@/{database}?{hosts}"


@contextmanager
def postgres_servers(programs: Path | None = None) -> Iterator["Servers"]:
    """Servers in a folder of their own, by these programs; all that were started are stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="influents-servers-"))  # pytest's own keep out whom root lends the server
    folder.chmod(0o755)
    servers = Servers(folder, programs)
    try:
        yield servers
    finally:
        for each in servers.made:
            each.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Servers:
    """Makes servers, none of which is started."""

    folder: Path
    chosen: Path | None = None
    made: list[PostgresServer] = field(default_factory=list)
    account: Account = field(init=False)
    programs: Path = field(init=False)

    def __post_init__(self) -> None:
        self.account = Account.for_server(self.folder)
        self.programs = self.chosen or binaries.find(self.account, self.folder).folder

    def new(self, settings: Mapping[str, str] = {}) -> PostgresServer:
        """A server whose folder is empty still."""
        folder = self.folder / f"server-{len(self.made)}"
        folder.mkdir()
        self.account.own(folder)
        server = PostgresServer(folder, self.account, self.programs, settings={**QUICK, **settings})
        self.made.append(server)
        return server

    def started(self, settings: Mapping[str, str] = {}, database: str = "influents") -> PostgresServer:
        """One that runs, with an empty database in it."""
        server = self.new(settings)
        server.create()
        server.start()
        server.execute(f"CREATE DATABASE {database}")
        return server

    def replica(self, primary: PostgresServer, settings: Mapping[str, str] = {}) -> PostgresServer:
        """One that runs and follows another."""
        server = self.new({**FOLLOWED, **settings})
        server.follow(primary)
        server.start()
        return server
