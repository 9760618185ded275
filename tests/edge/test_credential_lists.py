"""What credentials are checked by, over HTTP: the issuer, its keys, and the lists of those that hold no longer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
import sqlalchemy as sa

from db.tables import badge_status
from domain.badges import LIST_SIZE, CredentialName, StatusEntry
from domain.events import Event
from domain.participations import Participation
from resolvers import badges, desk, erasure, event_endings, events
from resolvers.badge_keys import BadgeIssuer, PublishedKey
from resolvers.certainty import certain
from resolvers.context import Context, Services
from tests.badges import Json, revoked_in, verified_by_hand
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.ledgers import me

LIST = "/credentials/status/1"
SECRET, OTHER = b"a secret of the tests, 32 bytes at least", b"another secret, of 32 bytes and more"


@dataclass(frozen=True, slots=True)
class Evening:
    """An event, and who organises it."""

    town: Town
    owner: Context
    event: Event

    async def attended(self, handle: str = "nath") -> tuple[Context, Participation]:
        ctx = await self.town.citizen(handle)
        return ctx, await self.town.attend(ctx, self.event)

    async def settle(self, who: Context, *, there: bool) -> Participation:
        """Confirm that somebody was there, or withdraw it."""
        came, away = ([me(who)], []) if there else ([], [me(who)])
        return (await desk.confirm_attendance(self.owner, self.event.id, attended=came, absent=away))[0]


@pytest.fixture
async def evening(town: Town) -> Evening:
    owner = await town.citizen()
    return Evening(town, owner, await town.event(owner, (await town.organization(owner, "DemoTIC")).id))


async def place(ctx: Context, of: Participation) -> StatusEntry:
    """Where somebody's credential stands, once they ask for it."""
    ctx.look_again()
    return certain(await badges.badge(ctx, of, CredentialName.HANDLE), "a credential").status


def key(services: Services) -> Json:
    first: Json = services.badges.jwks()["keys"][0]
    return first


async def revoked(http: httpx.AsyncClient, services: Services) -> set[int]:
    return revoked_in((await http.get(LIST)).text, key(services))[0]


