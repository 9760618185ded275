"""Drives a headless Chromium through its DevTools protocol: what GraphiQL's tests and picture need, no more."""

import asyncio
import base64
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Json = dict[str, Any]  # a message of the protocol: shapes are Chromium's

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--remote-debugging-port=0",
    # Whatever would leave this machine finds no address.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium_path() -> str | None:
    """Where Chromium is: INFLUENTS_CHROMIUM, Debian's place, or PATH."""
    told = os.environ.get("INFLUENTS_CHROMIUM")
    return told or shutil.which("/usr/bin/chromium") or shutil.which("chromium")


class Protocol:
    """One connection to Chromium: calls with their answers, events handed to `heard`."""

    def __init__(
        self, socket: ClientConnection, heard: Callable[[str, Json, str], Coroutine[None, None, None]]
    ) -> None:
        self._socket = socket
        self._heard = heard
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._start(self._listen())

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        ending = list(self._tasks)
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def call(self, method: str, session: str | None = None, **params: object) -> Json:
        number = next(self._numbers)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        message: Json = {"id": number, "method": method, "params": params}
        await self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        async with asyncio.timeout(30):
            return await answer

    async def _listen(self) -> None:
        async for text in self._socket:
            message: Json = json.loads(text)
            if "id" not in message:
                # On its own, since it may call and wait for an answer that is read here.
                self._start(self._heard(message["method"], message["params"], message.get("sessionId", "")))
            elif (answer := self._answers.pop(message["id"])).done():
                pass  # its caller gave up waiting
            elif "error" in message:
                answer.set_exception(RuntimeError(message["error"]["message"]))
            else:
                answer.set_result(message["result"])


class Page:
    """A tab of the browser, the workers it started included."""

    def __init__(self, socket: ClientConnection) -> None:
        self._protocol = Protocol(socket, self._heard)
        self._session = ""
        self._loaded = asyncio.Event()
        self.requests: list[str] = []
        self.complaints: list[str] = []  # what scripts and the console warn of, refusals of the security policy

    async def start(self, width: int, height: int, scale: float) -> None:
        target = await self._protocol.call("Target.createTarget", url="about:blank")
        attached = await self._protocol.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self._watch(self._session)
        await self._call("Page.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        await self._call("Emulation.setDeviceMetricsOverride", **size)

    async def close(self) -> None:
        """Ends the browser: asked to, it leaves no process that still writes in its profile."""
        await self._protocol.call("Browser.close")
        await self._protocol.close()

    async def _call(self, method: str, **params: object) -> Json:
        return await self._protocol.call(method, self._session, **params)

    async def _watch(self, session: str) -> None:
        for domain in ("Network", "Runtime", "Log"):
            await self._protocol.call(f"{domain}.enable", session)
        await self._protocol.call(
            "Target.setAutoAttach", session, autoAttach=True, waitForDebuggerOnStart=True, flatten=True
        )
        await self._protocol.call("Runtime.runIfWaitingForDebugger", session)

    async def _heard(self, method: str, params: Json, session: str) -> None:
        match method:
            case "Target.attachedToTarget" if session:
                with suppress(RuntimeError):  # a worker that has ended meanwhile
                    await self._watch(params["sessionId"])
            case "Page.loadEventFired":
                self._loaded.set()
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(params["url"])
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.complaints.append(details.get("exception", {}).get("description", details["text"]))
            case "Runtime.consoleAPICalled" if params["type"] in {"error", "assert", "warning"}:
                self.complaints.append(" ".join(str(arg.get("value", arg)) for arg in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.complaints.append(params["entry"]["text"])

    async def open(self, url: str) -> None:
        self._loaded.clear()
        await self._call("Page.navigate", url=url)
        # Until then a question may go to the process that had the page before, and get no answer.
        async with asyncio.timeout(30):
            await self._loaded.wait()

    async def js(self, expression: str) -> Any:
        answer = await self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    async def until(self, expression: str, seconds: float = 30) -> Any:
        """What the expression comes to, once that is true."""
        value = None
        try:
            async with asyncio.timeout(seconds):
                while not (value := await self.js(expression)):  # noqa: ASYNC110 - what happens there makes no event here
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise TimeoutError(f"never true: {expression}; complaints: {self.complaints}") from None
        return value

    async def click(self, element: str) -> None:
        """Clicks in the middle of what the expression `element` finds, as a mouse does."""
        place = await self.until(
            f"""(() => {{
                const found = {element};
                if (!found) return null;
                found.scrollIntoView({{ block: "nearest", inline: "nearest" }});
                const box = found.getBoundingClientRect();
                return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
            }})()"""
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            await self._call("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)

    async def type(self, text: str) -> None:
        await self._call("Input.insertText", text=text)

    async def screenshot(self) -> bytes:
        """What the page shows, as a PNG."""
        picture = await self._call("Page.captureScreenshot", format="png")
        return base64.b64decode(picture["data"])


@asynccontextmanager
async def browser(width: int = 1440, height: int = 900, scale: float = 1) -> AsyncIterator[Page]:
    """A new Chromium with an empty profile and one page; gone at the end, by its process id."""
    path = chromium_path()
    if path is None:
        raise FileNotFoundError("no Chromium: set INFLUENTS_CHROMIUM to where it is")
    with tempfile.TemporaryDirectory(prefix="influents-chromium-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            path,
            *FLAGS,
            f"--user-data-dir={profile}",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            address = await _address(Path(profile) / "DevToolsActivePort", process)
            async with connect(address, max_size=None) as socket:
                page = Page(socket)
                try:
                    await page.start(width, height, scale)
                    yield page
                finally:
                    await page.close()
        finally:
            try:
                async with asyncio.timeout(10):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


async def _address(file: Path, process: asyncio.subprocess.Process) -> str:
    """Where Chromium listens, once it has written it down."""
    async with asyncio.timeout(30):
        while len(lines := _lines(file)) != 2:
            if process.returncode is not None:
                raise RuntimeError(f"Chromium ended with {process.returncode}")
            await asyncio.sleep(0.05)
    port, path = lines
    return f"ws://127.0.0.1:{port}{path}"


def _lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []
