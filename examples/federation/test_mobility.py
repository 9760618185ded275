"""What the mobility subgraph answers by itself."""

from datetime import UTC, datetime, time, timedelta

from .mobility.offers import Offer, Offers
from .mobility.schema import Context, schema
from .mobility.timetables import Network, Stop, distance, journeys, last_before

STOP = Stop("Tram A", "Bouffay", 47.2144, -1.5529, first=time(5), last=time(23, 55), every=8)
CANTINE = {"latitude": 47.2150, "longitude": -1.5560}
EVENING = datetime(2026, 9, 1, 16, 30, tzinfo=UTC)  # half past six in Nantes


def network(*stops: Stop) -> Network:
    return Network("N", "Network", "https://n.example.org/", "FR-44", "Loire-Atlantique", 1, stops)


def test_the_last_vehicle_is_the_one_that_comes_before_and_never_earlier_than_the_first() -> None:
    assert last_before(STOP, EVENING) == datetime(2026, 9, 1, 16, 28, tzinfo=UTC)
    assert last_before(STOP, datetime(2026, 9, 1, 2, 59, tzinfo=UTC)) is None


def test_one_is_there_in_time_and_the_shortest_walk_comes_first() -> None:
    near = Stop("Bus 1", "Here", 47.2151, -1.5560, first=time(5), last=time(23), every=10)
    far = Stop("Bus 2", "Elsewhere", 47.3, -1.5, first=time(5), last=time(23), every=10)

    found = journeys([network(STOP, near, far)], by=EVENING, **CANTINE)

    assert [each.stop.line for each in found] == ["Bus 1", "Tram A"]
    assert all(each.arrives_at + timedelta(minutes=each.walk_minutes) <= EVENING for each in found)


def test_of_a_line_the_nearest_stop_counts() -> None:
    nearer = Stop("Tram A", "Here", 47.2151, -1.5560, first=time(5), last=time(23), every=10)
    assert [each.stop.name for each in journeys([network(STOP, nearer)], by=EVENING, **CANTINE)] == ["Here"]


def test_distances_are_those_of_the_earth() -> None:
    assert round(distance(48.8566, 2.3522, 47.2184, -1.5536) / 1000) == 343  # Paris to Nantes


async def ask(query: str, **variables: object) -> object:
    offers = Offers([Offer("1", citizen="citizen_1", event="barcamp", meeting_point="Bouffay", bikes=2)])
    answer = await schema.execute(query, variable_values=variables, context_value=Context(offers))
    assert not answer.errors
    return answer.data


async def test_a_gateway_gets_what_it_asks_with_what_was_required() -> None:
    event = {"__typename": "Event", "slug": "barcamp", "startsAt": "2026-09-01T16:30:00Z", "venue": CANTINE}
    answer = await ask(
        """query($of: [_Any!]!) { _entities(representations: $of) {
          ... on Event { publicTransport { line network { territory { name } } } bikeOffers { bikes } } } }""",
        of=[event, {"__typename": "Event", "slug": "online", "startsAt": "2026-09-01T16:30:00Z", "venue": None}],
    )
    told = {"name": "Loire-Atlantique"}
    lines = [{"line": line, "network": {"territory": told}} for line in ("Tram A", "Tram B")]
    assert answer == {
        "_entities": [
            {"publicTransport": lines, "bikeOffers": [{"bikes": 2}]},
            {"publicTransport": [], "bikeOffers": []},
        ]
    }


async def test_an_offer_names_the_citizen_and_the_event_by_their_keys() -> None:
    answer = await ask('{ bikeOffer(id: "1") { citizen { id } event { slug } } none: bikeOffer(id: "2") { id } }')
    assert answer == {"bikeOffer": {"citizen": {"id": "citizen_1"}, "event": {"slug": "barcamp"}}, "none": None}
