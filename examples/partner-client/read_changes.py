"""Tells what has changed of an organisation's events since a moment: a line of JSON each, the earliest change first.

    python read_changes.py --organization organization_… --since 2026-09-01T00:00:00Z

The last line on stderr is what to say for `--since` the next time.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime

from asking import client
from influents_client import Client
from influents_client.changed_events import ChangedEventsEventsEdgesNode
from influents_client.exceptions import GraphQLClientError


def main(words: Sequence[str]) -> int:
    asked = _parser().parse_args(words)
    since: datetime = asked.since
    try:
        with client() as influents:
            for event in changed(influents, asked.organization, since):
                print(event.model_dump_json(by_alias=True))
                since = event.updated_at
    except (GraphQLClientError, KeyError, OSError) as wrong:
        print(f"read_changes: {wrong}", file=sys.stderr)
        return 1
    print(since.isoformat(), file=sys.stderr)
    return 0


def changed(influents: Client, organization: str, since: datetime) -> Iterator[ChangedEventsEventsEdgesNode]:
    """Every event that has changed since then, page by page. The last one of the time before comes again."""
    after: str | None = None
    while True:
        page = influents.changed_events(organization, since, after).events
        yield from (edge.node for edge in page.edges)
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page:
            return


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Read what has changed of an organisation's events.")
    parser.add_argument("--organization", required=True, help="whose events: its id")
    parser.add_argument("--since", required=True, type=datetime.fromisoformat, help="a moment: 2026-09-01T00:00:00Z")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
