"""Searching events by words: what each search must find, in the order of relevance, and what it must not."""

from datetime import timedelta

import pytest

from db.engine import Database
from domain.filters import EventFilter, EventOrder
from domain.paging import Window
from resolvers import events
from resolvers.context import Context
from tests.clock import START
from tests.rows import citizen_row, event_row, keep

AGENDA = {
    "choir": ("Chœur d’été", "Chanter ensemble, sans rien savoir du solfège.", "Nantes"),
    "market": ("Marché solidaire", "Producteurs et associations du quartier vous accueillent.", "Angers"),
    "budget": ("Débat sur le budget participatif", "Comment la ville décide de ses dépenses.", "Rezé"),
    "walk": ("Balade à vélo", "Du parc des Capucins au bord de l’Èvre, à bicyclette.", "Saint-Herblain"),
    "library": ("Réouverture de la bibliothèque", "Visite guidée des rayons, lectures pour enfants.", "Nantes"),
    "coding": ("Atelier de programmation", "Apprendre à coder ; l’association prête les ordinateurs.", "Nantes"),
    "election": (
        "Élections municipales : mode d’emploi",
        "Qui vote, où et comment ? Les électeurs répondent.",
        "Vertou",
    ),
    "garden": ("Jardin partagé", "Planter, arroser, récolter : les jardiniers cherchent des bras.", "Orvault"),
    "repair": ("Repair Café", "Réparer plutôt que jeter. Les bénévoles vous aident.", "Saint-Nazaire"),
    "council": ("Conseil de quartier", "Les habitants et la mairie parlent de la voirie et du vélo.", "Nantes"),
}


@pytest.fixture
async def agenda(empty: Database) -> None:
    """Ten events, each a day after the one before."""
    somebody = citizen_row()
    await keep(empty, somebody)
    rows = []
    for day, (slug, (title, description, city)) in enumerate(AGENDA.items(), start=1):
        starts_at = START + timedelta(days=day)
        told = {"title": title, "description": description, "venue_city": city}
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
        rows.append(event_row(somebody.id, slug=slug, **told, **times))
    await keep(empty, *rows)


async def found(ctx: Context, search: str, *, order: EventOrder = EventOrder.RELEVANCE) -> list[str]:
    where = EventFilter(search=search)
    page = await events.events(ctx, where, order=order, window=Window(100))
    assert await events.event_total(ctx, where) == len(page.items)
    return [placed.item.slug for placed in page.items]


WORDS = [
    # accents, capitals, ligatures, apostrophes
    ("choeur", ["choir"]),
    ("CHŒUR", ["choir"]),
    ("chœurs", ["choir"]),
    ("ete", ["choir"]),
    ("l'été", ["choir"]),
    ("d’ete", ["choir"]),
    ("bibliotheque", ["library"]),
    ("BIBLIOTHÈQUES", ["library"]),
    ("evre", ["walk"]),
    ("reze", ["budget"]),
    # French stems: plural, feminine, verbs
    ("marchés", ["market"]),
    ("solidaires", ["market"]),
    ("débats", ["budget"]),
    ("chante", ["choir"]),
    ("planté", ["garden"]),
    ("jardins", ["garden"]),
    ("électeur", ["election"]),
    ("élection", ["election"]),
    ("municipale", ["election"]),
    ("bénévole", ["repair"]),
    ("répare", ["repair"]),
    ("ordinateur", ["coding"]),
    ("habitant", ["council"]),
    # titles before places before descriptions
    ("vélo", ["walk", "council"]),
    ("association", ["coding", "market"]),
    ("quartier", ["council", "market"]),
    # places
    ("angers", ["market"]),
    ("saint-nazaire", ["repair"]),
    ("Saint Herblain", ["walk"]),
    # several words: all of them; OR, quotes and minus are understood
    ("débat budget", ["budget"]),
    ("budget débat ville", ["budget"]),
    ("nantes bibliothèque", ["library"]),
    ("bibliothèque angers", []),
    ("bibliothèque or jardin", ["garden", "library"]),
    ('"budget participatif"', ["budget"]),
    ('"participatif budget"', []),
    ("vélo -balade", ["council"]),
    ("le débat sur la ville", ["budget"]),
    # a letter wrong, missing, too many, or in the place of its neighbour
    ("bibliothèqe", ["library"]),
    ("biblioteque", ["library"]),
    ("bibliohtèque", ["library"]),
    ("jardinn", ["garden"]),
    ("jradin", ["garden"]),
    ("budgat", ["budget"]),
    ("angres", ["market"]),
    ("débat budgte", ["budget"]),
    ("jardim -vertou", ["garden"]),
    ("jardim -orvault", []),
    ("velu", ["walk"]),
    # … but not where a word is as it should be somewhere, two letters wrong, or too short to tell
    ("marche", ["market"]),
    ("bubgat", []),
    ("ita", []),
    ('"budget participatir"', []),
    # nothing to look for
    ("rien de tel", []),
    ("%", []),
    ("'; DROP TABLE event; --", []),
    ("' & | ! ( ) :* <->", []),
    ("\\", []),
    ("🚲", []),
]


@pytest.mark.parametrize(("search", "expected"), WORDS)
async def test_words_find_what_they_must_and_nothing_else(
    agenda: None, nobody: Context, search: str, expected: list[str]
) -> None:
    assert await found(nobody, search) == expected


async def test_other_orders_find_the_same(agenda: None, nobody: Context) -> None:
    for search, expected in WORDS:
        for order in (EventOrder.STARTS_AT_ASC, EventOrder.POINTS_DESC):
            assert sorted(await found(nobody, search, order=order)) == sorted(expected), search


async def test_misspelt_words_are_paged_like_others_and_stay_misspelt_behind_the_last_page(
    agenda: None, nobody: Context
) -> None:
    """A page beyond the end is empty, not filled with what is a letter off."""
    exact, misspelt = EventFilter(search="nantes"), EventFilter(search="nanets")
    for where in (exact, misspelt):
        seen: list[str] = []
        window = Window(2)
        while True:
            page = await events.events(nobody, where, order=EventOrder.STARTS_AT_ASC, window=window)
            seen += [placed.item.slug for placed in page.items]
            if not page.items:
                break
            window = Window(2, after=page.items[-1].place)
        assert seen == ["choir", "library", "coding", "council"]
