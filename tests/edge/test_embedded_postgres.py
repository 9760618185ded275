"""The embedded PostgreSQL, with real servers and processes that are really killed."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from influents.embedded import EmbeddedDatabaseError, binaries, place, start
from influents.embedded.account import Account

CHECKOUT = Path(__file__).parents[2]
QUICK = {"fsync": "off"}
DEBIANS_15 = Path("/usr/lib/postgresql/15/bin")
# Prints its URL once the server is up, and keeps its lease until its stdin is closed.
HOLDER = """
import os, sys, time
from pathlib import Path
from influents.embedded import start
cluster = start(Path(sys.argv[1]), {"fsync": "off"})
print(cluster.url(), flush=True)
sys.stdin.read()
"""

# Loses the pipe to its watcher before its lease, as the kernel may have it for one that is killed.
SLOW_TO_DIE = HOLDER.replace("sys.stdin.read()", "cluster._watcher.stdin.close(); time.sleep(0.5); os._exit(9)")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="root lends the server another user: run as root")


class Holder:
    """Another process that uses the cluster of a folder."""

    def __init__(self, folder: Path, program: str = HOLDER) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
            start_new_session=True,
        )

    def url(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate(timeout=30)
        assert self.process.returncode == 0

    def kill(self) -> None:
        """Ends it, and the programs that it runs, as a power cut would; the watcher has a session of its own."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=30)


@contextlib.contextmanager
def _data_folder() -> Iterator[Path]:
    """A data folder with a short path, into which the server's user gets too."""
    made = Path(tempfile.mkdtemp(prefix="inf-", dir="/tmp"))
    made.chmod(0o755)
    yield made / "data"
    _kill_what_uses(made / "data")
    shutil.rmtree((made / "data" / "postgresql").resolve(), ignore_errors=True)  # it may be a link
    shutil.rmtree(made)


def _kill_what_uses(folder: Path) -> None:
    for process in _using((folder / "postgresql").resolve()):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where no cluster has been yet."""
    with _data_folder() as made:
        yield made


@pytest.fixture(scope="module")
def made_before() -> Iterator[Path]:
    with _data_folder() as made:
        folder = made / ("l’été en pente douce, " * 3)  # a URL would need escapes, and a socket's path is shorter
        start(folder, QUICK).release()
        yield folder
        _kill_what_uses(folder)
        shutil.rmtree(_socket_folder(folder))


@pytest.fixture
def used(made_before: Path) -> Iterator[Path]:
    """Where a cluster has been made before, and is stopped: it saves each test a second or two."""
    yield made_before
    _kill_what_uses(made_before)


@pytest.fixture
def hold() -> Iterator[Callable[[Path], Holder]]:
    holders: list[Holder] = []

    def one_more(folder: Path) -> Holder:
        holders.append(Holder(folder))
        return holders[-1]

    yield one_more
    for holder in holders:
        if holder.process.poll() is None:
            holder.kill()


def _using(home: Path) -> list[psutil.Process]:
    """The servers and watchers of a cluster that are alive."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(argument.startswith(str(home)) for argument in process.cmdline()):
                found.append(process)
    return found


def _postmaster(folder: Path) -> psutil.Process | None:
    home = (folder / "postgresql").resolve()
    return next((process for process in _using(home) if process.name().startswith("postgres")), None)


def _running(folder: Path) -> psutil.Process:
    postmaster = _postmaster(folder)
    assert postmaster is not None
    return postmaster


