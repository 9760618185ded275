"""Uses GraphiQL in a browser as a person does.

`python -m tests.edge.graphiql_driver URL FILE.png --tab Citizen` takes a picture of it with the answer of that tab.
"""

import argparse
import asyncio
import json
from pathlib import Path

from tests.edge.browser import Page, browser


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
