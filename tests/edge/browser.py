"""Drives a headless Chromium through its DevTools protocol: what the tests of GraphiQL and its picture need, no more.

`python -m tests.edge.browser URL FILE.png --tab Citizen` takes a picture of GraphiQL with the answer of that tab.
"""

import argparse
import asyncio
import base64
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
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

    def __init__(self, socket: ClientConnection, heard: Callable[[str, Json, str], Awaitable[None]]) -> None:
        self._socket = socket
        self._heard = heard
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._handlers: set[asyncio.Task[None]] = set()

    async def call(self, method: str, session: str | None = None, **params: object) -> Json:
        number = next(self._numbers)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        message: Json = {"id": number, "method": method, "params": params}
        await self._socket.send(json.dumps(message | ({"sessionId": session} if session else {})))
        async with asyncio.timeout(30):
            return await answer

    async def listen(self) -> None:
        async for text in self._socket:
            message: Json = json.loads(text)
            if "id" not in message:
                # On its own, since it may call and wait for an answer that is read here.
                task = asyncio.ensure_future(
                    self._heard(message["method"], message["params"], message.get("sessionId", ""))
                )
                self._handlers.add(task)
                task.add_done_callback(self._handlers.discard)
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
        self.requests: list[str] = []
        self.complaints: list[str] = []  # what scripts and the console warn of, refusals of the security policy

    async def start(self, width: int, height: int, scale: float) -> asyncio.Task[None]:
        listening = asyncio.ensure_future(self._protocol.listen())
        target = await self._protocol.call("Target.createTarget", url="about:blank")
        attached = await self._protocol.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        await self._watch(self._session)
        await self._call("Page.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        await self._call("Emulation.setDeviceMetricsOverride", **size)
        return listening

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
                await self._watch(params["sessionId"])
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
        await self._call("Page.navigate", url=url)

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


class GraphiQL:
    """GraphiQL as a person uses it, in a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, url: str) -> None:
        await self.page.open(url)
        await self.page.until(f"document.querySelector('{_RUN}') && {model('operation.graphql')}?.getValue()")
        # The introspection is in when the documentation has a root type.
        await self.page.until("!document.querySelector('[aria-label^=Re-fetch]').disabled")

    async def tabs(self) -> list[str]:
        titles: list[str] = await self.page.js(
            "[...document.querySelectorAll('.graphiql-tab-button')].map(b => b.title)"
        )
        return titles

    async def show(self, tab: str) -> None:
        await self.page.click(_where(".graphiql-tab-button", f"title === {json.dumps(tab)}"))
        await self.page.until(f"{model('operation.graphql')}.getValue().includes({json.dumps(tab)})")

    async def write(self, editor: str, text: str) -> None:
        """Replaces what an editor holds: operation.graphql, variables.json or request-headers.json."""
        await self.page.js(f"{model(editor)}.setValue({json.dumps(text)})")

    async def run(self, operation: str | None = None) -> str:
        """The answer to the tab's operation, as shown; where it holds several, to the one of that name."""
        # Typing is taken in 100 ms after its last key.
        await asyncio.sleep(0.3)
        await self.page.click(f"document.querySelector('{_RUN}')")
        if operation:
            await self.page.click(_where("[role=menuitem]", f"innerText === {json.dumps(operation)}"))
        return await self.response()

    async def response(self) -> str:
        text: str = await self.page.until(f"{model('response.json')}.getValue()")
        return text

    async def press(self, label: str) -> None:
        """A button, by what it is called for those who don't see it."""
        await self.page.click(f"document.querySelector('[aria-label=\"{label}\"]')")


_RUN = ".graphiql-execute-button"


def model(name: str) -> str:
    """The expression for what the editor of that name holds: operation.graphql, response.json…"""
    return f"globalThis.__MONACO?.editor.getModels().find(model => model.uri.path.endsWith('{name}'))"


def _where(selector: str, condition: str) -> str:
    return f"[...document.querySelectorAll('{selector}')].find(found => found.{condition})"


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
                listening = await page.start(width, height, scale)
                try:
                    yield page
                finally:
                    listening.cancel()
                    await asyncio.gather(listening, return_exceptions=True)
        finally:
            if process.returncode is None:
                process.terminate()
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


async def picture(
    url: str,
    *,
    tab: str | None = None,
    operation: str | None = None,
    plugin: str | None = None,
    scale: float = 1,
) -> bytes:
    """What GraphiQL at `url` shows, as a PNG: the tab run, the plugin's pane open."""
    async with browser(scale=scale) as page:
        explorer = GraphiQL(page)
        await explorer.open(url)
        if plugin:
            await explorer.press(f"Show {plugin}")
        if tab:
            await explorer.show(tab)
        await explorer.run(operation)
        await page.js("document.fonts.ready.then(() => true)")
        await asyncio.sleep(1)  # for what still moves
        return await page.screenshot()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("file", type=Path)
    parser.add_argument("--tab", help="the tab to run, by its title (the first one unless told)")
    parser.add_argument("--operation", help="which one to run, in a tab that holds several")
    parser.add_argument("--plugin", help="the pane to show: Documentation Explorer, GraphiQL Explorer, History")
    parser.add_argument("--scale", type=float, default=1, help="pixels of the picture to one of the page, a side")
    told = vars(parser.parse_args())
    file: Path = told.pop("file")
    file.write_bytes(asyncio.run(picture(told.pop("url"), **told)))


if __name__ == "__main__":
    main()
