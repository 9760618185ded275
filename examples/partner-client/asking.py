"""Asks Influents in the name of an organisation, and patiently: what may be asked again is asked again."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

import httpx
from influents_client import Client
from influents_client.base_client import HttpClient

LATER = (429, 503)
"""Asked too much for now, or not available for a moment: `Retry-After` says until when."""
TRIES = 6
LONGEST_WAIT = 120.0
SECONDS = 60.0


class Patient(httpx.BaseTransport):
    """Tries again after as long as it is told to wait. Safe here: what is sent twice changes nothing twice."""

    def __init__(self, beneath: httpx.BaseTransport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.beneath = beneath
        self.sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for tried in range(1, TRIES):
            try:
                answer = self.beneath.handle_request(request)
            except httpx.TransportError:
                self.sleep(2.0**tried)
                continue
            if answer.status_code not in LATER:
                return answer
            answer.close()
            self.sleep(min(_wait(answer.headers.get("Retry-After", ""), unless_told=2.0**tried), LONGEST_WAIT))
        return self.beneath.handle_request(request)

    def close(self) -> None:
        self.beneath.close()


def client() -> Client:
    """A client for the address in INFLUENTS_URL, with the token in INFLUENTS_TOKEN: in no command line, and in no file.

    Raises:
        KeyError: INFLUENTS_TOKEN isn't set.
    """
    url = os.environ.get("INFLUENTS_URL", "http://127.0.0.1:8000/graphql")
    headers = {"Authorization": f"Bearer {os.environ['INFLUENTS_TOKEN']}"}
    http = httpx.Client(transport=Patient(httpx.HTTPTransport()), headers=headers, timeout=SECONDS)
    return Client(url=url, http_client=cast("HttpClient", http))  # which names some parameters that we don't pass


def _wait(told: str, *, unless_told: float) -> float:
    """`Retry-After`: seconds, or a date."""
    if told.isdecimal():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return unless_told
