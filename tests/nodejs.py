"""Runs what others wrote in JavaScript against our server: scripts of `tests/clients`, by Node 22 or newer."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from influents.node import Node, found_node

CLIENTS = Path(__file__).parent / "clients"
OLDEST_NODE = 22
LONGEST = 90.0  # seconds, unless told


def node() -> Node:
    """Node with the packages installed; the test is skipped where there is none."""
    found = found_node(oldest=OLDEST_NODE)
    if found is None:
        pytest.skip("Node 22 or newer is not installed: `make clients` installs one")
    if not (CLIENTS / "node_modules").is_dir():
        pytest.skip("the clients are not installed: run `make clients`")
    return found


async def run_script(
    name: str, *arguments: str, seconds: float = LONGEST, environment: Mapping[str, str] | None = None
) -> Any:  # Any: what the script printed, as JSON
    """What a script of `tests/clients` printed on its last line, as JSON; the test fails with its stderr otherwise."""
    process = await asyncio.create_subprocess_exec(
        node().path,
        name,
        *arguments,
        cwd=CLIENTS,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complaints = await asyncio.wait_for(process.communicate(), seconds)
    except TimeoutError:
        process.kill()
        printed, complaints = await process.communicate()
        pytest.fail(f"{name} took more than {seconds:g} s\n{printed.decode()[-2000:]}\n{complaints.decode()[-4000:]}")
    if process.returncode:
        pytest.fail(
            f"{name} ended with {process.returncode}\n{printed.decode()[-2000:]}\n{complaints.decode()[-4000:]}"
        )
    return json.loads(printed.decode().strip().splitlines()[-1])


@asynccontextmanager
async def running_script(name: str, *arguments: str, seconds: float = LONGEST) -> AsyncIterator[Any]:  # Any: JSON
    """What a script of `tests/clients` that goes on prints on its first line, as JSON; it is ended with the block."""
    process = await asyncio.create_subprocess_exec(
        node().path,
        name,
        *arguments,
        cwd=CLIENTS,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        first = await asyncio.wait_for(process.stdout.readline(), seconds)
        if not first:
            pytest.fail(f"{name} ended with {await process.wait()}")
        yield json.loads(first)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
