"""A country to look through: citizens, organisations, events and what people did, by the million, drawn in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass

WORDS = (
    "atelier", "balade", "barcamp", "bibliothèque", "budget", "café", "chœur", "collecte", "concert", "conseil",
    "débat", "école", "élection", "exposition", "forum", "hackathon", "jardin", "lecture", "marché", "mobilité",
    "numérique", "participatif", "quartier", "recyclage", "rencontre", "réparation", "solidaire", "théâtre", "vélo", "ville",
)  # fmt: skip
RARE = "mot"
"""What the twenty thousand words begin with that hardly any event has: there are many in a language."""
THEMES = ("CULTURE", "SOLIDARITY", "TRANSPORT", "SUSTAINABLE_DEVELOPMENT", "PUBLIC_ADMINISTRATION", "ECONOMY")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each."""

    citizens: int
    events: int
    entries: int


def statements(size: Size) -> Iterator[tuple[str, str]]:
    """What to tell a person, and what to execute; the same rows each time."""
    words = "ARRAY[" + ", ".join(f"'{word}'" for word in WORDS) + "]"
    themes = "ARRAY[" + ", ".join(f"'{theme}'" for theme in THEMES) + "]"
    word = f"({words})[1 + floor(random() * {len(WORDS)})::int]"
    place = "(SELECT array_agg(code ORDER BY code) FROM territory WHERE code ~ '^FR-[0-9]')"
    yield "seeding chance", "SELECT setseed(0.44)"
    yield (
        "citizens",
        f"""
        INSERT INTO citizen (id, handle, visibility, discoverable, adult, member_since, full_name, bio, territory_code,
            talents)
        SELECT gen_random_uuid(), 'x' || substr(md5((n % 5000)::text), 1, 8) || '-' || n, (ARRAY['PUBLIC', 'PSEUDONYMOUS', 'HIDDEN'])[1 + n % 10 / 4],
            random() < 0.4, true, date '2026-01-01' - (random() * 900)::int, {word} || ' ' || {word},
            {word} || ' ' || {word}, p.codes[1 + floor(random() * cardinality(p.codes))::int], ARRAY[{word}]
        FROM generate_series(1, {size.citizens}) n, LATERAL (SELECT {place} AS codes OFFSET 0) p
        """,
    )
    yield (
        "totals",
        """
        INSERT INTO citizen_total (citizen_id, points, earned_points, entries)
        SELECT id, 0, (random() * random() * 9000)::int, 0 FROM citizen
        """,
    )
    yield (
        "organisations",
        f"""
        INSERT INTO organization (id, slug, name, kind, description, territory_code, verified_at, created_at)
        SELECT gen_random_uuid(), 'organization-' || n, {word} || ' ' || {word} || ' ' || n, 'ASSOCIATION', {word},
            p.codes[1 + floor(random() * cardinality(p.codes))::int], now(), now()
        FROM generate_series(1, {size.events // 20}) n, LATERAL (SELECT {place} AS codes OFFSET 0) p
        """,
    )
    yield (
        "events",
        f"""
        INSERT INTO event (id, slug, title, description, status, format, starts_at, ends_at, time_zone, venue_city,
            latitude, longitude, territory_code, themes, engagement, capacity, worth, sought_talents, organization_id,
            by_verified, check_in_secret, created_at, updated_at, published_at)
        SELECT gen_random_uuid(), 'event-' || n, {word} || ' ' || {word} || ' ' || {word},
            {word} || ' ' || {word} || ' {RARE}' || floor(random() * 20000) || ' {RARE}' || floor(random() * 20000), 'PUBLISHED', 'IN_PERSON', at,
            at + interval '3 hours', 'Europe/Paris', 'Ville ' || n % 500, 43 + random() * 7, -2 + random() * 8,
            p.codes[1 + floor(random() * cardinality(p.codes))::int], ARRAY[({themes})[1 + n % 6]], 1 + n % 5,
            CASE WHEN n % 3 = 0 THEN 30 END, 10 * (1 + floor(random() * 60))::int, ARRAY[{word}],
            o.ids[1 + floor(random() * cardinality(o.ids))::int], true, '\\x00', now(), now() - random() * interval '1 year', now()
        FROM generate_series(1, {size.events}) n,
            LATERAL (SELECT timestamptz '2026-01-01' + random() * interval '700 days' + n * interval '0') t(at),
            LATERAL (SELECT {place} AS codes OFFSET 0) p,
            LATERAL (SELECT array_agg(id) AS ids FROM organization OFFSET 0) o
        """,
    )
    yield (
        "what people did",
        f"""
        INSERT INTO activity (citizen_id, entry_id, theme, participation_id, territory_code, occurred_at, points, listed)
        SELECT c.ids[1 + floor(random() * cardinality(c.ids))::int], e.id, theme, e.id,
            e.place, e.at, e.points, e.listed
        FROM (
            SELECT gen_random_uuid() AS id, 10 * (1 + floor(random() * 40))::int AS points, random() < 0.9 AS listed,
                p.codes[1 + floor(random() * cardinality(p.codes))::int] AS place,
                now() - random() * interval '3 years' AS at, ({themes})[1 + n % 6] AS one
            FROM generate_series(1, {size.entries}) n, LATERAL (SELECT {place} AS codes OFFSET 0) p
        ) e, LATERAL (VALUES (e.one), ('')) each(theme), LATERAL (SELECT array_agg(id) AS ids FROM citizen OFFSET 0) c
        """,
    )
