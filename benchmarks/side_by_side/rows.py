"""The rows that every server is asked about: the service's own tables, filled in SQL, the same rows each day."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.filling import THEMES, WORDS
from domain.charter import CHARTER_VERSION
from domain.policy import Policy
from domain.words import Locale, Sentence, ThemeCode
from schema.wording import say, theme_label

PEERS = "peers"
"""The schema in the database of what the others read beside our tables: labels, levels, and PostGraphile's views."""
CANCELLED_OR_DRAFT = 25
"""One event in so many, of each, that nobody attended."""
OPEN_EVENTS = 100
"""Events that are under way: one can register for them, and check in."""
SECRET = b"\0" * 32
"""What the check-in codes of those are made from."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of each: events that took place, and participations in these."""

    citizens: int
    events: int
    participations: int

    def __str__(self) -> str:
        return f"{self.citizens:,} citizens, {self.events:,} events, {self.participations:,} participations"

    @property
    def each(self) -> tuple[int, int]:
        """Participations of one who is active, a fifth of all citizens, and of one who isn't."""
        average = self.participations / self.citizens
        return round(average * 3), round(average / 2)

    @property
    def active(self) -> int:
        return self.citizens // 5


def key(kind: str, number: str) -> str:
    """The key of a thing in SQL: it sorts by its number, as the service's own keys sort by when they were made."""
    return f"(lpad(to_hex({number}), 12, '0') || substr(md5('{kind}' || ({number})), 1, 20))::uuid"


def statements(size: Size, policy: Policy) -> Iterator[tuple[str, str]]:
    """What to tell a person, and what to execute."""
    yield "seeding chance", "SELECT setseed(0.44)"
    yield "organisations", _organizations(size)
    yield "citizens", _citizens(size)
    yield "accounts", _accounts(size)
    yield "sessions", _sessions(size)
    yield "events", _events(size)
    yield "participations", _participations(size)
    yield "the ledger", _ledger(policy)
    yield "totals", _totals()
    yield "skills", _skills(size)
    yield "feedback", _feedback()
    for made in _labels(policy):
        yield "what the others read", made
    yield "what PostGraphile reads", _views(policy)


def _word() -> str:
    words = ", ".join(f"'{word}'" for word in WORDS)
    return f"(ARRAY[{words}])[1 + floor(random() * {len(WORDS)})::int]"


def _place(number: str) -> str:
    """A department, by its number in their order; it needs `places`."""
    return f"places.codes[1 + ({number}) % cardinality(places.codes)]"


PLACES = "(SELECT array_agg(code ORDER BY code) AS codes FROM territory WHERE code ~ '^FR-[0-9]') places"


def _organizations(size: Size) -> str:
    return f"""
        INSERT INTO organization (id, slug, name, kind, description, territory_code, verified_at, created_at)
        SELECT {key("organization", "n")}, 'organization-' || n, initcap({_word()}) || ' ' || {_word()} || ' ' || n,
            (ARRAY['ASSOCIATION', 'PUBLIC_INSTITUTION', 'COMPANY'])[1 + n % 3], {_word()}, {_place("n")}, now(), now()
        FROM generate_series(1, {max(1, size.events // 20)}) n, {PLACES}
    """


def _citizens(size: Size) -> str:
    """Four in ten are public, one in ten hidden; one in seven says nothing of themselves."""
    return f"""
        INSERT INTO citizen (id, handle, visibility, discoverable, adult, member_since, full_name, bio, territory_code,
            talents)
        SELECT {key("citizen", "n")}, 'citizen-' || n,
            (ARRAY['PUBLIC', 'PSEUDONYMOUS', 'HIDDEN'])[CASE WHEN n % 10 < 4 THEN 1 WHEN n % 10 < 9 THEN 2 ELSE 3 END],
            random() < 0.4, true, current_date - (random() * 900)::int, initcap({_word()}) || ' ' || initcap({_word()}),
            CASE WHEN n % 7 > 0 THEN 'Aime : ' || {_word()} || ', ' || {_word()} || ' et "' || {_word()} || '".' END,
            {_place("n")}, ARRAY[{_word()}]
        FROM generate_series(1, {size.citizens}) n, {PLACES}
    """


def _accounts(size: Size) -> str:
    return f"""
        INSERT INTO account (citizen_id, email, email_key, email_verified_at, password_hash, locale,
            email_notifications, moderator, accepted_charter_version, charter_accepted_at)
        SELECT {key("citizen", "n")}, n || '@example.org', n || '@example.org', now(), '-', 'fr', true, false,
            '{CHARTER_VERSION}', now()
        FROM generate_series(1, {size.citizens}) n
    """


