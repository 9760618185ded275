"""A partner's program with the client that ariadne-codegen made of `operations.graphql`."""

import asyncio
import json
import sys

from influents_client import Client
from influents_client.exceptions import GraphQLClientGraphQLMultiError


async def main(address: str) -> None:
    async with Client(url=address) as client:
        page = await client.upcoming(territory="FR-44", first=10)
        first = page.events.edges[0].node
        refused: str | None = None
        try:
            await client.upcoming(territory="FR-44", first=1_000)
        except GraphQLClientGraphQLMultiError as error:
            refused = (error.errors[0].extensions or {})["code"]
        told = {
            "total": page.events.total_count,
            "title": first.title,
            "starts": first.starts_at.isoformat(),
            "organizer": first.organizer.typename__ if first.organizer else None,
            "refused": refused,
        }
    print(json.dumps(told))


asyncio.run(main(sys.argv[1]))
