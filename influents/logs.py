"""Structured logs: ids and numbers, never a token, an address or an answer to the questionnaire."""

import logging
import re
import sys
import traceback
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import ExcInfo

from influents.requests import with_request
from influents.telemetry.spans import with_trace

_ROW = re.compile(r"DETAIL:.*?(?=\n\[SQL:|\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)
_VALUE = re.compile(r"(?<=invalid input for query argument )(\$\d+): .*")


def set_up(*, level: str = "info", as_json: bool = False) -> None:
    """Send everything that is logged to stderr, ours and libraries', in one form."""
    shared: list[structlog.types.Processor] = [
        with_request,
        with_trace,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderers: list[structlog.types.Processor] = (
        [structlog.processors.ExceptionRenderer(without_rows), structlog.processors.JSONRenderer(_json)]
        if as_json
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_to_console)]
    )
    structlog.configure(
        processors=[*shared, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Straight to stderr: through `logging`, as others' lines go, each would take twice as long.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for chatty in ("alembic", "sqlalchemy.engine", "asyncio", "uvicorn.error", "db.engine", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def without_rows(exc_info: ExcInfo) -> str:
    """A traceback that tells where and why, without the rows that PostgreSQL quotes, and the values that its driver
    does: they are what people wrote.

    Nor are there local variables in it, as the console's own would print.
    """
    told = "".join(traceback.format_exception(*exc_info)).rstrip()
    return _VALUE.sub(r"\1", _ROW.sub("DETAIL: (left out)", told))


def _json(event: structlog.typing.EventDict, **options: Any) -> str:  # Any: what makes JSON of other values
    return orjson.dumps(event, default=options["default"]).decode()


def _to_console(out: TextIO, exc_info: ExcInfo) -> None:
    out.write("\n" + without_rows(exc_info))
