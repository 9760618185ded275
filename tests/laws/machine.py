"""The machine: who may do what next. Hypothesis draws the steps; `tests/laws/play.py` tells how each is done."""

from typing import Any

from hypothesis.stateful import precondition, rule

from domain.event_changes import EventChanges
from domain.words import ThemeCode
from resolvers import (
    adjustments,
    desk,
    erasure,
    event_changes,
    event_endings,
    events,
    feedback,
    moderation,
    participations,
    recognition,
)
from resolvers.context import Context
from tests.factories import PASSWORD
from tests.laws import drawn
from tests.laws.drawn import Shape, which, yes_or_no
from tests.laws.play import Play
from tests.laws.stage import ORGANIZATIONS
from tests.resolvers.test_organizing import verify

about_an_event = precondition(lambda play: bool(play.world.events))


class People(Play):
    """Citizens, organisers and moderators, in any order. An organiser who is None is whoever proposed the event."""

    @rule(who=drawn.hosts, shape=drawn.shapes, of=drawn.for_whom, submit=yes_or_no)
    def propose(self, who: str, shape: Shape, of: str | None, submit: bool) -> None:
        self.proposes(who, shape, of, submit=submit)

    @rule(who=drawn.hosts, shape=drawn.shapes, guests=drawn.crowds)
    def an_event_takes_its_course(self, who: str, shape: Shape, guests: set[str]) -> None:
        event = self.proposes(who, shape, who if who in ORGANIZATIONS else None, submit=True)
        if event is None:
            return
        if event.status == "SUBMITTED":
            self.reviews("first-judge", event, publish=True)
        for guest in sorted(guests):
            self.registers(guest, event)
        self.until(event.starts)
        for guest in sorted(guests):
            self.checks_in(guest, event, right=True)

    @about_an_event
    @rule(who=drawn.organizers, which=which)
    def submit(self, who: str | None, which: int) -> None:
        self.about(self.event(which), who, self.world.submit, events.submit_event)

    @about_an_event
    @rule(who=drawn.moderators, which=which, publish=yes_or_no)
    def review(self, who: str, which: int, publish: bool) -> None:
        self.reviews(who, self.event(which), publish=publish)

    @about_an_event
    @rule(who=drawn.organizers, which=which, change=drawn.changes)
    def update(self, who: str | None, which: int, change: tuple[str, Any]) -> None:  # Any: a value a field
        event, (name, value) = self.event(which), change
        written: EventChanges = {}
        match name:
            case "stars":
                written["engagement"] = value
            case "capacity":
                written["capacity"] = value
            case "themes":
                written["themes"] = tuple(ThemeCode(theme) for theme in sorted(value))
            case "title":
                written["title"] = value
            case _:
                value = written["starts_at"], written["ends_at"] = event.starts + value, event.ends + value
        self.about(
            event,
            who,
            lambda by, of: self.world.update(by, of, name, value),
            lambda ctx, of: event_changes.update_event(ctx, of, written),
        )

    @about_an_event
    @rule(who=drawn.organizers, which=which)
    def cancel(self, who: str | None, which: int) -> None:
        self.about(
            self.event(which),
            who,
            self.world.cancel,
            lambda ctx, of: event_endings.cancel_event(ctx, of, reason="Il pleut."),
        )

    @about_an_event
    @rule(who=drawn.organizers, which=which)
    def complete(self, who: str | None, which: int) -> None:
        self.about(self.event(which), who, self.world.complete, events.complete_event)

    @rule()
    def the_worker_completes_what_was_left_open(self) -> None:
        self.world.complete_what_was_left_open()
        self.stage.run(event_endings.complete_overdue(Context(self.stage.services)))

    @about_an_event
    @rule(who=drawn.moderators, which=which)
    def annul(self, who: str, which: int) -> None:
        self.about(
            self.event(which),
            who,
            self.world.annul,
            lambda ctx, of: event_endings.annul_event(ctx, of, reason="Personne n'est venu."),
        )

    @about_an_event
    @rule(who=drawn.organizers, which=which)
    def publish_outcome(self, who: str | None, which: int) -> None:
        self.about(
            self.event(which),
            who,
            self.world.publish_outcome,
            lambda ctx, of: event_changes.publish_outcome(ctx, of, summary="Un plan.", decisions=[], document_url=None),
        )

    @about_an_event
    @rule(guests=drawn.crowds, which=which)
    def a_crowd_registers(self, guests: set[str], which: int) -> None:
        for guest in sorted(guests):
            self.registers(guest, self.event(which))

    @about_an_event
    @rule(who=drawn.anybody, which=which)
    def register(self, who: str, which: int) -> None:
        self.registers(who, self.event(which))

    @about_an_event
    @rule(who=drawn.citizens, which=which)
    def give_up(self, who: str, which: int) -> None:
        self.about(self.event(which), who, self.world.give_up, participations.cancel_registration)

    @about_an_event
    @rule(who=drawn.anybody, which=which)
    def check_in(self, who: str, which: int) -> None:
        self.checks_in(who, self.event(which), right=True)

    @about_an_event
    @rule(who=drawn.citizens, which=which, times=drawn.tries)
    def guess(self, who: str, which: int, times: int) -> None:
        for _ in range(times):
            self.checks_in(who, self.event(which), right=False)

    @about_an_event
    @rule(who=drawn.organizers, which=which, came=drawn.crowds, stayed_away=drawn.few)
    def settle(self, who: str | None, which: int, came: set[str], stayed_away: set[str]) -> None:
        attended, absent = ([self.world.people[name] for name in sorted(names)] for names in (came, stayed_away))
        self.about(
            self.event(which),
            who,
            lambda by, of: self.world.settle(by, of, attended, absent),
            lambda ctx, of: desk.confirm_attendance(
                ctx, of, attended=self.citizens(attended), absent=self.citizens(absent)
            ),
        )

    @about_an_event
    @rule(who=drawn.organizers, which=which)
    def withdraw(self, who: str | None, which: int) -> None:
        """Nobody who attended was there after all."""
        event = self.event(which)
        absent = [each for each, place in event.places.items() if place.status == "ATTENDED" and not each.gone]
        self.about(
            event,
            who,
            lambda by, of: self.world.settle(by, of, [], absent),
            lambda ctx, of: desk.confirm_attendance(ctx, of, attended=[], absent=self.citizens(absent)),
        )

    @about_an_event
    @rule(who=drawn.citizens, which=which, anonymous=yes_or_no)
    def leave_feedback(self, who: str, which: int, anonymous: bool) -> None:
        said = {"highlights": "L'accueil.", "improvements": None}
        self.about(
            self.event(which),
            who,
            self.world.leave_feedback,
            lambda ctx, of: feedback.leave_feedback(ctx, of, rating=4, anonymous=anonymous, **said),
        )

    @about_an_event
    @rule(who=drawn.citizens, which=which, listed=yes_or_no)
    def set_listed(self, who: str, which: int, listed: bool) -> None:
        self.about(
            self.event(which),
            who,
            lambda by, of: self.world.set_listed(by, of, listed=listed),
            lambda ctx, of: participations.set_listed(ctx, of, listed=listed),
        )

    @rule(who=drawn.moderators, of=drawn.anybody, points=drawn.corrections)
    def adjust(self, who: str, of: str, points: int) -> None:
        them = self.world.people[of]
        self.does(
            who,
            lambda by: self.world.adjust(by, them, points),
            lambda ctx: adjustments.adjust_influence(ctx, self.citizen(them), points=points, reason="Un essai."),
        )

    @rule(who=drawn.organizers, by=drawn.whose, of=drawn.anybody, theme=drawn.themes)
    def recognize(self, who: str | None, by: str, of: str, theme: str) -> None:
        them, organization, of_whom = self.world.people[of], self.world.organizations[by], self.stage.organizations[by]
        self.does(
            who or by,
            lambda asking: self.world.recognize(asking, organization, them, theme),
            lambda ctx: recognition.recognize_skill(
                ctx, of_whom, self.citizen(them), ThemeCode(theme), reason="Un essai."
            ),
        )

    @rule(who=drawn.moderators, of=drawn.anybody, theme=drawn.themes)
    def revoke(self, who: str, of: str, theme: str) -> None:
        them = self.world.people[of]
        theirs = [skill for skill in them.skills if skill.theme == theme]
        if theirs:
            skill = self.stage.run(self.latest_skill(them, theme))
            self.does(
                who,
                lambda by: self.world.revoke(by, them, theirs[-1]),
                lambda ctx: recognition.revoke_skill(ctx, skill),
            )

    @rule(who=drawn.moderators, of=drawn.suspended, suspended=yes_or_no)
    def suspend(self, who: str, of: str, suspended: bool) -> None:
        them = self.world.people[of]
        self.does(
            who,
            lambda by: self.world.suspend(by, them, suspended=suspended),
            lambda ctx: moderation.suspend_citizen(ctx, self.citizen(them), suspended=suspended, reason="Un essai."),
        )

    @rule(who=drawn.unverified)
    def verify(self, who: str) -> None:
        self.does(who, self.world.verify, verify)

    @rule(who=drawn.leaving, sure=yes_or_no)
    def delete_account(self, who: str, sure: bool) -> None:
        password = PASSWORD if sure else "une autre phrase de passe"
        if self.does(
            who,
            lambda by: self.world.leave_for_good(by, sure=sure),
            lambda ctx: erasure.delete_account(ctx, password=password),
        ):
            self.gone[who] = self.stage.citizens[who]
            self.stage.citizens[who] = self.stage.run(self.whoever_is_new())

    @about_an_event
    @rule(which=which, moment=drawn.moments)
    def time_passes(self, which: int, moment: str) -> None:
        self.until(drawn.MOMENTS[moment](self.event(which)))