def _eventually(happens: Callable[[], bool], within: float = 40) -> bool:
    deadline = time.monotonic() + within
    while not (happened := happens()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return happened


def _socket_folder(folder: Path) -> Path:
    (home,) = (folder / "postgresql").resolve().glob("pg*")
    return place.socket_dir(home)


def _data_folders(folder: Path) -> list[Path]:
    """Those that are whole, and those that aren't."""
    return [path for path in folder.glob("postgresql/pg*/*") if path.name.startswith(("data", "unfinished"))]


@contextlib.contextmanager
def _bystander(data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the server's own user: PostgreSQL takes no other for a server."""
    user = data.stat().st_uid if os.geteuid() == 0 else None
    with subprocess.Popen(["sleep", "60"], user=user) as process:
        yield process
        process.kill()


async def _ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_two_cold_starts_at_once_share_a_server_and_the_last_one_out_stops_it(
    folder: Path, hold: Callable[[Path], Holder]
) -> None:
    first, second = hold(folder), hold(folder)
    assert first.url() == second.url() != ""
    assert stat.S_IMODE(_socket_folder(folder).stat().st_mode) == 0o700
    postmaster = _running(folder)

    first.leave()
    assert _running(folder) == postmaster
    second.leave()
    assert _postmaster(folder) is None


def test_a_killed_process_leaves_no_server_behind(used: Path, hold: Callable[[Path], Holder]) -> None:
    holder = hold(used)
    holder.url()
    _running(used)

    holder.kill()
    assert _eventually(lambda: _using(used / "postgresql") == [])


def test_who_dies_slowly_leaves_no_server_behind(used: Path) -> None:
    holder = Holder(used, SLOW_TO_DIE)
    assert holder.url()

    holder.process.communicate(timeout=30)
    assert _eventually(lambda: _using(used / "postgresql") == [])


async def test_a_killed_process_leaves_the_server_to_those_who_use_it(
    used: Path, hold: Callable[[Path], Holder]
) -> None:
    holder = hold(used)
    holder.url()
    cluster = start(used, QUICK)

    holder.kill()
    assert _eventually(lambda: len(_using(used / "postgresql")) == 2), "the server and one watcher"
    assert await _ask(cluster.url(), "SELECT 1") == 1
    cluster.release()
    assert _postmaster(used) is None


async def test_after_python_and_the_server_were_killed_together_the_data_is_there(
    used: Path, hold: Callable[[Path], Holder]
) -> None:
    holder = hold(used)
    await _ask(holder.url(), "CREATE TABLE kept AS SELECT 7 AS seven")
    postmaster = _running(used)
    postmaster.send_signal(signal.SIGSTOP)  # else it might still obey the watcher
    holder.kill()
    postmaster.kill()

    cluster = start(used, QUICK)
    assert await _ask(cluster.url(), "SELECT seven FROM kept") == 7
    cluster.release()


async def test_an_initdb_cut_short_is_done_again(folder: Path, hold: Callable[[Path], Holder]) -> None:
    holder = hold(folder)
    assert _eventually(lambda: any(folder.glob("postgresql/pg*/*/postgresql.conf")))
    holder.kill()
    (unfinished,) = _data_folders(folder)
    assert unfinished.name != "data"

    cluster = start(folder, QUICK)
    assert await _ask(cluster.url(), "SELECT 1") == 1
    assert [path.name for path in _data_folders(folder)] == ["data"]
    cluster.release()


async def test_a_pid_file_that_names_another_program_hinders_nothing(used: Path) -> None:
    (data,) = _data_folders(used)
    with _bystander(data) as bystander:
        for lock in (data / "postmaster.pid", _socket_folder(used) / ".s.PGSQL.5432.lock"):
            lock.write_text(f"{bystander.pid}\n{data}\n1700000000\n5432\n{used}\n\n  1234567  7654321\nready   \n")
            shutil.chown(lock, data.owner(), data.group())

        cluster = start(used, QUICK)
        assert await _ask(cluster.url(), "SELECT 1") == 1
        cluster.release()
        assert bystander.poll() is None


async def test_releasing_twice_is_harmless_and_what_was_stored_is_there_the_next_time(used: Path) -> None:
    cluster = start(used, QUICK)
    other = start(used, QUICK)  # a second lease of the same process
    await _ask(cluster.url(), "CREATE TABLE stored AS SELECT 7 AS seven")
    cluster.release()
    cluster.release()
    assert await _ask(other.url(), "SELECT seven FROM stored") == 7
    other.release()
    assert _postmaster(used) is None

    again = start(used, QUICK)
    assert await _ask(again.url(), "SELECT seven FROM stored") == 7
    again.release()


async def test_sqlalchemy_connects_whatever_the_environment_says_of_postgres(
    used: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere.invalid", "PGDATABASE": "no", "TZ": "Asia/Tokyo"}.items():
        monkeypatch.setenv(name, value)
    cluster = start(used, {"work_mem": "7MB", "listen_addresses": "*"} | QUICK)
    cluster.ensure_database('a "quoted/name')
    cluster.ensure_database('a "quoted/name')
    engine = create_async_engine(cluster.url('a "quoted/name'))
    settings = ("timezone", "log_timezone", "fsync", "work_mem", "listen_addresses", "server_encoding")
    async with engine.connect() as connection:
        told = [await connection.scalar(text(f"SHOW {setting}")) for setting in settings]
    await engine.dispose()
    assert told == ["UTC", "UTC", "off", "7MB", "", "UTF8"]
    cluster.release()


async def test_a_dead_watcher_is_replaced_by_its_process(used: Path) -> None:
    cluster = start(used, QUICK)
    (watcher,) = [one for one in _using(used / "postgresql") if one.ppid() == os.getpid()]
    watcher.kill()
    cluster.release()
    assert _postmaster(used) is None


@pytest.mark.skipif(not DEBIANS_15.is_dir(), reason=f"PostgreSQL 15 is not in {DEBIANS_15}")
async def test_another_postgres_has_a_folder_of_its_own_and_the_older_one_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lower = "SELECT lower('ÉŒ') || ' ' || current_setting('server_version_num')::int / 10000"
    with monkeypatch.context() as patch:
        patch.setenv("INFLUENTS_PG_BIN", str(DEBIANS_15))
        fifteen = start(folder, QUICK)
        assert fifteen.bin_dir == DEBIANS_15
    assert caplog.messages == []

    newer = start(folder, QUICK)
    assert await _ask(fifteen.url(), lower) == "éœ 15"
    assert str(await _ask(newer.url(), lower)).startswith("éœ ")
    fifteen.release()
    newer.release()
    assert _postmaster(folder) is None
    (warning,) = caplog.messages
    assert "starts with an empty database" in warning
    assert str(folder / "postgresql" / "pg15") in warning


async def test_a_folder_with_a_long_name_has_its_socket_elsewhere(used: Path) -> None:
    cluster = start(used, QUICK)
    assert await _ask(cluster.url(), "SELECT 1") == 1
    cluster.release()
    assert not _socket_folder(used).is_relative_to(used)
    assert stat.S_IMODE(_socket_folder(used).stat().st_mode) == 0o700


def test_a_setting_that_postgres_refuses_is_told_in_one_line_and_nothing_is_left_running(used: Path) -> None:
    with pytest.raises(EmbeddedDatabaseError, match="no_such_setting") as told:
        start(used, {"no_such_setting": "1"} | QUICK)
    assert "\n" not in str(told.value)
    assert _using(used / "postgresql") == []


def test_a_folder_without_programs_is_told_in_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INFLUENTS_PG_BIN", str(folder))
    with pytest.raises(EmbeddedDatabaseError, match=r"^INFLUENTS_PG_BIN is .*: correct it or unset it$"):
        start(folder, QUICK)


def test_a_file_in_the_place_of_the_folder_is_told_in_one_line(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(EmbeddedDatabaseError, match=r"set INFLUENTS_DATA_DIR .* or set DATABASE_URL$"):
        start(folder, QUICK)


@as_root
async def test_root_in_a_folder_that_only_root_can_enter_just_works(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A checkout in /root, with the virtual environment in it."""
    folder.parent.chmod(0o700)
    installed = binaries.find(Account.ourselves(), folder).folder.parent
    (folder.parent / "installed").symlink_to(installed)
    monkeypatch.setenv("INFLUENTS_PG_BIN", str(folder.parent / "installed" / "bin"))

    cluster = start(folder, QUICK)
    assert await _ask(cluster.url(), "SELECT 1") == 1
    assert _running(folder).uids().effective != 0
    kept = (folder / "postgresql").resolve()
    assert kept.parent == place.ELSEWHERE
    assert cluster.bin_dir.is_relative_to(kept)
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    joined = start(folder, QUICK)
    assert joined.url() == cluster.url()
    joined.release()
    cluster.release()
    assert _postmaster(folder) is None
    (warning,) = caplog.messages
    assert f"the database is kept in {kept}" in warning


@as_root
def test_a_socket_folder_that_another_user_has_put_there_is_refused(folder: Path) -> None:
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with pytest.raises(EmbeddedDatabaseError, match="belongs to another user"):
        place.make_private(folder, Account.for_server(folder))
    link = folder.with_name("link")
    link.symlink_to(folder.parent)
    with pytest.raises(EmbeddedDatabaseError, match="belongs to another user"):
        place.make_private(link, Account.for_server(folder))
