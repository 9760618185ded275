"""`serve --workers N`: several processes that answer on one address, kept running and renewed by the one told to."""

import asyncio
from collections.abc import Mapping, Sequence

import typer
from rich.panel import Panel

from influents.commands.listening import listening
from influents.commands.running import to_people
from influents.commands.towns import demo_lines
from influents.settings import Settings
from influents.supervising import Supervisor


def serve_by_several(settings: Settings, number: int, *, demo: bool | None, worker: bool | None) -> None:
    """Serve by so many processes until told to stop. Raises typer.Exit(1) where the first ones don't start."""
    with_town = settings.database_url is None if demo is None else demo

    def arguments(place: int) -> Sequence[str]:
        """What is done once, the first one does: the town, and what a worker does."""
        works = settings.worker if worker is None else worker
        first = place == 0
        return (
            "serve",
            "--demo" if with_town and first else "--no-demo",
            "--worker" if works and first else "--no-worker",
        )

    def environment(place: int) -> Mapping[str, str]:
        if not settings.metrics_port:
            return {}
        return {"INFLUENTS_METRICS_PORT": str(settings.metrics_port + place)}

    with listening(settings.host, settings.port, variable="INFLUENTS_PORT") as listener:
        supervisor = Supervisor(listener, number, arguments=arguments, environment=environment)
        told = greeting(settings, listener.getsockname()[1], demo=with_town)
        if not asyncio.run(supervisor.run(lambda: to_people.print(told))):
            raise typer.Exit(1)


def greeting(settings: Settings, port: int, *, demo: bool) -> Panel:
    """What people are told once it listens."""
    address = f"http://{settings.host}:{port}"
    lines = [f"GraphiQL   {address}/graphql", f"API        POST {address}/graphql", f"Health     {address}/readyz"]
    if demo:
        lines += ["", *demo_lines()]
    return Panel("\n".join(lines), title="Influents", expand=False, border_style="green")
