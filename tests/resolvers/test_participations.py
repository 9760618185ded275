"""Taking part, on the real database."""

from resolvers import citizens
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from tests.factories import Town


async def test_the_reference_event_brings_200_points(town: Town) -> None:
    organizer = await town.citizen()
    demotic = await town.organization(organizer, "DemoTIC")
    event = await town.event(organizer, demotic.id)
    nath = await town.citizen("nath")

    attended = await town.attend(nath, event)

    assert attended.status is ParticipationStatus.ATTENDED
    assert attended.points_awarded == 200
    influence = await citizens.citizen_influence(nath, signed_in(nath.viewer).citizen_id)
    assert (influence.points, influence.level) == (200, 2)
