"""What citizens say of themselves, and what of it shows."""

from typing import Annotated

import strawberry

from domain.accounts import ProfileVisibility
from domain.citizens import ProfileLink
from domain.fields import Required
from domain.ids import TerritoryCode as Code
from domain.profiles import ProfileChanges, SettingsChanges, one_line
from domain.refusals import refuse_if_any
from domain.words import tidy
from resolvers import profiles as resolve
from schema.access import CITIZENS
from schema.info import Info
from schema.scalars import URL, TerritoryCode
from schema.viewer import ViewerPayload, viewer_after
from schema.words import Locale


@strawberry.input(description="Somewhere else to find one.")
class ProfileLinkInput:
    label: str = strawberry.field(description="What it is called: 60 characters at most.")
    url: URL = strawberry.field(description="Where it is.")


@strawberry.input(description="What is to change of a profile. What is left out stays; null clears it.")
class UpdateProfileInput:
    full_name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Shown to others on a PUBLIC profile alone."
    )
    bio: str | None = strawberry.field(default=strawberry.UNSET, description="2,000 characters at most.")
    avatar_url: URL | None = strawberry.field(default=strawberry.UNSET, description="A picture, by https.")
    territory: TerritoryCode | None = strawberry.field(default=strawberry.UNSET, description="Where one lives.")
    links: list[ProfileLinkInput] | None = strawberry.field(
        default=strawberry.UNSET, description="All of them, in order: 5 at most. Shown on a PUBLIC profile alone."
    )
    talents: list[str] | None = strawberry.field(
        default=strawberry.UNSET, description="All that one offers to lend a cause: 10 at most, no two alike."
    )

    def meant(self) -> ProfileChanges:
        changes = ProfileChanges()
        if self.full_name is not strawberry.UNSET:
            changes["full_name"] = tidy(one_line(self.full_name or ""))
        if self.bio is not strawberry.UNSET:
            changes["bio"] = tidy(self.bio)
        if self.avatar_url is not strawberry.UNSET:
            changes["avatar_url"] = self.avatar_url
        if self.territory is not strawberry.UNSET:
            changes["territory"] = Code(self.territory) if self.territory else None
        if self.links is not strawberry.UNSET:
            changes["links"] = [ProfileLink(one_line(link.label), link.url) for link in self.links or ()]
        if self.talents is not strawberry.UNSET:
            changes["talents"] = [one_line(talent) for talent in self.talents or ()]
        return changes


@strawberry.input(description="What is to change of the settings. What is left out stays; none of it can be cleared.")
class UpdateSettingsInput:
    visibility: ProfileVisibility | None = strawberry.field(
        default=strawberry.UNSET, description="What others see of the profile. PUBLIC from 18 on."
    )
    discoverable: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether one may be found by what one does: by local actors, and in `citizens`. From 18 on.",
    )
    email_notifications: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether to be told by e-mail, once the address is verified."
    )
    locale: Locale | None = strawberry.field(default=strawberry.UNSET, description="The language to be written to in.")

    def meant(self) -> SettingsChanges:
        """What is to change. Raises Refusals where something would be cleared: a setting is one or the other."""
        given = {key: value for key, value in vars(self).items() if value is not strawberry.UNSET}
        words = {"email_notifications": "emailNotifications"}
        refuse_if_any(Required(words.get(key, key)) for key, value in given.items() if value is None)
        changes = SettingsChanges()
        if self.visibility:
            changes["visibility"] = self.visibility
        if self.locale:
            changes["locale"] = self.locale
        if isinstance(self.discoverable, bool):
            changes["discoverable"] = self.discoverable
        if isinstance(self.email_notifications, bool):
            changes["email_notifications"] = self.email_notifications
        return changes


@strawberry.type
class ProfileMutation:
    @strawberry.mutation(
        directives=CITIZENS, description="Change what one says of oneself. Everything that is wrong is told at once."
    )
    async def update_profile(
        self, info: Info, input: Annotated[UpdateProfileInput, strawberry.argument(description="The changes.")]
    ) -> ViewerPayload | None:
        return await viewer_after(info, resolve.update_profile(info.context, **input.meant()))

    @strawberry.mutation(
        directives=CITIZENS, description="Change what others see, how one is told, and in which language."
    )
    async def update_settings(
        self, info: Info, input: Annotated[UpdateSettingsInput, strawberry.argument(description="The changes.")]
    ) -> ViewerPayload | None:
        async def change() -> None:
            await resolve.update_settings(info.context, **input.meant())

        return await viewer_after(info, change())
