"""Counts the statements that reach the database, so that tests can say how many a query may cost."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from db.engine import Database


class Recorder(list[str]):
    """The statements of a block, in order."""

    def __str__(self) -> str:
        return "\n".join(f"{number}. {' '.join(each.split())[:160]}" for number, each in enumerate(self, 1))


@contextmanager
def recorded(database: Database) -> Iterator[Recorder]:
    """What is asked of a database within the block."""
    recorder = Recorder()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        recorder.append(statement)

    def read(statement: str, _seconds: float, _wrong: BaseException | None) -> None:
        recorder.append(statement)

    engine, observers = database.engine.sync_engine, database.reader.observers
    sa.event.listen(engine, "before_cursor_execute", note)
    observers.append(read)
    try:
        yield recorder
    finally:
        observers.remove(read)
        sa.event.remove(engine, "before_cursor_execute", note)
