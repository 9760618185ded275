"""Influents in plain Python, as the product is described: what people may do, and what comes of it.

Nothing here asks the service: where the two disagree, one of them is wrong. Codes are those that clients get.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.laws import points
from tests.laws.facts import SEATED, WEIGHTY, Entry, Event, Organization, Person, Place, Refused, Skill, need


@dataclass(eq=False)
class World:
    """Everybody and everything; each method is what somebody does, or a `Refused`."""

    now: datetime
    people: dict[str, Person]
    organizations: dict[str, Organization]
    events: list[Event] = field(default_factory=list)

    def propose(self, event: Event, *, submit: bool) -> None:
        wrong = set()
        if submit and event.starts <= self.now:
            wrong.add("OUT_OF_RANGE")
        if event.organization and not event.organized_by(event.proposer):
            wrong.add("NOT_ALLOWED")
        if wrong:
            raise Refused(*wrong)
        if submit:
            self._submitted(event)
        self.events.append(event)

    def submit(self, who: Person, event: Event) -> None:
        self._as_organizer(who, event)
        need(event.status in ("DRAFT", "REJECTED"), "EVENT_CLOSED")
        need(self.now < event.starts, "OUT_OF_RANGE")
        self._submitted(event)

    def review(self, who: Person, event: Event, *, publish: bool) -> None:
        need(who.moderator and not event.concerns(who), "FORBIDDEN")
        need(event.status == "SUBMITTED", "EVENT_CLOSED")
        event.status = "PUBLISHED" if publish else "REJECTED"
        event.was_published |= publish
        event.by_verified = self._verified(event)

    def update(self, who: Person, event: Event, name: str, value: object) -> None:
        self._as_organizer(who, event)
        need(event.status != "CANCELLED", "EVENT_CLOSED")
        if getattr(event, name) == value:
            return
        starts, ends = value if name == "times" and isinstance(value, tuple) else event.times
        wrong = set()
        if event.status == "COMPLETED" and name != "title":
            wrong.add("EVENT_CLOSED")
        elif event.earned_somebody and name in WEIGHTY:
            wrong.add("CONFLICT")
        if name == "capacity" and isinstance(value, int) and value < event.taken():
            wrong.add("OUT_OF_RANGE")
        if event.status in ("SUBMITTED", "PUBLISHED") and name == "times" and min(starts, ends) <= self.now:
            wrong.add("OUT_OF_RANGE")
        if wrong:
            raise Refused(*wrong)
        if event.status == "PUBLISHED" and name in WEIGHTY and not self._verified(event):
            need(self.now < starts, "OUT_OF_RANGE")
            event.status, event.by_verified = "SUBMITTED", False
        setattr(event, name, value)
        if name == "capacity":
            self._move_line(event)

    def cancel(self, who: Person, event: Event) -> None:
        self._as_organizer(who, event)
        need(event.status in ("DRAFT", "SUBMITTED", "PUBLISHED"), "EVENT_CLOSED")
        need(self.now < event.ends, "EVENT_OVER")
        self._call_off(event)

    def complete(self, who: Person, event: Event) -> None:
        self._as_organizer(who, event)
        if event.status != "COMPLETED":
            need(event.status == "PUBLISHED", "EVENT_CLOSED")
            need(self.now >= event.ends, "TOO_EARLY")
            self._complete(event)

    def complete_what_was_left_open(self) -> None:
        for event in self.events:
            if event.status == "PUBLISHED" and self.now >= event.ends + timedelta(days=7):
                self._complete(event)

    def annul(self, who: Person, event: Event) -> None:
        need(who.moderator and not event.concerns(who), "FORBIDDEN")
        need(event.status == "COMPLETED", "EVENT_CLOSED")
        self._call_off(event)

    def publish_outcome(self, who: Person, event: Event) -> None:
        self._as_organizer(who, event)
        need(event.status in ("PUBLISHED", "COMPLETED"), "EVENT_CLOSED")
        need(self.now >= event.ends, "TOO_EARLY")

    def register(self, who: Person, event: Event) -> None:
        place = self._seen(who, event).places.get(who)
        if place is not None and place.status != "CANCELLED":
            return
        need(event.status != "COMPLETED", "EVENT_OVER")
        need(event.status == "PUBLISHED", "EVENT_CLOSED")
        need(self.now < event.ends, "EVENT_OVER")
        need(not event.concerns(who), "NOT_ALLOWED")
        full = event.capacity is not None and event.taken() >= event.capacity
        fresh = Place("WAITLISTED" if full else "REGISTERED", self.now)
        if place is not None:
            fresh.answered, fresh.listed = place.answered, place.listed
        event.places[who] = fresh

    def give_up(self, who: Person, event: Event) -> None:
        place = self._own_place(who, self._seen(who, event))
        need(place.status not in ("ATTENDED", "NO_SHOW"), "NOT_ALLOWED")
        if place.status != "CANCELLED":
            need(self.now < event.ends, "EVENT_OVER")
            place.status, place.withdrawn = "CANCELLED", True
            self._move_line(event)

    def check_in(self, who: Person, event: Event, *, right: bool) -> None:
        place = self._seen(who, event).places.get(who)
        if place is not None and place.status == "ATTENDED":
            return
        need(event.status in ("PUBLISHED", "COMPLETED"), "EVENT_CLOSED")
        need(place is not None and place.status == "REGISTERED" and not event.concerns(who), "NOT_ALLOWED")
        need(self.now >= event.starts - timedelta(minutes=30), "TOO_EARLY")
        need(self.now <= event.ends + timedelta(hours=2), "TOO_LATE")
        until = event.braked_until.get(who)
        need(until is None or self.now >= until, "RATE_LIMITED")
        if not right:
            wrong = event.wrong_codes[who] = event.wrong_codes.get(who, 0) % 10 + 1
            if wrong == 10:
                event.braked_until[who] = self.now + timedelta(minutes=15)
            raise Refused("WRONG_CODE")
        event.wrong_codes.pop(who, None)
        self._attend(who, event)
        self._reconsider_all()

    def settle(self, who: Person, event: Event, attended: Collection[Person], absent: Collection[Person]) -> None:
        """The organisers' desk."""
        self._as_organizer(who, event)
        need(event.status in ("PUBLISHED", "COMPLETED"), "EVENT_CLOSED")
        need(self.now >= event.starts - timedelta(minutes=30), "TOO_EARLY")
        need(self.now <= event.ends + timedelta(days=30), "TOO_LATE")
        wrong = set()
        for person in (*attended, *absent):
            place = event.places.get(person)
            if person.gone or place is None:
                wrong.add("NOT_FOUND")
            elif place.withdrawn:
                wrong.add("NOT_ALLOWED")
            elif person in attended and person in absent:
                wrong.add("CONFLICT")
        if event.capacity is not None:
            here = {person for person in attended if not person.gone and person in event.places}
            left = {person for person in absent if not person.gone and person in event.places}
            seated = {person for person, place in event.places.items() if place.status in SEATED}
            if here - seated and len((seated - left) | (here - seated)) > event.capacity:
                wrong.add("CONFLICT")
        if wrong:
            raise Refused(*wrong)
        for person in absent:
            event.places[person].status = "NO_SHOW"
            points.take_back(person, event, self.now)
        for person in attended:
            self._attend(person, event)
        self._reconsider_all()
        self._move_line(event)

    def leave_feedback(self, who: Person, event: Event) -> None:
        place = self._seen(who, event).places.get(who)
        need(event.status in ("PUBLISHED", "COMPLETED"), "EVENT_CLOSED")
        need(place is not None and place.status == "ATTENDED", "NOT_ALLOWED")
        need(self.now >= event.ends, "TOO_EARLY")
        need(self.now <= event.ends + timedelta(days=90), "TOO_LATE")
        own = self._own_place(who, event)
        need(not own.answered, "ALREADY_DONE")
        own.answered = True

    def set_listed(self, who: Person, event: Event, *, listed: bool) -> None:
        self._own_place(who, event).listed = listed

    def adjust(self, who: Person, of: Person, number: int) -> None:
        need(who.moderator, "FORBIDDEN")
        need(number != 0, "OUT_OF_RANGE")
        need(of is not who, "NOT_ALLOWED")
        need(not of.gone, "NOT_FOUND")
        of.ledger.append(Entry("ADJUSTMENT", number))

    def recognize(self, who: Person, by: Organization, of: Person, theme: str) -> None:
        need(who in by.members, "FORBIDDEN")
        need(not of.gone, "NOT_FOUND")
        wrong = set()
        if not by.verified or of in by.members:
            wrong.add("NOT_ALLOWED")
        if not who.verified:
            wrong.add("EMAIL_NOT_VERIFIED")
        if of.holds(theme):
            wrong.add("ALREADY_DONE")
        if wrong:
            raise Refused(*wrong)
        of.skills.append(Skill(theme, "RECOGNITION", self.now))

    def revoke(self, who: Person, of: Person, skill: Skill) -> None:
        need(who.moderator, "FORBIDDEN")
        need(skill.lost is None and of is not who and not of.gone, "NOT_FOUND")
        need(skill.source == "RECOGNITION", "NOT_ALLOWED")
        skill.lost = self.now

    def suspend(self, who: Person, of: Person, *, suspended: bool) -> None:
        need(who.moderator, "FORBIDDEN")
        need(of is not who, "NOT_ALLOWED")
        need(not of.gone, "NOT_FOUND")
        of.suspended = suspended

    def verify(self, who: Person) -> None:
        need(not who.verified, "ALREADY_DONE")
        who.verified = True
        self._reconsider_all()

    def leave_for_good(self, who: Person, *, sure: bool) -> None:
        need(sure, "WRONG_CREDENTIALS")
        deserted = [each for each in self.organizations.values() if each.members == [who]]
        for each in self.organizations.values():
            each.members = [member for member in each.members if member is not who]
        who.gone = True
        for event in self.events:
            place = event.places.get(who)
            if place is not None and place.status in ("REGISTERED", "WAITLISTED"):
                place.status = "CANCELLED"
        for event in list(self.events):
            own = event.organization is None and event.proposer is who
            ahead = event.status in ("SUBMITTED", "PUBLISHED") and self.now < event.ends and event.was_published
            if own and not event.was_published:
                self.events.remove(event)
            elif ahead and (own or event.organization in deserted):
                self._call_off(event)
            elif who in event.places:
                self._move_line(event)

    def acting(self, who: Person) -> None:
        """Whoever does anything has an account, and it isn't suspended."""
        need(not who.gone and not who.suspended, "UNAUTHENTICATED")

    def _seen(self, who: Person, event: Event) -> Event:
        open_to_all = event.status in ("PUBLISHED", "COMPLETED") or (
            event.status == "CANCELLED" and event.was_published
        )
        need(open_to_all or who.moderator or event.organized_by(who) or who in event.places, "NOT_FOUND")
        return event

    def _as_organizer(self, who: Person, event: Event) -> None:
        need(self._seen(who, event).organized_by(who), "FORBIDDEN")

    def _own_place(self, who: Person, event: Event) -> Place:
        place = event.places.get(who)
        if place is None:
            raise Refused("NOT_FOUND")
        return place

    def _verified(self, event: Event) -> bool:
        return event.organization is not None and event.organization.verified

    def _submitted(self, event: Event) -> None:
        event.by_verified = self._verified(event)
        event.status = "PUBLISHED" if event.by_verified else "SUBMITTED"
        event.was_published |= event.by_verified

    def _move_line(self, event: Event) -> None:
        """Until the start, a seat that is free goes to the first in line."""
        if self.now >= event.starts or event.status in ("CANCELLED", "COMPLETED"):
            return
        line = [place for place in event.places.values() if place.status == "WAITLISTED"]
        for place in sorted(line, key=lambda place: place.queued):
            if event.capacity is None or event.taken() < event.capacity:
                place.status = "REGISTERED"

    def _attend(self, who: Person, event: Event) -> None:
        event.places[who].status = "ATTENDED"
        event.earned_somebody = True
        points.attend(who, event, self.now)

    def _complete(self, event: Event) -> None:
        closed = {"REGISTERED": "NO_SHOW", "WAITLISTED": "CANCELLED"}
        for place in event.places.values():
            place.status = closed.get(place.status, place.status)
        event.status = "COMPLETED"
        self._reconsider_all()

    def _call_off(self, event: Event) -> None:
        event.status = "CANCELLED"
        for person, place in event.places.items():
            place.status = "CANCELLED"
            points.take_back(person, event, self.now)
        self._reconsider_all()

    def _reconsider_all(self) -> None:
        """What organising brings hangs on what others attend, anywhere."""
        for event in self.events:
            points.reconsider(event, self.now)
