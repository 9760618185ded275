"""Outside identities: linked with the password or by an address that both sides verified, and how they end."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from db.tables import account, outside_identity
from domain.mails import MailTemplate
from domain.permissions import signed_in
from influents.authentication import authenticate
from influents.operations.refusing import BadRequest
from resolvers import accounts, credentials, erasure, exports, moderation
from resolvers.context import Context
from tests.asking import Answer, Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.issuer import Issuer, issuing
from tests.ledgers import me
from tests.mailbox import last_token, posted

LINK = """mutation($input: LinkIdentityInput!) { linkIdentity(input: $input) {
  viewer { identities { issuer linkedAt } } errors { code field } } }"""
UNLINK = """mutation($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) {
  viewer { identities { issuer } } errors { code field } } }"""
ANOTHER = "another long sentence of one's own"


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    monkeypatch.setenv("no_proxy", "*")
    with issuing() as running:
        yield running


@pytest.fixture
def town(town: Town, issuer: Issuer) -> Town:
    return Town(replace(town.services, outside=issuer.outside()))


@pytest.fixture
def trusting(town: Town, issuer: Issuer) -> Town:
    """The same, where the issuer is trusted with addresses."""
    return Town(replace(town.services, outside=issuer.outside(trusted=True)))


async def by(town: Town, token: str) -> Context | None:
    """A request with an outside token; None where it is refused."""
    ctx = Context(town.services)
    try:
        await authenticate(ctx, {"authorization": f"Bearer {token}"})
    except BadRequest as refusal:
        return None if refusal.status == 401 else ctx
    return ctx


async def link(ask: Ask, who: Context, token: str, password: str = PASSWORD) -> Answer:
    return await ask(who, LINK, input={"token": token, "password": password})


def refused(answer: Answer, name: str = "linkIdentity") -> list[tuple[str, list[str]]]:
    assert answer.errors == []
    return [(error["code"], error["field"]) for error in answer.data[name]["errors"]]


async def verify(town: Town, who: Context) -> None:
    async with who.unit_of_work() as work:
        mine = account.c.citizen_id == me(who)
        await work.execute(sa.update(account).where(mine).values(email_verified_at=town.services.clock()))


async def test_a_linked_identity_stands_for_its_citizen(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    nath = await town.citizen("nath")
    token = issuer.token(clock())
    assert await by(town, token) is None

    linked = await link(ask, nath, token)
    known = await by(town, token)

    assert [each["issuer"] for each in linked["linkIdentity"]["viewer"]["identities"]] == [issuer.url]
    assert known is not None
    assert signed_in(known.caller).citizen_id == me(nath)
    assert (await ask(known, "{ viewer { citizen { handle } } }"))["viewer"]["citizen"]["handle"] == "nath"
    assert refused(await link(ask, nath, token)) == []
    told = [mail for mail in await posted(town.services.database) if mail.template is MailTemplate.IDENTITY_LINKED]
    assert [mail.to for mail in told] == [me(nath)]  # once, however often it is linked
    assert await by(town, issuer.token(clock(), sub="somebody-else")) is None


async def test_linking_takes_the_password_and_a_good_token(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    nath = await town.citizen()
    token = issuer.token(clock())

    assert refused(await link(ask, nath, token, "wrong")) == [("WRONG_CREDENTIALS", ["password"])]
    assert refused(await link(ask, nath, "nonsense")) == [("INVALID", ["token"])]
    assert refused(await link(ask, nath, issuer.token(clock(), aud="others"))) == [("INVALID", ["token"])]
    assert (await link(ask, Context(town.services), token)).codes == ["UNAUTHENTICATED"]
    assert await by(town, token) is None


async def test_an_identity_is_one_citizens_and_a_citizen_has_one_of_an_issuer(
    ask: Ask, town: Town, clock: Clock, issuer: Issuer
) -> None:
    nath, zoe = await town.citizen(), await town.citizen()
    await link(ask, nath, issuer.token(clock()))

    assert refused(await link(ask, zoe, issuer.token(clock()))) == [("TAKEN", ["token"])]
    assert refused(await link(ask, nath, issuer.token(clock(), sub="else"))) == [("ALREADY_DONE", ["token"])]
    known = await by(town, issuer.token(clock()))
    assert known is not None
    assert me(known) == me(nath)


async def test_without_an_issuer_nothing_can_be_linked(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    none = Town(replace(town.services, outside=None))
    assert refused(await link(ask, await none.citizen(), issuer.token(clock()))) == [("INVALID", ["token"])]
    assert await by(none, issuer.token(clock())) is None


async def test_unlinking_counts_at_once(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    nath = await town.citizen()
    token = issuer.token(clock())
    await link(ask, nath, token)
    known = await by(town, token)
    assert known is not None

    unlinked = await ask(known, UNLINK, input={"issuer": issuer.url})

    assert unlinked["unlinkIdentity"] == {"viewer": None, "errors": []}  # it was what let them in
    assert await by(town, token) is None
    assert refused(await ask(nath, UNLINK, input={"issuer": issuer.url}), "unlinkIdentity") == [
        ("NOT_FOUND", ["issuer"])
    ]


async def test_suspension_and_leaving_end_it_at_once(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    nath, moderator = await town.citizen("nath"), await town.moderator()
    token = issuer.token(clock())
    await link(ask, nath, token)
    assert [each["issuer"] for each in (await exports.data_export(nath))["outsideIdentities"]] == [issuer.url]

    await moderation.suspend_citizen(moderator, me(nath), suspended=True, reason="Faux codes")
    assert await by(town, token) is None
    await moderation.suspend_citizen(moderator, me(nath), suspended=False, reason="Une erreur")
    assert await by(town, token) is not None
    again = Context(town.services)
    await accounts.sign_in(again, email="nath@example.org", password=PASSWORD)
    await erasure.delete_account(again, password=PASSWORD)
    assert await by(town, token) is None
    async with nath.reading() as session:
        assert (await session.execute(sa.select(outside_identity))).all() == []


async def test_another_password_ends_it_but_for_whom_it_let_in(
    ask: Ask, town: Town, clock: Clock, issuer: Issuer
) -> None:
    nath = await town.citizen("nath")
    token = issuer.token(clock())
    await link(ask, nath, token)
    known = await by(town, token)
    assert known is not None

    await credentials.change_password(known, current=PASSWORD, password=ANOTHER)
    assert await by(town, token) is not None
    again = Context(town.services)
    await accounts.sign_in(again, email="nath@example.org", password=ANOTHER)
    await credentials.change_password(again, current=ANOTHER, password=PASSWORD)
    assert await by(town, token) is None


async def test_a_reset_password_ends_it(ask: Ask, town: Town, clock: Clock, issuer: Issuer) -> None:
    nath = await town.citizen("nath")
    await verify(town, nath)
    token = issuer.token(clock())
    await link(ask, nath, token)

    await credentials.request_password_reset(Context(town.services), "nath@example.org")
    mailed = await last_token(town.services.database, MailTemplate.RESET_PASSWORD)
    await credentials.reset_password(Context(town.services), token=mailed, password=ANOTHER)
    assert await by(town, token) is None


async def test_what_takes_a_recent_sign_in_takes_one_of_ours(
    ask: Ask, town: Town, clock: Clock, issuer: Issuer
) -> None:
    await link(ask, await town.citizen(), issuer.token(clock()))
    known = await by(town, issuer.token(clock()))
    assert known is not None

    answer = await ask(known, "{ viewer { dataExport } }")
    assert answer.codes == ["UNAUTHENTICATED"]
    assert (await ask(known, "{ viewer { sessions { current } } }"))["viewer"]["sessions"] == [{"current": False}]


async def test_an_address_links_where_both_sides_verified_it(trusting: Town, clock: Clock, issuer: Issuer) -> None:
    nath = await trusting.citizen("nath")
    token = issuer.token(clock(), email="Nath@Example.org", email_verified=True)

    assert await by(trusting, token) is None  # not verified here
    await verify(trusting, nath)
    assert await by(trusting, issuer.token(clock(), email="nath@example.org")) is None  # nor there
    known = await by(trusting, token)
    assert known is not None
    assert me(known) == me(nath)
    # It is linked from here on, whatever its address; and no second identity gets in by the same one.
    assert await by(trusting, issuer.token(clock())) is not None
    assert await by(trusting, issuer.token(clock(), sub="x", email="nath@example.org", email_verified=True)) is None


@pytest.mark.parametrize("how", ["unlinked", "another password", "a reset password"])
async def test_an_address_links_nothing_again_that_was_unlinked(
    how: str, ask: Ask, trusting: Town, clock: Clock, issuer: Issuer
) -> None:
    nath = await trusting.citizen("nath")
    await verify(trusting, nath)
    token = issuer.token(clock(), email="nath@example.org", email_verified=True)
    assert await by(trusting, token) is not None

    match how:
        case "unlinked":
            assert refused(await ask(nath, UNLINK, input={"issuer": issuer.url}), "unlinkIdentity") == []
        case "another password":
            await credentials.change_password(nath, current=PASSWORD, password=ANOTHER)
        case _:
            await credentials.request_password_reset(Context(trusting.services), "nath@example.org")
            mailed = await last_token(trusting.services.database, MailTemplate.RESET_PASSWORD)
            await credentials.reset_password(Context(trusting.services), token=mailed, password=ANOTHER)

    assert await by(trusting, token) is None
    assert await by(trusting, issuer.token(clock(), sub="x", email="nath@example.org", email_verified=True)) is None
    again = Context(trusting.services)
    password = PASSWORD if how == "unlinked" else ANOTHER
    await accounts.sign_in(again, email="nath@example.org", password=password)
    assert refused(await link(ask, again, token, password)) == []  # the password does
    assert await by(trusting, token) is not None


async def test_an_address_links_nothing_where_the_issuer_is_not_trusted_with_it(
    town: Town, clock: Clock, issuer: Issuer
) -> None:
    await verify(town, await town.citizen("nath"))
    assert await by(town, issuer.token(clock(), email="nath@example.org", email_verified=True)) is None


async def test_an_address_that_only_looks_the_same_links_nothing(trusting: Town, clock: Clock, issuer: Issuer) -> None:
    await verify(trusting, await trusting.citizen("nath"))
    for email in ("\N{FULLWIDTH LATIN SMALL LETTER N}ath@example.org", "na\N{MODIFIER LETTER SMALL T}h@example.org"):
        assert await by(trusting, issuer.token(clock(), email=email, email_verified=True)) is None


async def test_an_address_never_links_a_moderator_nor_makes_an_account(
    trusting: Town, clock: Clock, issuer: Issuer
) -> None:
    moderator = await trusting.moderator()
    await verify(trusting, moderator)
    async with moderator.reading() as session:
        email = await session.scalar(sa.select(account.c.email).where(account.c.citizen_id == me(moderator)))

    assert await by(trusting, issuer.token(clock(), email=email, email_verified=True)) is None
    assert await by(trusting, issuer.token(clock(), email="new@example.org", email_verified=True)) is None
    async with moderator.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(account)) == 1
