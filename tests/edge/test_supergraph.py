"""Influents and two partners behind gateways that others wrote: each knows its part, and one answer comes of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest

from domain.accounts import ProfileVisibility
from domain.events import Event
from domain.permissions import signed_in
from examples.federation.labels.schema import Labels
from examples.federation.mobility.offers import Offer, Offers
from influents.subscriptions.carrying import carrying
from resolvers import participations
from resolvers.context import Context, Services
from schema.ids import Kind, seal
from tests.factories import Town
from tests.gateways import Gateway, gateway
from tests.nodejs import run_script
from tests.recorder import recorded
from tests.watching import arrived, watched

pytestmark = pytest.mark.xdist_group("gateways")
GATEWAYS = {"apollo": ("apollo-gateway.mjs", "apollo"), "hive": ("hive-gateway.mjs", "guild")}
EVENTS = """{ events { edges { node { title
  publicTransport { line walkMinutes network { name territory { name } } }
  bikeOffers { bikes citizen { handle influence { level } } } } } } }"""


@dataclass(frozen=True)
class Crowd:
    """Who there is: nath lends bikes for the way to every event of an organisation that holds the label."""

    nath: Context
    hidden: Context
    events: list[Event]
    organization: str

    def offers(self) -> Offers:
        by = [self.id(self.nath), self.id(self.hidden), "nonsense"]
        many = [Offer(str(number), by[0], event.slug, "Bouffay", 2) for number, event in enumerate(self.events)]
        return Offers([*many, *(Offer(f"by-{number}", each, "none", "Bouffay", 1) for number, each in enumerate(by))])

    def labels(self) -> Labels:
        days = {self.organization: date(2026, 1, 1), self.id(self.nath): date(2026, 2, 2)}
        return Labels(days | {self.id(self.hidden): date(2026, 3, 3)})

    @staticmethod
    def id(ctx: Context) -> str:
        return seal(Kind.CITIZEN, signed_in(ctx.viewer).citizen_id)


@pytest.fixture
async def crowd(town: Town) -> Crowd:
    owner = await town.citizen("maelle")
    organization = await town.organization(owner, "DemoTIC")
    events = [await town.event(owner, organization.id) for _ in range(12)]
    hidden = await town.citizen("secretive", visibility=ProfileVisibility.HIDDEN)
    return Crowd(await town.citizen("nath", level=3), hidden, events, seal(Kind.ORGANIZATION, organization.id))


@pytest.fixture(scope="module", params=list(GATEWAYS))
async def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """Each gateway, once for all tests: each test puts its own services behind it."""
    script, composer = GATEWAYS[request.param]
    async with gateway(script, composer, tmp_path_factory.mktemp("supergraph")) as running:
        yield running


@pytest.fixture
def through(started: Gateway, crowd: Crowd, services: Services) -> Gateway:
    started.serve(services, offers=crowd.offers(), labels=crowd.labels())
    return started


async def test_each_knows_its_part_and_is_asked_once_for_each_type(
    through: Gateway, crowd: Crowd, services: Services
) -> None:
    with recorded(services.database) as statements:
        answer = await through.ask(EVENTS)

    assert "errors" not in answer
    shown = [edge["node"] for edge in answer["data"]["events"]["edges"]]
    assert len(shown) == len(crowd.events)
    deux_rives = {"name": "Réseau des Deux-Rives", "territory": {"name": "Loire-Atlantique"}}
    assert shown[0]["publicTransport"] == [
        {"line": line, "walkMinutes": 3, "network": deux_rives} for line in ("Tram A", "Tram B")
    ]
    assert shown[0]["bikeOffers"] == [{"bikes": 2, "citizen": {"handle": "nath", "influence": {"level": 3}}}]
    # We are asked for the events, and once more for all citizens; the partner once, for all events.
    assert (len(through.influents.requests), len(through.influents.entities)) == (2, 1)
    assert [len(batch) for batch in through.mobility.entities] == [len(crowd.events)]
    # what `requires` names comes along, whatever else was asked
    assert set(through.mobility.entities[0][0]) == {"__typename", "slug", "startsAt", "venue"}
    assert len(statements) == 2, statements  # events; citizens with their totals


async def test_partners_lead_to_us_and_we_to_them(through: Gateway, crowd: Crowd) -> None:
    answer = await through.ask(
        """{ greenOrganizers { __typename id name greenLabel { since } }
             organization(slug: "demotic") { name greenLabel { since } }
             event(slug: "barcamp-datajournalisme") { organizer { name greenLabel { since } } }
             territory(code: "FR-44") { name cycleLaneKm }
             bikeOffer(id: "0") { event { title points } } }"""
    )

    assert "errors" not in answer
    since = {"since": "2026-01-01"}
    assert answer["data"] == {
        "greenOrganizers": [
            {"__typename": "Organization", "id": crowd.organization, "name": "DemoTIC", "greenLabel": since},
            {
                "__typename": "Citizen",
                "id": crowd.id(crowd.nath),
                "name": "nath",
                "greenLabel": {"since": "2026-02-02"},
            },
            None,  # who is hidden
        ],
        "organization": {"name": "DemoTIC", "greenLabel": since},
        "event": {"organizer": {"name": "DemoTIC", "greenLabel": since}},
        "territory": {"name": "Loire-Atlantique", "cycleLaneKm": 684},
        "bikeOffer": {"event": {"title": "Barcamp Datajournalisme", "points": 200}},
    }
    organizers = [batch for batch in through.influents.entities if batch[0]["__typename"] == "Organizer"]
    assert [len(batch) for batch in organizers] == [3]


async def test_what_a_partner_provides_is_not_asked_of_us(through: Gateway) -> None:
    answer = await through.ask("{ transportNetworks { territory { code name } } }")

    assert answer["data"]["transportNetworks"][1] == {"territory": {"code": "FR-35", "name": "Ille-et-Vilaine"}}
    assert through.influents.requests == []


async def test_a_broken_reference_is_an_error_at_its_place_and_a_hidden_one_null(through: Gateway) -> None:
    answer = await through.ask(
        """{ good: bikeOffer(id: "by-0") { citizen { handle } event { title } }
             hidden: bikeOffer(id: "by-1") { bikes citizen { handle } }
             broken: bikeOffer(id: "by-2") { bikes citizen { handle } } }""",
        headers={"Accept-Language": "en"},
    )

    assert answer["data"] == {
        "good": {"citizen": {"handle": "nath"}, "event": None},
        "hidden": {"bikes": 1, "citizen": None},
        "broken": {"bikes": 1, "citizen": None},
    }
    (error,) = answer["errors"]
    assert error["path"] == ["broken", "citizen"]
    assert error["message"] == "That is not an id that Influents gives."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_who_asks_and_their_language_reach_us_and_our_errors_reach_them(
    through: Gateway, crowd: Crowd, services: Services
) -> None:
    viewer = signed_in(crowd.nath.viewer)
    token = services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock()).token
    me = "{ viewer { email citizen { bikeOffers { id } } } }"

    known = await through.ask(me, headers={"Authorization": f"Bearer {token}"})
    refused = await through.ask(me, headers={"Authorization": "Bearer nonsense"})
    french = await through.ask('{ node(id: "nonsense") { id } territory(code: "FR-44") { cycleLaneKm } }')

    assert known["data"]["viewer"]["email"] == "nath@example.org"
    assert len(known["data"]["viewer"]["citizen"]["bikeOffers"]) == len(crowd.events) + 1
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["UNAUTHENTICATED"]
    assert [error["message"] for error in french["errors"]] == [
        "Cet identifiant n’est pas de ceux que donne Influents."
    ]
    assert french["data"] == {"node": None, "territory": {"cycleLaneKm": 684}}


async def test_traces_are_read_by_the_gateway_that_asks_for_them(through: Gateway) -> None:
    query = '{ event(slug: "barcamp-datajournalisme") { title } broken: node(id: "nonsense") { id } }'

    answer = await through.ask(query, headers={"X-Trace": "1"})
    without = await through.ask(query)

    assert "extensions" not in without
    if not through.traces:  # Hive's asks no subgraph for any
        assert "extensions" not in answer
        return
    fetch = answer["extensions"]["queryPlan"]["fetch"]
    assert fetch["serviceName"] == "influents"
    assert not fetch["traceParsingFailed"]
    noted = {each["responseName"]: each for each in fetch["trace"]["root"]["child"]}
    assert noted["event"]["child"][0]["type"] == "String!"
    assert noted["broken"]["error"][0]["message"] == answer["errors"][0]["message"]


@pytest.mark.parametrize("started", ["hive"], indirect=True, scope="module")  # Apollo's takes no subscriptions
async def test_each_change_arrives_with_what_partners_know_of_it(
    through: Gateway, crowd: Crowd, services: Services
) -> None:
    event = crowd.events[0]
    query = """subscription($id: ID!) { event(id: $id) {
      registeredCount publicTransport { line } bikeOffers { citizen { handle } } } }"""
    wanted = {"query": query, "variables": {"id": seal(Kind.EVENT, event.id)}, "wanted": 1}
    url = services.database.engine.url.render_as_string(hide_password=False)

    async with carrying(services, url):
        await arrived(services)
        client = asyncio.create_task(
            run_script("subscriptions.mjs", "graphql-sse", through.url, json.dumps(wanted), "")
        )
        await watched(services, 1)
        await participations.register(crowd.nath, event.id)
        received = (await client)["received"]
        await watched(services, 0)  # the gateway lets go of us as its client does

    lines = [{"line": "Tram A"}, {"line": "Tram B"}]
    offers = [{"citizen": {"handle": "nath"}}]
    assert received == [{"event": {"registeredCount": 1, "publicTransport": lines, "bikeOffers": offers}}]