async def test_the_issuer_is_bound_to_its_keys_and_each_is_found_by_its_name(
    http: httpx.AsyncClient, services: Services
) -> None:
    issuer, listed = (await http.get("/credentials/issuer")), (await http.get("/.well-known/credential-keys.json"))
    document, (only,) = issuer.json(), listed.json()["keys"]
    (method,) = document["verificationMethod"]

    assert document["id"] == method["controller"] == "https://influents.test/credentials/issuer"
    assert method["id"] == only["kid"] == document["assertionMethod"][0]
    assert method["publicKeyJwk"] == only
    assert (await http.get(only["kid"].removeprefix("https://influents.test"))).json() == only
    assert (await http.get("/credentials/issuer/keys/none-of-ours")).status_code == 404
    assert "d" not in only
    for answer in (issuer, listed):
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert answer.headers["access-control-allow-origin"] == "*"
        again = await http.get(answer.url.path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


async def test_a_list_says_what_is_revoked_among_a_hundred_thousand_and_how_old_it_is(
    http: httpx.AsyncClient, services: Services, evening: Evening, clock: Clock
) -> None:
    nath, there = await evening.attended()
    _, index = await place(nath, there)
    clock.now = evening.event.details.ends_at + timedelta(minutes=7, seconds=3)
    await evening.settle(nath, there=False)

    answer = await http.get(LIST)

    said = verified_by_hand(answer.text, key(services))
    since = datetime.fromisoformat(said["validFrom"])
    assert revoked_in(answer.text, key(services)) == ({index}, LIST_SIZE)
    assert said["id"] == said["jti"] == f"https://influents.test{LIST}"
    assert said["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert said["issuer"] == said["iss"] == "https://influents.test/credentials/issuer"
    assert since == clock().replace(minute=35, second=0)
    assert answer.headers["content-type"].startswith("application/vc+jwt")
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert parsedate_to_datetime(answer.headers["last-modified"]) == since


async def test_who_has_the_list_is_not_sent_it_again_until_something_changes(
    http: httpx.AsyncClient, evening: Evening, clock: Clock
) -> None:
    nath, there = await evening.attended()
    await place(nath, there)
    clock.now = evening.event.details.ends_at
    had = await http.get(LIST)
    by_tag = {"If-None-Match": had.headers["etag"], "If-Modified-Since": had.headers["last-modified"]}

    assert (await http.get(LIST, headers=by_tag)).status_code == 304
    assert (await http.get(LIST, headers={"If-Modified-Since": had.headers["last-modified"]})).status_code == 304
    await evening.settle(nath, there=False)
    assert (await http.get(LIST, headers=by_tag)).status_code == 200
    clock.advance(minutes=5)
    by_time = {"If-Modified-Since": had.headers["last-modified"]}
    assert (await http.get(LIST, headers=by_time)).status_code == 200
    assert (await http.get(LIST, headers={"If-Modified-Since": "yesterday"})).status_code == 200


@pytest.mark.parametrize("number", ["1", "0", "2147483648", "99999999999999999999999", "-1", "one"])
async def test_there_is_no_list_before_somebody_is_on_it(http: httpx.AsyncClient, number: str) -> None:
    answer = await http.get(f"/credentials/status/{number}")

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


async def test_attendance_that_is_established_again_takes_the_revocation_back(
    http: httpx.AsyncClient, services: Services, evening: Evening, clock: Clock
) -> None:
    nath, there = await evening.attended()
    before = await place(nath, there)
    clock.now = evening.event.details.ends_at

    await evening.settle(nath, there=False)
    assert await revoked(http, services) == {before.place}
    again = await evening.settle(nath, there=True)

    assert await revoked(http, services) == set()
    assert await place(nath, again) == before


async def test_an_event_that_did_not_take_place_revokes_all_of_its_credentials(
    http: httpx.AsyncClient, services: Services, evening: Evening, clock: Clock
) -> None:
    places = {(await place(*await evening.attended(handle))).place for handle in ("nath", "lou")}
    clock.now = evening.event.details.ends_at
    await events.complete_event(evening.owner, evening.event.id)

    await event_endings.annul_event(await evening.town.moderator(), evening.event.id, reason="Il n’a pas eu lieu.")

    assert await revoked(http, services) == places


@pytest.mark.parametrize("withdrawn", [True, False])
async def test_who_leaves_keeps_their_paper_as_it_was_and_nothing_here_says_whose_it_is(
    http: httpx.AsyncClient, services: Services, evening: Evening, clock: Clock, *, withdrawn: bool
) -> None:
    nath, there = await evening.attended()
    number, index = await place(nath, there)
    clock.now = evening.event.details.ends_at
    if withdrawn:
        await evening.settle(nath, there=False)

    await erasure.delete_account(nath, password=PASSWORD)

    async with services.database.reading() as session:
        kept = [tuple(row) for row in await session.execute(sa.select(badge_status))]
    assert kept == [(number, index, None, None, withdrawn)]
    assert await revoked(http, services) == ({index} if withdrawn else set())


def test_former_keys_and_the_next_are_published_and_nothing_is_signed_with_them() -> None:
    former = BadgeIssuer(secret=OTHER, address="https://influents.test")
    x = former.jwks()["keys"][0]["x"]
    now = BadgeIssuer(
        secret=SECRET, address="https://influents.test/", published=[PublishedKey.read(f"{x}@2027-01-31")]
    )

    first, second = now.jwks()["keys"]
    assert second["kid"] == former.jwks()["keys"][0]["kid"]
    assert second["exp"] == int(datetime(2027, 1, 31, tzinfo=UTC).timestamp())
    assert now.document()["verificationMethod"][1]["expires"] == "2027-01-31T00:00:00Z"
    assert "exp" not in first
    assert verified_by_hand(now.signed({"id": "x"}), first) == {"id": "x"}
    both = BadgeIssuer(secret=SECRET, address="https://influents.test", others=[OTHER, SECRET])
    assert [each["x"] for each in both.jwks()["keys"]] == [first["x"], x]


@pytest.mark.parametrize("text", ["", "short", "not base64 at all!", "A" * 43 + "@2027-13-01", "A" * 44])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a public Ed25519 key|month must"):
        PublishedKey.read(text)