def _sessions(size: Size) -> str:
    return f"""
        INSERT INTO session (citizen_id, id, created_at, last_used_at, expires_at)
        SELECT {key("citizen", "n")}, {key("session", "n")}, now(), now(), now() + interval '30 days'
        FROM generate_series(1, {size.citizens}) n
    """


def _events(size: Size) -> str:
    """In the order of their numbers over 300 days until yesterday; and those that are under way now.

    What each is worth is what the policy makes of it: fifteen points for an hour and a star, in tens.
    """
    themes = "(ARRAY[" + ", ".join(f"'{theme}'" for theme in THEMES) + "])"
    unattended = 2 * (size.events // CANCELLED_OR_DRAFT)
    return f"""
        INSERT INTO event (id, slug, title, description, status, format, starts_at, ends_at, effort_minutes, time_zone,
            venue_city, latitude, longitude, territory_code, themes, engagement, worth, sought_talents, organization_id,
            by_verified, check_in_secret, created_at, updated_at, published_at)
        SELECT {key("event", "n")}, 'event-' || n, initcap({_word()}) || ' ' || {_word()} || ' ' || {_word()},
            {_word()} || ' ' || {_word()} || ' ' || {_word()}, status, 'IN_PERSON', at,
            at + CASE WHEN status = 'PUBLISHED' THEN interval '20 hours' ELSE interval '3 hours' END, 180,
            'Europe/Paris', 'Ville ' || n % 500, 43 + random() * 7, -2 + random() * 8, {_place("n")},
            CASE WHEN n % 2 = 0 THEN {themes}[1 + n % 6 : 1 + n % 6]
                ELSE ARRAY[{themes}[1 + n % 6], {themes}[1 + (n + 3) % 6]] END,
            1 + n % 5, 10 * ((2700 * (1 + n % 5) + 300) / 600), ARRAY[{_word()}],
            {key("organization", f"1 + n % {max(1, size.events // 20)}")}, true,
            decode('{SECRET.hex()}', 'hex'), now(), at, CASE WHEN status <> 'DRAFT' THEN at END
        FROM (
            SELECT n, 'COMPLETED' AS status, {_past("n", size)} AS at FROM generate_series(1, {size.events}) n
            UNION ALL
            SELECT {size.events} + n, CASE WHEN n % 2 = 0 THEN 'CANCELLED' ELSE 'DRAFT' END,
                {_past(f"n * {CANCELLED_OR_DRAFT} / 2", size)} FROM generate_series(1, {unattended}) n
            UNION ALL
            SELECT {size.events + unattended} + n, 'PUBLISHED', date_trunc('hour', now()) - n * interval '1 minute'
            FROM generate_series(1, {OPEN_EVENTS}) n
        ) each, {PLACES}
    """


def _past(number: str, size: Size) -> str:
    return f"current_date::timestamptz - interval '1 day' - ({size.events} - {number}) * interval '300 days' / {size.events}"


def _participations(size: Size) -> str:
    """Nine in ten were attended, of these nine in ten are listed."""
    active, other = size.each
    # 37 shares no factor with the number of events: nobody takes part in one of them twice.
    which = f"1 + ((c::bigint * 7919 + turn * 37) % {size.events})::int"
    return f"""
        INSERT INTO participation (citizen_id, id, event_id, status, registered_at, queued_at, attended_at, evidence,
            listed)
        SELECT {key("citizen", "c")}, {key("participation", f"turn::bigint * {size.citizens} + c")}, event.id, s.status,
            starts_at - interval '3 days', starts_at - interval '3 days',
            CASE WHEN s.status = 'ATTENDED' THEN starts_at + (floor(random() * 180) + 1) * interval '1 minute' END,
            CASE WHEN s.status = 'ATTENDED' THEN 'CHECK_IN_CODE' END, random() < 0.9
        FROM generate_series(1, {size.citizens}) c
            CROSS JOIN generate_series(0, CASE WHEN c <= {size.active} THEN {active} ELSE {other} END - 1) turn
            JOIN event ON event.id = {key("event", which)}
            CROSS JOIN LATERAL (SELECT CASE WHEN chance < 0.9 THEN 'ATTENDED' WHEN chance < 0.96 THEN 'NO_SHOW' ELSE 'CANCELLED' END
                FROM (SELECT random() + turn * 0 AS chance OFFSET 0) drawn) s(status)
    """


def _ledger(policy: Policy) -> str:
    return f"""
        INSERT INTO ledger_entry (citizen_id, id, number, kind, attempt, occurred_at, base_points, multiplier, points,
            balance, event_id, participation_id, theme, stars, minutes, skill_factor, repeat_factor, repeats,
            overlapping, policy_version)
        SELECT p.citizen_id, p.id, row_number() OVER by_time, 'PARTICIPATION', 1, p.attended_at, e.worth, 1, e.worth,
            sum(e.worth) OVER by_time, e.id, p.id, e.themes[1], e.engagement, e.effort_minutes, 1, 1, 0, false,
            '{policy.version}'
        FROM participation p JOIN event e ON e.id = p.event_id WHERE p.status = 'ATTENDED'
        WINDOW by_time AS (PARTITION BY p.citizen_id ORDER BY p.attended_at, p.id)
    """


def _totals() -> str:
    return """
        INSERT INTO citizen_total (citizen_id, points, earned_points, entries)
        SELECT c.id, coalesce(l.points, 0), coalesce(l.points, 0), coalesce(l.entries, 0)
        FROM citizen c LEFT JOIN
            (SELECT citizen_id, sum(points) AS points, count(*) AS entries FROM ledger_entry GROUP BY citizen_id) l
            ON l.citizen_id = c.id
    """


def _skills(size: Size) -> str:
    """None to three of each citizen; one in twenty was lost."""
    themes = "(ARRAY[" + ", ".join(f"'{theme}'" for theme in THEMES) + "])"
    return f"""
        INSERT INTO skill_holding (citizen_id, id, theme, source, acquired_at, told_at, lost_at)
        SELECT {key("citizen", "c")}, {key("skill", f"turn::bigint * {size.citizens} + c")},
            {themes}[1 + (c + turn * (1 + c % 2)) % 6], 'REPEATED_CONTRIBUTION', at, at,
            CASE WHEN (c + turn) % 20 = 0 THEN current_date::timestamptz END
        FROM generate_series(1, {size.citizens}) c, generate_series(1, c % 4) turn,
            LATERAL (SELECT current_date::timestamptz - (10 * turn + c % 90) * interval '1 day' AS at) acquired
    """


def _feedback() -> str:
    """One in ten who attended answered, every other one without a name."""
    return """
        INSERT INTO feedback (id, event_id, author_id, rating, created_on)
        SELECT md5('feedback' || id)::uuid, event_id, CASE WHEN random() < 0.5 THEN citizen_id END,
            1 + floor(sqrt(random()) * 5)::int, attended_at::date
        FROM participation WHERE status = 'ATTENDED' AND random() < 0.1;
        SELECT count_ratings(array_agg(DISTINCT event_id)) FROM feedback
    """


def _labels(policy: Policy) -> Iterator[str]:
    """What the service keeps in its catalogs and its policy, as tables: the others have neither."""
    yield f"CREATE SCHEMA {PEERS}"
    yield f"CREATE TABLE {PEERS}.made (size text NOT NULL, made_at timestamptz NOT NULL DEFAULT now())"
    themes = ", ".join(f"('{code}', '{say(theme_label(code), Locale.FR)}')" for code in ThemeCode)
    yield f"CREATE TABLE {PEERS}.theme (code text PRIMARY KEY, label text NOT NULL)"
    yield f"INSERT INTO {PEERS}.theme VALUES {themes}"
    levels = ", ".join(
        f"({level}, {points}, '{_rank(policy, level)}')" for level, points in enumerate(policy.level_points, start=1)
    )
    yield f"CREATE TABLE {PEERS}.level (level integer PRIMARY KEY, points integer NOT NULL, rank text NOT NULL)"
    yield f"INSERT INTO {PEERS}.level VALUES {levels}"


def _rank(policy: Policy, level: int) -> str:
    return say(Sentence(f"rank-{policy.rank_of(level).value.lower()}"), Locale.FR)


def _views(policy: Policy) -> str:
    views = (Path(__file__).parent / "node" / "postgraphile.sql").read_text(encoding="utf-8")
    thresholds = ", ".join(map(str, policy.level_points))
    ranks = ", ".join(f"'{_rank(policy, level)}'" for level in range(1, len(policy.level_points) + 1))
    return views.replace("{thresholds}", f"ARRAY[{thresholds}]").replace("{ranks}", f"ARRAY[{ranks}]")
