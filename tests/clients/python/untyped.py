"""The same with gql, which checks each document against the schema that it asked the service for."""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport

UPCOMING = gql("""query($territory: TerritoryCode!) {
  events(filter: {territory: $territory}, first: 10) { totalCount edges { node { title } } } }""")


async def main(address: str) -> None:
    transport = HTTPXAsyncTransport(url=address)
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        UPCOMING.variable_values = {"territory": "FR-44"}
        page = await session.execute(UPCOMING)
    print(json.dumps({"total": page["events"]["totalCount"], "title": page["events"]["edges"][0]["node"]["title"]}))


asyncio.run(main(sys.argv[1]))
