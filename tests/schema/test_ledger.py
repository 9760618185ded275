"""Ledgers as clients meet them: what is shown of an entry is read, and no more."""

from datetime import timedelta

from resolvers import desk, participations
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

LEDGER = '{ citizen(handle: "nath") { ledger(first: 50) { edges { cursor node { %s } } } } }'
THROUGH_PARTICIPATION = (
    '{ citizen(handle: "nath") { participations { edges { node { pointsAwarded ledgerEntry { %s } } } } } }'
)
FIELDS = (
    *("id", "kind", "occurredAt", "basePoints", "multiplier", "points", "balance", "policyVersion"),
    *("citizen { handle }", "event { title }", "participation { status }", "theme { code }", "reverses { points }"),
    "computation { stars minutes skillFactor repeatFactor repeats reason }",
    "explanation(locale: EN)",
)


async def history(town: Town, clock: Clock) -> Context:
    """Somebody who was at three events: one isn't listed, one award was taken back."""
    nath, organizer = await town.citizen("nath", level=3), await town.citizen()
    organization = (await town.organization(organizer)).id
    for number in range(3):
        event = await town.event(organizer, organization, starts_at=clock() + timedelta(days=1))
        await town.attend(nath, event)
        clock.now = event.details.ends_at
        if number == 1:
            await participations.set_listed(nath, event.id, listed=False)
        if number == 2:
            await desk.confirm_attendance(organizer, event.id, attended=[], absent=[me(nath)])
    return nath


async def test_each_field_of_an_entry_says_alone_what_it_says_among_others(
    ask: Ask, town: Town, clock: Clock, nobody: Context
) -> None:
    nath = await history(town, clock)

    for asker in (nath, nobody):
        for query, count in ((LEDGER, 5), (THROUGH_PARTICIPATION, 1)):
            together = (await ask(asker, query % " ".join(FIELDS)))["citizen"]
            alone = [(await ask(asker, query % field))["citizen"] for field in FIELDS]

            [many] = together.values()
            assert len(many["edges"]) == count
            for field, of in zip(FIELDS, alone, strict=True):
                name = field.partition(" ")[0].partition("(")[0]
                assert edges(of, name) == edges(together, name), field


def edges(citizen: dict[str, dict[str, list[dict[str, object]]]], name: str) -> list[object]:
    """What a field of each entry says, and where that stands."""
    [found] = citizen.values()
    nodes = [edge["node"] for edge in found["edges"]]
    entries = [node.get("ledgerEntry", node) for node in nodes]  # type: ignore[attr-defined]  # an object
    return [(edge.get("cursor"), entry[name]) for edge, entry in zip(found["edges"], entries, strict=True)]


async def test_what_is_not_listed_shows_its_points_alone_to_others_whatever_is_asked(
    ask: Ask, town: Town, clock: Clock, nobody: Context
) -> None:
    await history(town, clock)

    shown = (await ask(nobody, LEDGER % "basePoints points multiplier"))["citizen"]["ledger"]["edges"]

    assert [edge["node"]["basePoints"] for edge in shown] == [edge["node"]["points"] for edge in shown]
    assert {edge["node"]["multiplier"] for edge in shown} == {1.0}
