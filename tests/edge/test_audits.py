"""The audits of GraphQL over HTTP that its authors wrote, all of them, against the service on a real socket."""

from collections import Counter

from resolvers.context import Services
from tests.live import serving
from tests.nodejs import run_script


async def test_every_audit_of_graphql_http_passes(services: Services) -> None:
    async with serving(services) as address:
        audits = await run_script("audits.mjs", f"{address}/graphql")

    assert [audit for audit in audits if audit["status"] != "ok"] == []
    assert Counter(audit["name"].split()[0] for audit in audits) == {"MUST": 13, "SHOULD": 23, "MAY": 25}
