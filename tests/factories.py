"""Makes what tests need through the same functions that the service uses, so that nothing exists by cheating."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from domain.accounts import ProfileVisibility, SignUp
from domain.api_tokens import ApiToken, TokenScope
from domain.charter import CHARTER_VERSION
from domain.check_in_codes import code_at
from domain.event_life import ReviewDecision
from domain.events import Event, EventDetails, EventFormat, Venue
from domain.ids import EventId, OrganizationId, TerritoryCode
from domain.organizations import Organization, OrganizationDetails, OrganizationKind
from domain.participations import Participation
from domain.permissions import signed_in
from domain.words import Locale, ThemeCode
from resolvers import accounts, events, members, organizations, participations, partners
from resolvers.context import Context, Services

_numbers = count(1)
PASSWORD = "une phrase de passe assez longue"
CANTINE = Venue(
    city="Nantes",
    name="Cantine Numérique",
    address="20 rue de la Paix",
    postal_code="44000",
    latitude=47.2150,
    longitude=-1.5560,
)


def sign_up(handle: str, **changes: Any) -> SignUp:  # Any: the fields of SignUp, by name
    """What an adult gives who accepts the charter and says no more than they must."""
    usual = SignUp(
        email=f"{handle}@example.org",
        password=PASSWORD,
        handle=handle,
        charter_version=CHARTER_VERSION,
        at_least_fifteen=True,
        at_least_eighteen=True,
    )
    return replace(usual, **changes)


@dataclass(slots=True)
class Town:
    """Citizens, organisations and events, by calls."""

    services: Services

    async def citizen(
        self,
        handle: str | None = None,
        *,
        visibility: ProfileVisibility = ProfileVisibility.PSEUDONYMOUS,
        full_name: str | None = None,
        adult: bool = True,
        level: int | None = None,
        territory: str | None = "FR-44",
        locale: Locale = Locale.FR,
    ) -> Context:
        """A new citizen, signed in; with the self-assessment of `level` where there is one."""
        ctx = Context(self.services)
        handle = handle or f"citizen-{next(_numbers)}"
        wanted = sign_up(
            handle,
            full_name=full_name,
            territory=TerritoryCode(territory) if territory else None,
            visibility=visibility,
            locale=locale,
            at_least_eighteen=adult,
        )
        tokens = self.services.tokens
        token = (
            None
            if level is None
            else tokens.assessment(level=level, questionnaire="2026-1", now=self.services.clock()).token
        )
        await accounts.sign_up(ctx, wanted, assessment_token=token)
        return ctx

    async def organization(
        self,
        owner: Context,
        name: str | None = None,
        *,
        verified: bool = True,
        kind: OrganizationKind = OrganizationKind.ASSOCIATION,
    ) -> Organization:
        """An organisation of `owner`'s, who is signed in afresh to belong to it."""
        details = OrganizationDetails(name=name or f"Association {next(_numbers)}", kind=kind)
        made = await organizations.create_organization(owner, details)
        if verified:
            mark = await organizations.verify_organization(owner, slug=made.slug)
            assert mark is not None
            made = mark
        await self.look_again(owner)
        return made

    async def token(
        self, owner: Context, organization: OrganizationId, *scopes: TokenScope, expires_at: datetime | None = None
    ) -> tuple[ApiToken, str]:
        """A token of an organisation of `owner`'s, and its secret."""
        return await members.create_api_token(owner, organization, name="Agenda", scopes=scopes, expires_at=expires_at)

    async def partner(self, owner: Context, organization: OrganizationId, *scopes: TokenScope) -> Context:
        """A request by a system with a token of an organisation."""
        _, secret = await self.token(owner, organization, *scopes)
        ctx = Context(self.services)
        assert await partners.authenticate(ctx, secret)
        return ctx

    async def look_again(self, ctx: Context) -> None:
        """What the next request of the same person starts with: roles are read afresh."""
        viewer = signed_in(ctx.viewer)
        access = self.services.tokens.access(
            citizen=viewer.citizen_id, session=viewer.session_id, now=self.services.clock()
        )
        await accounts.authenticate(ctx, access.token)

    def details(self, **changes: object) -> EventDetails:
        """The Barcamp Datajournalisme, worth 200 points, in a week from now unless told."""
        starts_at = self.services.clock() + timedelta(days=7)
        usual = EventDetails(
            title="Barcamp Datajournalisme",
            description="Une soirée pour apprendre à lire les données publiques, ensemble.",
            format=EventFormat.IN_PERSON,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=4, minutes=30),
            themes=(ThemeCode.PUBLIC_ADMINISTRATION,),
            engagement=3,
            venue=CANTINE,
        )
        changed = replace(usual, **changes)  # type: ignore[arg-type]  # the fields of EventDetails, by name
        if "starts_at" in changes and "ends_at" not in changes:
            changed = replace(changed, ends_at=changed.starts_at + timedelta(hours=4, minutes=30))
        return changed

    async def event(
        self, proposer: Context, organization: OrganizationId | None = None, *, submit: bool = True, **changes: object
    ) -> Event:
        """An event by `proposer`, for an organisation of theirs or in their own name."""
        return await events.propose_event(
            proposer, self.details(**changes), organization_id=organization, submit=submit
        )

    async def moderator(self) -> Context:
        """A new moderator, signed in."""
        ctx = await self.citizen()
        account = await accounts.account(ctx)
        await accounts.grant_moderator(ctx, email=account.email)
        await self.look_again(ctx)
        return ctx

    async def published(
        self, proposer: Context, organization: OrganizationId | None = None, *, by: Context, **changes: object
    ) -> Event:
        """An event that had to wait for a moderator, `by`, and was published."""
        details = self.details(**changes)
        submitted = await events.propose_event(proposer, details, organization_id=organization, submit=True)
        return await events.review_event(by, submitted.id, decision=ReviewDecision.PUBLISH)

    async def code(self, event: EventId, *, at: datetime | None = None) -> str:
        """The code shown at an event, as its organisers see it."""
        ctx = Context(self.services)
        secret = await ctx.loaders.check_in_secret.load(event)
        assert secret is not None
        return code_at(secret, at or self.services.clock())

    async def attend(self, ctx: Context, event: Event) -> Participation:
        """Register, then check in at the start with the code; the clock is set and set back."""
        time = self.services.clock
        assert hasattr(time, "now"), "a clock that can be set"
        before = time.now
        await participations.register(ctx, event.id)
        time.now = event.details.starts_at
        try:
            return await participations.check_in(ctx, event.id, code=await self.code(event.id))
        finally:
            time.now = before
