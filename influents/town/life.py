"""What happens in the demo town: the calls that its people would have made, each at its own time.

Nothing is written but through the resolvers, so that every point is earned by the rules; but for what people say of
themselves, which no resolver takes yet.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from db.writes.citizens import update_profile
from domain.accounts import SignUp
from domain.charter import CHARTER_VERSION
from domain.check_in_codes import RENEWED_EVERY
from domain.citizens import Viewer
from domain.event_life import ReviewDecision
from domain.events import Event, EventStatus
from domain.ids import OrganizationId
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.questionnaire import QUESTIONNAIRE
from influents.town.outings import Outing
from influents.town.people import DEMO_ACCOUNTS, DEMO_PASSWORD, Person
from influents.town.programme import CLOSED_AFTER, Group, Happening
from resolvers import accounts, events, organizations, participations
from resolvers.context import Context, Services
from resolvers.passwords import Passwords

T = TypeVar("T")

AT_ONCE = 4
"""Calls under way at the same time, where their order changes nothing."""

DEMO_HANDLES = frozenset(account.handle for account in DEMO_ACCOUNTS)

Progress = Callable[[str, int, int], None]


def sign_up_of(person: Person) -> SignUp:
    """What they fill in."""
    return SignUp(
        email=person.email,
        password=DEMO_PASSWORD,
        handle=person.handle,
        full_name=person.full_name,
        territory=person.territory,
        visibility=person.visibility,
        discoverable=person.discoverable,
        locale=person.locale,
        charter_version=CHARTER_VERSION,
        at_least_fifteen=True,
        at_least_eighteen=person.adult,
    )


class Life:
    """Makes the calls. What one call needs of another is kept here: who is signed in, and the ids of what was made.

    Args:
        services: Those of the process; its clock is not looked at.
        quick: Passwords that cost little, for everybody but the demo accounts: signing in renews their hashes.
        progress: Told what is being made, how many are done, and of how many.
    """

    def __init__(self, services: Services, *, quick: Passwords, progress: Progress) -> None:
        self._services = services
        self._quick = quick
        self._progress = progress
        self._viewers: dict[str, Viewer] = {}
        self._groups: dict[str, OrganizationId] = {}
        self._events: dict[str, Event] = {}

    def _at(self, moment: datetime, handle: str | None = None) -> Context:
        """A request at that moment, by whoever has that handle or by nobody."""
        services = replace(self._services, clock=lambda: moment)
        return Context(services, viewer=self._viewers[handle] if handle else None)

    async def settle(self, people: Iterable[Person]) -> None:
        """Everybody signs up, and says something of themselves."""
        await self._each("citizens", sorted(people, key=lambda person: person.joined_at), self._settle)

    async def _settle(self, person: Person) -> None:
        ctx = self._at(person.joined_at)
        if person.handle not in DEMO_HANDLES:
            ctx = Context(replace(ctx.services, passwords=self._quick))
        tokens, token = ctx.services.tokens, None
        if person.level is not None:
            assessed_at = person.joined_at - timedelta(minutes=10)
            token = tokens.assessment(level=person.level, questionnaire=QUESTIONNAIRE.version, now=assessed_at).token
        await accounts.sign_up(ctx, sign_up_of(person), assessment_token=token)
        self._viewers[person.handle] = viewer = signed_in(ctx.viewer)
        if person.bio or person.links or person.talents:
            async with ctx.unit_of_work() as work:
                await update_profile(
                    work, viewer.citizen_id, bio=person.bio, links=person.links, talents=person.talents
                )

    async def appoint_moderator(self, person: Person) -> None:
        """What `grant moderator` does at the command line."""
        ctx = self._at(person.joined_at + timedelta(minutes=30), person.handle)
        await accounts.grant_moderator(ctx, email=person.email)
        await self._look_again(ctx, person.handle)

    async def found(self, groups: Sequence[Group]) -> None:
        """Organisations are made by their owners; those that are known are verified the day after."""
        await self._each("organisations", groups, self._found)

    async def _found(self, group: Group) -> None:
        ctx = self._at(group.since, group.owner)
        made = await organizations.create_organization(ctx, group.details)
        self._groups[group.key] = made.id
        if group.verified:
            await organizations.verify_organization(self._at(group.since + timedelta(hours=20)), slug=made.slug)
        await self._look_again(ctx, group.owner)

    async def propose(self, happenings: Sequence[Happening], *, moderator: Person) -> None:
        """Events are proposed, one by one; what isn't a verified organisation's is then reviewed."""
        for number, happening in enumerate(happenings, start=1):
            self._events[happening.key] = await self._propose(happening, moderator)
            self._progress("events", number, len(happenings))

    async def _propose(self, happening: Happening, moderator: Person) -> Event:
        group = self._groups[happening.group] if happening.group else None
        event = await events.propose_event(
            self._at(happening.proposed_at, happening.proposer),
            happening.details,
            organization_id=group,
            submit=happening.stays is not EventStatus.DRAFT,
        )
        if happening.reviewed_at is None:
            return event
        rejected = happening.stays is EventStatus.REJECTED
        decision = ReviewDecision.REJECT if rejected else ReviewDecision.PUBLISH
        reviewing = self._at(happening.reviewed_at, moderator.handle)
        return await events.review_event(reviewing, event.id, decision=decision, reason=happening.reason)

    async def go_out(self, outings: Sequence[Outing], happenings: Iterable[Happening], *, now: datetime) -> None:
        """People register; then, event by event, they check in, and the organisers close what is over."""
        guests: dict[str, list[Outing]] = defaultdict(list)
        for outing in outings:
            guests[outing.happening.key].append(outing)
        published = [happening for happening in happenings if happening.published_at]
        seated: dict[str, list[Outing]] = {}

        async def register(happening: Happening) -> None:  # seats are given in this order
            seated[happening.key] = [outing for outing in guests[happening.key] if await self._register(outing)]

        await self._each("registrations", published, register)
        for number, happening in enumerate(published, start=1):
            await self._meet(happening, seated[happening.key])
            if happening.over(now):
                await self._close(happening)
            self._progress("attendance", number, len(published))

    async def _register(self, outing: Outing) -> bool:
        """Whether there was a seat for them."""
        ctx = self._at(outing.registers_at, outing.person.handle)
        participation = await participations.register(ctx, self._events[outing.happening.key].id)
        return participation.status is ParticipationStatus.REGISTERED

    async def _meet(self, happening: Happening, outings: Iterable[Outing]) -> None:
        """Whoever comes reads the code from the organiser's screen."""
        event, screen = self._events[happening.key], ("", datetime.min.replace(tzinfo=UTC))
        arrivals: list[tuple[Person, datetime, str]] = []
        for at, _, person in sorted((o.checks_in_at, o.person.handle, o.person) for o in outings if o.checks_in_at):
            if at - screen[1] >= RENEWED_EVERY:
                screen = await self._code(happening, at), at
            arrivals.append((person, at, screen[0]))

        async def check_in(arrival: tuple[Person, datetime, str]) -> None:
            person, at, code = arrival
            await participations.check_in(self._at(at, person.handle), event.id, code=code)

        await _together(arrivals, check_in)

    async def _code(self, happening: Happening, at: datetime) -> str:
        """What the organiser's screen shows at that moment."""
        code = await events.check_in_code(self._at(at, happening.proposer), self._events[happening.key])
        if code is None:
            raise RuntimeError(f"no code is shown at {happening.key}")
        return code

    async def _close(self, happening: Happening) -> None:
        ctx = self._at(happening.details.ends_at + CLOSED_AFTER, happening.proposer)
        await events.complete_event(ctx, self._events[happening.key].id)

    async def _look_again(self, ctx: Context, handle: str) -> None:
        """Their next request knows the roles that they have been given."""
        viewer = signed_in(ctx.viewer)
        tokens = ctx.services.tokens
        access = tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=ctx.now())
        await accounts.authenticate(ctx, access.token)
        self._viewers[handle] = signed_in(ctx.viewer)

    async def _each(self, what: str, items: Iterable[T], call: Callable[[T], Awaitable[None]]) -> None:
        """Call for each item, some at once, and tell how far it is."""
        items = list(items)
        done = 0

        async def told(item: T) -> None:
            nonlocal done
            await call(item)
            done += 1
            self._progress(what, done, len(items))

        await _together(items, told)


async def _together(items: Iterable[T], call: Callable[[T], Awaitable[None]]) -> None:
    """Call for each item, in this order but some at once. What goes wrong first is raised, and the rest is given up."""
    left = iter(items)

    async def work() -> None:
        for item in left:
            await call(item)

    try:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(work())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
