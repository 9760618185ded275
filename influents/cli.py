"""The command line: `python -m influents`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.moderation import NeverVerified
from influents.commands import credentials, imports, ledgers, policies, towns
from influents.commands.doctoring import doctor
from influents.commands.running import Mistake, run, told_in_a_line
from influents.commands.serving import serve
from influents.commands.working import worker
from resolvers import accounts, organizations
from resolvers.context import Context, Services

app = typer.Typer(
    help="Influents, a civic network: its GraphQL service.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold what people sent
    rich_markup_mode="rich",
)
grant = typer.Typer(help="Give people a role.", no_args_is_help=True)
verify = typer.Typer(help="Vouch for someone.", no_args_is_help=True)
app.add_typer(grant, name="grant")
app.add_typer(verify, name="verify")
app.add_typer(credentials.app, name="credential")
app.add_typer(imports.app, name="import")
app.add_typer(ledgers.app, name="ledger")
app.add_typer(policies.app, name="policy")
app.command()(serve)
app.command()(worker)
app.command()(doctor)
app.command()(towns.seed)
out = Console()


@app.command()
def migrate() -> None:
    """Bring the database to its newest form. Safe to repeat, and to run while others do."""

    async def done(_: Services) -> None:
        out.print("The database is up to date.")

    run(done, migrating=True)


@app.command()
def schema(
    check: Annotated[
        Path | None, typer.Option("--check", help="A file to compare with; nothing is printed, exit 1 if it differs.")
    ] = None,
    authorization: Annotated[
        bool, typer.Option(help="With @authenticated and @requiresScopes, for gateways that take them.")
    ] = False,
) -> None:
    """Print the schema in GraphQL's own language, as schema.graphql holds it."""
    from schema.build import build, sdl

    printed = sdl(build(), authorization=authorization)
    with told_in_a_line():
        if check is None:
            typer.echo(printed, nl=False)
        elif not check.is_file() or check.read_text(encoding="utf-8") != printed:
            raise Mistake(f"{check} is not what the code says: run `make schema`")


@grant.command("moderator")
def grant_moderator(email: Annotated[str, typer.Argument(help="The address of their account.")]) -> None:
    """Make someone a moderator: who reviews events, verifies organisations and answers reports."""

    async def granting(services: Services) -> None:
        if not await accounts.grant_moderator(Context(services), email=email):
            raise Mistake(f"nobody has signed up as {email}")
        out.print(f"{email} is a moderator.", highlight=False, markup=False)

    run(granting)


@verify.command("organization")
def verify_organization(slug: Annotated[str, typer.Argument(help="Its name in addresses.")]) -> None:
    """Verify an organisation: what it submits is published at once."""

    async def verifying(services: Services) -> None:
        try:
            verified = await organizations.verify_organization(Context(services), slug=slug)
        except NeverVerified:
            raise Mistake(f"{slug} is a political group: those are labelled, and never verified") from None
        if verified is None:
            raise Mistake(f"there is no organisation called {slug}")
        out.print(f"{verified.name} is verified.", highlight=False, markup=False)

    run(verifying)
