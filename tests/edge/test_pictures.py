"""Pictures over HTTP: what anybody may see, in both languages, and how caches and other sites may have them."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest

from domain.accounts import ProfileVisibility
from influents.app import application
from influents.counting import Counting
from influents.settings import Settings
from resolvers import participations
from resolvers.context import Context, Services
from tests.clock import Clock
from tests.edge.over_http import bearer, code
from tests.factories import Town
from tests.live import serving
from tests.recorder import recorded

KINDS = ("influence", "card")
both = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
async def nath(town: Town) -> Context:
    return await town.citizen("nath", visibility=ProfileVisibility.PUBLIC, full_name="Nathan Berto", level=5)


async def attended(town: Town, ctx: Context, *, listed: bool, days: int) -> None:
    """Have somebody attend an event so many days from now, which they list or not."""
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id, starts_at=town.services.clock() + timedelta(days=days))
    await town.attend(ctx, event)
    await participations.set_listed(ctx, event.id, listed=listed)


@both
async def test_a_picture_shows_name_rank_level_and_how_much_is_self_declared(
    http: httpx.AsyncClient, nath: Context, kind: str
) -> None:
    answer = await http.get(f"/citizens/nath/{kind}.svg")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-language"] == "fr"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for told in ("Nathan Berto", "nath", "Confirmé", ">5</text>", "1\u202f600 points, dont 1\u202f600 auto-déclarés"):
        assert told in answer.text


@both
async def test_the_language_is_the_one_told_else_what_the_client_accepts_else_french(
    http: httpx.AsyncClient, nath: Context, kind: str
) -> None:
    async def title(locale: str = "", accepts: str = "") -> tuple[str, str | None]:
        answer = await http.get(f"/citizens/nath/{kind}.svg{locale}", headers={"Accept-Language": accepts})
        assert f'lang="{answer.headers["content-language"]}"' in answer.text
        return answer.headers["content-language"], answer.headers.get("vary")

    assert await title() == ("fr", "Accept-Language")
    assert await title(accepts="en-GB") == ("en", "Accept-Language")
    assert await title("?locale=fr", accepts="en") == ("fr", None)
    assert await title("?locale=en") == ("en", None)
    english = await http.get(f"/citizens/nath/{kind}.svg?locale=en")
    assert "1,600 points, 1,600 self-declared" in english.text


@both
async def test_a_theme_is_light_dark_or_what_whoever_looks_prefers(
    http: httpx.AsyncClient, nath: Context, kind: str
) -> None:
    drawn = {theme: (await http.get(f"/citizens/nath/{kind}.svg?theme={theme}")).text for theme in ("light", "dark")}
    usual = (await http.get(f"/citizens/nath/{kind}.svg")).text

    assert drawn["light"] != drawn["dark"]
    assert "prefers-color-scheme" not in drawn["light"] + drawn["dark"]
    assert "@media (prefers-color-scheme: dark)" in usual
    assert usual == (await http.get(f"/citizens/nath/{kind}.svg?theme=auto")).text


@pytest.mark.parametrize("wrong", ["theme=pink", "locale=de", "theme=", "locale=%00"])
async def test_what_no_picture_looks_like_is_refused_whoever_it_is_of(
    http: httpx.AsyncClient, nath: Context, wrong: str
) -> None:
    for handle in ("nath", "nobody-here"):
        answer = await http.get(f"/citizens/{handle}/card.svg?{wrong}")
        assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
        assert answer.headers["cache-control"] == "no-store"


@both
async def test_a_picture_may_be_kept_and_is_not_sent_twice(http: httpx.AsyncClient, nath: Context, kind: str) -> None:
    url = f"/citizens/nath/{kind}.svg"
    answer = await http.get(url)
    tag = answer.headers["etag"]
    assert answer.headers["cache-control"] == "public, max-age=300"

    for has in (tag, f"W/{tag}", "*"):
        again = await http.get(url, headers={"If-None-Match": has})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert again.headers["vary"] == answer.headers["vary"]
    other = await http.get(f"{url}?locale=en", headers={"If-None-Match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag


async def test_a_picture_has_another_tag_once_there_are_other_points(
    http: httpx.AsyncClient, town: Town, nath: Context
) -> None:
    before = {kind: (await http.get(f"/citizens/nath/{kind}.svg")).headers["etag"] for kind in KINDS}
    await attended(town, nath, listed=True, days=1)
    for kind in KINDS:
        answer = await http.get(f"/citizens/nath/{kind}.svg", headers={"If-None-Match": before[kind]})
        assert answer.status_code == 200


async def test_head_says_what_get_would_and_nothing_else_is_done_with_a_picture(
    services: Services, nath: Context
) -> None:
    async with serving(services) as address, httpx.AsyncClient(base_url=address) as http:
        answer, head = await http.get("/citizens/nath/card.svg"), await http.head("/citizens/nath/card.svg")
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-length", "content-type", "cache-control", "vary"):
            assert head.headers[name] == answer.headers[name]
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            refused = await http.request(method, "/citizens/nath/card.svg")
            assert (refused.status_code, code(refused)) == (405, "METHOD_NOT_ALLOWED")
            assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD"}


@both
async def test_a_hidden_profile_is_answered_as_if_there_were_none_even_to_its_owner(
    http: httpx.AsyncClient, services: Services, town: Town, kind: str
) -> None:
    hidden = await town.citizen("hidden", visibility=ProfileVisibility.HIDDEN, level=9)
    answers = []
    for handle, headers in (("hidden", {}), ("hidden", bearer(hidden)), ("no-such", {})):
        with recorded(services.database) as statements:
            answer = await http.get(f"/citizens/{handle}/{kind}.svg", headers=headers)
        told = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        answers.append((answer.status_code, answer.content, told, len(statements)))

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404
    assert answers[0][3] == 1
    assert answers[0][2]["cache-control"] == "no-store"


@both
async def test_a_pseudonymous_profile_shows_its_handle_alone_even_to_its_owner(
    http: httpx.AsyncClient, town: Town, kind: str
) -> None:
    thierry = await town.citizen("thierry-l", full_name="Thierry Lebastard", level=2)
    for headers in ({}, bearer(thierry)):
        answer = await http.get(f"/citizens/thierry-l/{kind}.svg", headers=headers)
        assert answer.status_code == 200
        assert "thierry-l" in answer.text
        assert "Lebastard" not in answer.text


@both
async def test_what_is_not_listed_dates_nothing_and_is_no_participation(
    http: httpx.AsyncClient, town: Town, clock: Clock, kind: str
) -> None:
    clock.now = clock.now.replace(day=3)
    drawn = []
    for handle, days in (("anne", 2), ("ines", 20)):
        somebody = await town.citizen(handle)
        await attended(town, somebody, listed=False, days=days)
    clock.advance(days=60)
    for handle in ("anne", "ines"):
        answer = await http.get(f"/citizens/{handle}/{kind}.svg")
        assert "200 points" in answer.text
        drawn.append(answer.text.replace(handle, ""))

    assert drawn[0] == drawn[1]
    assert "Barcamp" not in drawn[0]
    if kind == "influence":
        assert "aucune participation publique" in drawn[0]


@pytest.mark.parametrize(
    "handle", ["%00", "a%0Ab", "é", "..", "%2e%2e", "x" * 5_000, "<script>", "NATH", "nath%20", "nath%2F..%2Fidriss"]
)
async def test_what_is_no_handle_is_nobody(http: httpx.AsyncClient, nath: Context, handle: str) -> None:
    answer = await http.get(f"/citizens/{handle if '%' in handle else quote(handle)}/card.svg")
    assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")


@both
async def test_a_picture_costs_three_statements(
    http: httpx.AsyncClient, services: Services, town: Town, nath: Context, kind: str
) -> None:
    for days in ([1], [4, 7, 40, 70]):
        for day in days:
            await attended(town, nath, listed=day % 2 == 0, days=day)
        with recorded(services.database) as statements:
            assert (await http.get(f"/citizens/nath/{kind}.svg")).status_code == 200
        # citizen, totals; sums by month, or skills
        assert len(statements) == 3, statements


async def test_pictures_are_counted_like_other_requests(services: Services, nath: Context) -> None:
    counted = replace(services, counter=Counting(secret=b"a secret of the tests, 32 bytes at least"))
    app = application(counted, settings=Settings.model_construct(None, rate_limit=20))
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        answers = [await http.get("/citizens/nath/card.svg") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert "ratelimit" not in answers[0].headers  # a cache gives it to others
    assert code(answers[2]) == "RATE_LIMITED"
    assert int(answers[2].headers["retry-after"]) > 0
    assert answers[2].headers["cache-control"] == "no-store"


async def test_no_log_says_whose_picture_was_asked_for(
    http: httpx.AsyncClient, nath: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/citizens/nath/card.svg", "/citizens/nath/nothing", "/Citizens/nath/card.svg", "/citizens/nath"):
        await http.get(path)
    logged = capsys.readouterr().out
    assert logged.count("/citizens/…") == 4
    assert "nath" not in logged
