"""An attribute of many rows at once is what each says."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from db.engine import Database
from db.models import Event, SkillHolding
from db.queries.citizens import by_id
from db.queries.participations import history, participants
from db.rows import attributes, value_of
from domain.events import EventStatus
from domain.filters import EVERY_PARTICIPATION
from domain.ids import CitizenId, EventId
from domain.paging import Window
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.skills import SkillSource
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import citizen_row, event_row, keep, organization_row, participation_row


@pytest.fixture
async def attended(empty: Database) -> list[Participation]:
    """The history of somebody who attended an organisation's event, a citizen's, and one that no longer shows."""
    somebody, organization = citizen_row(), organization_row()
    await keep(empty, somebody, organization)
    events = [
        event_row(somebody.id, organization_id=organization.id),
        event_row(somebody.id),
        event_row(somebody.id, status=EventStatus.DRAFT),
    ]
    await keep(empty, *events)
    there = {"status": ParticipationStatus.ATTENDED, "evidence": AttendanceEvidence.ORGANIZER}
    days = [START - timedelta(days=number) for number in range(3)]
    rows = [
        participation_row(somebody.id, each.id, attended_at=day, **there)
        for each, day in zip(events, days, strict=True)
    ]
    await keep(empty, *rows)
    found = await history(empty.reader, None, [CitizenId(somebody.id)], EVERY_PARTICIPATION, Window(10))
    [page] = found.values()
    return [placed.item for placed in page.items]


@pytest.fixture
async def skilled(empty: Database) -> Event:
    """An event that two attended, of whom one holds two skills."""
    holder, other = citizen_row(), citizen_row()
    await keep(empty, holder, other)
    event, known = event_row(holder.id), SkillSource.RECOGNITION
    since = {ThemeCode.ECONOMY: START - timedelta(days=1), ThemeCode.CULTURE: START - timedelta(days=2)}
    held = [SkillHolding(citizen_id=holder.id, theme=on, source=known, acquired_at=at) for on, at in since.items()]
    await keep(empty, event, *held)
    there = {"status": ParticipationStatus.ATTENDED, "evidence": AttendanceEvidence.ORGANIZER, "attended_at": START}
    await keep(empty, *(participation_row(each.id, event.id, **there) for each in (holder, other)))
    return event


def one_by_one(of: Sequence[Any], name: str) -> list[object]:  # Any: whatever has the attribute
    return [getattr(each, name) for each in of]


@pytest.mark.parametrize("name", ["id", "status", "points_awarded", "event", "citizen"])
async def test_attributes_of_rows_are_those_of_each(attended: list[Participation], name: str) -> None:
    assert attributes(attended, name) == one_by_one(attended, name)
    assert attributes(attended[:2], name) == one_by_one(attended[:2], name)
    assert attributes([], name) == []


async def test_what_is_joined_to_some_is_missing_of_the_others(attended: list[Participation]) -> None:
    assert [each is None for each in attributes(attended, "event")] == [False, False, True]


@pytest.mark.parametrize("name", ["id", "organization_id", "details", "kept_worth", "feedback"])
async def test_attributes_of_what_is_joined_are_those_of_each(attended: list[Participation], name: str) -> None:
    events = attributes(attended[:2], "event")

    assert attributes(events, name) == one_by_one(events, name)
    assert attributes(events, "organization_id")[1] is None


async def test_attributes_of_rows_and_values_together_are_those_of_each(attended: list[Participation]) -> None:
    mixed = [attended[0], value_of(Participation, attended[1])]

    assert attributes(mixed, "event") == one_by_one(mixed, "event")


@pytest.mark.parametrize("shown", ["skills_by_theme", "handle"])
async def test_what_is_read_aside_is_that_of_each(empty: Database, skilled: Event, shown: str) -> None:
    window = Window(10, shown=frozenset({f"citizen.{shown}"}))
    [page] = (await participants(empty.reader, None, [EventId(skilled.id)], window)).values()
    joined = attributes([each.item for each in page.items], "citizen")
    rows = list((await by_id(empty.reader, None, attributes(joined, "id"), frozenset({shown}))).values())

    for of in (joined, rows):
        found = attributes(of, "skills_by_theme")
        assert found == one_by_one(of, "skills_by_theme")
        known = [[skill.theme for skill in each] for each in found if each is not None]
        in_order = [ThemeCode.CULTURE, ThemeCode.ECONOMY]
        assert sorted(known) == ([[], in_order] if shown == "skills_by_theme" else [])
