"""Signing up, in and out."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.accounts import ProfileVisibility, SignUp
from domain.ids import TerritoryCode as Code
from domain.words import tidy
from resolvers import accounts as resolve
from schema.access import PUBLIC
from schema.errors import UserError, outcome
from schema.info import Info
from schema.limits.declared import costs
from schema.scalars import EmailAddress, TerritoryCode
from schema.viewer import Viewer
from schema.words import Locale


@strawberry.input(description="A new account.")
class SignUpInput:
    email: EmailAddress = strawberry.field(description="The address to sign in with. Shown to nobody.")
    password: str = strawberry.field(description="12 characters at least.")
    handle: str = strawberry.field(
        description="The name in addresses: 3 to 30 lower-case letters and digits, - and _ inside, a letter first."
    )
    full_name: str | None = strawberry.field(default=None, description="Shown to others on a PUBLIC profile alone.")
    territory: TerritoryCode | None = strawberry.field(default=None, description="Where one lives.")
    assessment_token: str | None = strawberry.field(
        default=None, description="From `evaluateInfluence`; without one, one starts at level 1 with an empty ledger."
    )
    visibility: ProfileVisibility = strawberry.field(
        default=ProfileVisibility.PSEUDONYMOUS, description="What others see of the profile. PUBLIC from 18 on."
    )
    discoverable: bool = strawberry.field(
        default=False,
        description="Whether one may be found by what one does: by local actors, and in `citizens`. From 18 on.",
    )
    locale: Locale = strawberry.field(default=Locale.FR, description="The language to be written to in.")
    charter_version: str = strawberry.field(description="The charter that is accepted: `charter { version }`.")
    at_least_fifteen: bool = strawberry.field(description="One must be fifteen to sign up.")
    at_least_eighteen: bool = strawberry.field(default=False, description="Whether one is of age.")

    def meant(self) -> SignUp:
        return SignUp(
            email=self.email,
            password=self.password,
            handle=self.handle,
            full_name=tidy(self.full_name),
            territory=Code(self.territory) if self.territory else None,
            visibility=self.visibility,
            discoverable=self.discoverable,
            locale=self.locale,
            charter_version=self.charter_version,
            at_least_fifteen=self.at_least_fifteen,
            at_least_eighteen=self.at_least_eighteen,
        )


@strawberry.input(description="What one signs in with.")
class SignInInput:
    email: EmailAddress = strawberry.field(description="The address.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="What keeps a session going.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The last one that was given. Good once.")


@strawberry.input(description="The session to end.")
class SignOutInput:
    refresh_token: str = strawberry.field(description="The last one that was given.")


@strawberry.type(description="A session that was opened or refreshed. Its secrets are shown here and nowhere else.")
class Session:
    access_token: str = strawberry.field(description="For the `Authorization: Bearer …` header.")
    expires_at: datetime = strawberry.field(description="Until when the access token is good: 15 minutes.")
    refresh_token: str = strawberry.field(description="For `refreshSession`, once. Keep it secret.")

    @strawberry.field(description="Who is signed in.")
    async def viewer(self, info: Info) -> Viewer:
        return Viewer.of(await resolve.account(info.context))


@strawberry.type(description="A session, or why there is none.")
class SessionPayload:
    session: Session | None = strawberry.field(description="The session; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")

    @staticmethod
    def of(opened: resolve.Opened | None, errors: list[UserError]) -> "SessionPayload":
        if opened is None:
            return SessionPayload(session=None, errors=errors)
        access = opened.access
        session = Session(access_token=access.token, expires_at=access.expires_at, refresh_token=opened.refresh_token)
        return SessionPayload(session=session, errors=errors)


@strawberry.type(description="That one is signed out.")
class SignOutPayload:
    errors: list[UserError] = strawberry.field(description="Always empty: an unknown token is as good as signed out.")


@strawberry.type
class AccountMutation:
    @strawberry.mutation(
        directives=PUBLIC + costs(500),
        description="Make an account and sign in. Everything that is wrong is told at once.",
    )
    async def sign_up(
        self, info: Info, input: Annotated[SignUpInput, strawberry.argument(description="The account.")]
    ) -> SessionPayload | None:
        signing_up = resolve.sign_up(info.context, input.meant(), assessment_token=input.assessment_token)
        return SessionPayload.of(*await outcome(info, signing_up))

    @strawberry.mutation(
        directives=PUBLIC + costs(500), description="Sign in. Which of address and password is wrong isn't told."
    )
    async def sign_in(
        self, info: Info, input: Annotated[SignInInput, strawberry.argument(description="Address and password.")]
    ) -> SessionPayload | None:
        signing_in = resolve.sign_in(info.context, email=input.email, password=input.password)
        return SessionPayload.of(*await outcome(info, signing_in))

    @strawberry.mutation(
        directives=PUBLIC,
        description="New tokens for a refresh token, which is used up. One that was used before ends its session.",
    )
    async def refresh_session(
        self, info: Info, input: Annotated[RefreshSessionInput, strawberry.argument(description="The token.")]
    ) -> SessionPayload | None:
        return SessionPayload.of(*await outcome(info, resolve.refresh_session(info.context, input.refresh_token)))

    @strawberry.mutation(directives=PUBLIC, description="End a session: its tokens stop working at once.")
    async def sign_out(
        self, info: Info, input: Annotated[SignOutInput, strawberry.argument(description="The session.")]
    ) -> SignOutPayload | None:
        _, errors = await outcome(info, resolve.sign_out(info.context, input.refresh_token))
        return SignOutPayload(errors=errors)
