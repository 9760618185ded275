"""How the play goes: a step is done by the service and by the model, and both must agree before the next."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from db.tables import citizen, skill_holding
from domain.event_life import ReviewDecision
from domain.ids import CitizenId, EventId, SkillId
from resolvers import events, participations
from resolvers.context import Context
from tests.factories import Town
from tests.laws import checks, drawn
from tests.laws.facts import Event, Person, Refused
from tests.laws.stage import Stage, came_of, new_world
from tests.ledgers import broken_laws

Call = Callable[[Context], Coroutine[Any, Any, object]]  # Any: what a coroutine is sent
CallAbout = Callable[[Context, EventId], Coroutine[Any, Any, object]]  # Any: likewise


class Disagreement(AssertionError):  # noqa: N818
    """The service did what the model doesn't, or the other way round."""


class Play(RuleBasedStateMachine):
    """The stage, the model, and the steps that others are made of."""

    stage: ClassVar[Stage]

    @initialize()
    def begin(self) -> None:
        self.world = new_world()
        self.stage.run(self.stage.begin())
        self.ids: dict[Event, EventId] = {}
        self.gone: dict[str, CitizenId] = {}
        self.before = self.stage.run(checks.state(self.stage.database))

    @invariant()
    def the_database_agrees(self) -> None:
        kept = self.stage.run(checks.state(self.stage.database))
        should = checks.expected(self.world, self.stage.citizens, self.ids)
        names = {str(each): name for name, each in self.stage.citizens.items()}
        wrong = [*checks.differences(kept, should, names), *checks.undeclared(self.before, kept)]
        self.before = kept
        _none([*wrong, *self.stage.run(broken_laws(self.stage.database))])

    def teardown(self) -> None:
        _none(self.stage.run(checks.replayed(self.stage)))
        _none(self.stage.run(checks.remembered(self.stage, self.gone)))

    def does(self, name: str, should: Callable[[Person], None], call: Call) -> bool:
        """Somebody does something. Whether it was done: the model says what comes of it, and the service agrees."""
        self.until(self.world.now + drawn.A_SECOND)
        codes, who = frozenset[str](), self.world.people[name]
        try:
            self.world.acting(who)
            should(who)
        except Refused as refused:
            codes = refused.codes

        async def ask() -> frozenset[str]:
            return await came_of(call(await self.stage.asking(name)))

        found = self.stage.run(ask())
        if found != codes:
            raise Disagreement(f"{name}: the service says {sorted(found) or 'yes'}, the model {sorted(codes) or 'yes'}")
        return not codes

    def about(self, event: Event, who: str | None, should: Callable[[Person, Event], None], call: CallAbout) -> bool:
        """The same of an event; where it is None who does it, it is whoever proposed it."""
        about = self.ids[event]
        return self.does(who or event.proposer.name, lambda by: should(by, event), lambda ctx: call(ctx, about))

    def proposes(self, who: str, shape: drawn.Shape, of: str | None, *, submit: bool) -> Event | None:
        organization = self.world.organizations[of] if of else None
        event = shape.event(self.world.people[who], organization, self.world.now)
        made: list[EventId] = []

        async def call(ctx: Context) -> None:
            of_whom = self.stage.organizations[of] if of else None
            proposed = await events.propose_event(ctx, drawn.details(event), organization_id=of_whom, submit=submit)
            made.append(proposed.id)

        if not self.does(who, lambda _: self.world.propose(event, submit=submit), call):
            return None
        self.ids[event] = made[0]
        return event

    def reviews(self, who: str, event: Event, *, publish: bool) -> None:
        decision, reason = (ReviewDecision.PUBLISH, None) if publish else (ReviewDecision.REJECT, "Où ?")
        self.about(
            event,
            who,
            lambda by, of: self.world.review(by, of, publish=publish),
            lambda ctx, of: events.review_event(ctx, of, decision=decision, reason=reason),
        )

    def registers(self, who: str, event: Event) -> None:
        self.about(event, who, self.world.register, participations.register)

    def checks_in(self, who: str, event: Event, *, right: bool) -> None:
        async def call(ctx: Context, of: EventId) -> None:
            code = await Town(self.stage.services).code(of)
            await participations.check_in(ctx, of, code=code if right else "00000000")

        self.about(event, who, lambda by, of: self.world.check_in(by, of, right=right), call)

    def event(self, which: int) -> Event:
        return self.world.events[-1 - which % len(self.world.events)]

    def until(self, moment: datetime) -> None:
        """Time passes; never backwards."""
        self.world.now = self.stage.clock.now = max(self.world.now, moment)

    def citizen(self, of: Person) -> CitizenId:
        return self.stage.citizens[of.name]

    def citizens(self, people: list[Person]) -> list[CitizenId]:
        return [self.citizen(each) for each in people]

    async def latest_skill(self, of: Person, theme: str) -> SkillId:
        held = skill_holding.c
        theirs = sa.select(held.id).where(held.citizen_id == self.citizen(of), held.theme == theme)
        async with self.stage.database.reading() as session:
            return SkillId((await session.scalars(theirs.order_by(held.acquired_at.desc()).limit(1))).one())

    async def whoever_is_new(self) -> CitizenId:
        """The id that what somebody has left behind belongs to now."""
        async with self.stage.database.reading() as session:
            (ghost,) = set(await session.scalars(sa.select(citizen.c.id))) - set(self.stage.citizens.values())
        return CitizenId(ghost)


def _none(wrong: list[str]) -> None:
    if wrong:
        raise Disagreement("\n".join(wrong))
