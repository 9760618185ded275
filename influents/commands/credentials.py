"""`credential`: checking what somebody shows, offline, without a database or settings; and the key that is to come."""

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from influents.badges.tokens import MOST_BYTES, Doubt, Issuer, issuer_of
from influents.badges.verifying import Checked, check, look_up
from influents.commands.running import Mistake, read_settings, told_in_a_line
from influents.opening import badge_issuer_of

STDIN = Path("-")
app = typer.Typer(help="Look into credentials that people show, and into keys.", no_args_is_help=True)


@app.command()
def key() -> None:
    """Print the public half of the key that a secret leads to, to publish it before anything is signed with it.

    The secret is INFLUENTS_CREDENTIAL_KEY, or INFLUENTS_SECRET_KEY where that isn't set: give the next one to this
    command alone.
    """
    with told_in_a_line():
        settings = read_settings()
        if settings.credential_key is None and settings.secret_key is None:
            raise Mistake("INFLUENTS_CREDENTIAL_KEY is not set: set it to the next secret, for this command alone")
        first, *_ = badge_issuer_of(settings, settings.address).jwks()["keys"]
    typer.echo(first["x"])


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The credential, a JWT; - for standard input.")] = STDIN,
    keys: Annotated[
        Path, typer.Option(help="The issuer's profile, or its keys alone, as it publishes them.", metavar="FILE")
    ] = Path("issuer.json"),
    status: Annotated[
        Path | None,
        typer.Option(help="The status list that the credential names; status-N.jwt unless told.", metavar="FILE"),
    ] = None,
    skip_status: Annotated[
        bool, typer.Option("--skip-status", help="Don't look whether it was revoked; that is said then.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check a credential offline: who took part in what, for how long, on what theme, and whether that still holds.

    Exit code 1, with the reason in a line, where it doesn't hold.
    """
    with told_in_a_line():
        try:
            now = datetime.now(UTC)
            issuer = issuer_of(
                _content(keys, hint="fetch it from the issuer: curl -o issuer.json https://…/credentials/issuer")
            )
            checked = check(_content(file), issuer, now=now)
            listed_at = None if skip_status else _listed_at(checked, issuer, status, now=now)
        except (Doubt, Mistake) as wrong:
            if not as_json:
                raise Mistake(str(wrong)) from None
            typer.echo(json.dumps({"holds": False, "reason": str(wrong)}, ensure_ascii=False))
            raise typer.Exit(1) from None
    typer.echo(_as_json(checked, listed_at, now) if as_json else _as_text(checked, listed_at, now))


def _listed_at(checked: Checked, issuer: Issuer, status: Path | None, *, now: datetime) -> datetime | None:
    """When the list was made that says it isn't revoked; None where it can't be revoked."""
    entry = checked.status
    if entry is None:
        return None
    number = re.search(r"/(\d+)$", entry.url)
    usual = Path(f"status-{number[1]}.jwt" if number else "status.jwt")
    hint = f"fetch it: curl -o {usual} {entry.url}, or do without: --skip-status"
    return look_up(entry, _content(status or usual, hint=hint), issuer, now=now)


def _content(path: Path, *, hint: str = "") -> bytes:
    """What a file holds, or standard input, unless it is too much."""
    try:
        if path == STDIN:
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise Mistake(f"{path}: {wrong.strerror or wrong}{f'; {hint}' if hint else ''}") from None
    if len(content) > MOST_BYTES:
        raise Mistake(f"{path}: it has more than {MOST_BYTES // 1024} KiB")
    return content


def _as_text(checked: Checked, listed_at: datetime | None, now: datetime) -> str:
    held = f", held by {checked.organizer}" if checked.organizer else ""
    lines = [
        f"{checked.name} took part in “{checked.event}”{held}.",
        f"  When      {checked.starts_at:%Y-%m-%d %H:%M} to {checked.ends_at:%Y-%m-%d %H:%M} UTC",
        f"  How long  {_hours(checked.minutes)}",
        f"  Theme     {', '.join(checked.themes)}",
        f"  Attested  {checked.valid_from:%Y-%m-%d %H:%M} UTC: {checked.evidence}",
        f"  Issuer    {checked.issuer}",
        f"The signature holds, by the key {checked.key.rpartition('/')[2]}.",
        _standing(checked, listed_at, now),
    ]
    return "\n".join(lines)


def _standing(checked: Checked, listed_at: datetime | None, now: datetime) -> str:
    if checked.status is None:
        return "It can't be revoked."
    if listed_at is None:
        return f"Whether it was revoked was not looked at: {checked.status.url} says."
    return f"It is not revoked, by the status list of {listed_at:%Y-%m-%d %H:%M} UTC, {_age(now - listed_at)} old."


def _as_json(checked: Checked, listed_at: datetime | None, now: datetime) -> str:
    told = {
        "holds": True,
        "name": checked.name,
        "event": checked.event,
        "organizer": checked.organizer,
        "startsAt": checked.starts_at.isoformat(),
        "endsAt": checked.ends_at.isoformat(),
        "minutes": checked.minutes,
        "themes": list(checked.themes),
        "evidence": checked.evidence,
        "validFrom": checked.valid_from.isoformat(),
        "issuer": checked.issuer,
        "key": checked.key,
        "statusList": checked.status.url if checked.status else None,
        "statusListMadeAt": listed_at.isoformat() if listed_at else None,
        "statusListAgeSeconds": int((now - listed_at).total_seconds()) if listed_at else None,
    }
    return json.dumps(told, ensure_ascii=False)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    told = [f"{hours} h"] if hours else []
    return " ".join([*told, f"{rest} min"] if rest or not hours else told)


def _age(age: timedelta) -> str:
    minutes = max(0, age // timedelta(minutes=1))
    for many, unit in ((minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if many:
            return f"{many} {unit}{'s' if many > 1 else ''}"
    return "less than a minute"
