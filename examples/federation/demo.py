"""What the partners know of the demo town. Their data has ids; those of a town are known once it is made."""

import json
import urllib.request
from pathlib import Path
from typing import Any

BIKES = (
    ("maelle", "vingt-quatre-heures-pour-la-donnee-ouverte", "Place du Bouffay", 2),
    ("nath", "vingt-quatre-heures-pour-la-donnee-ouverte", "Gare, sortie nord", 1),
    ("soizic", "cafe-civique-n-6-que-deviennent-nos-propositions", "Place Viarme", 3),
)
"""Who lends bikes: their handle, the event's slug, where to meet, and how many."""
LABELS = {"demotic": "2026-03-01", "rives-vivantes": "2026-05-12"}
"""Since when which organisations hold the label, by slug."""


def offers(influents: str, folder: Path) -> Path:
    """A file with the offers of bikes, for the mobility subgraph."""
    ids = _ids(influents, "citizen", "handle", sorted({handle for handle, *_ in BIKES}))
    rows = [
        {"id": str(number), "citizen": ids[handle], "event": slug, "meeting_point": place, "bikes": bikes}
        for number, (handle, slug, place, bikes) in enumerate(BIKES, start=1)
        if handle in ids
    ]
    return _kept(folder / "offers.json", rows)


def labels(influents: str, folder: Path) -> Path:
    """A file with who holds the label, for the labels subgraph."""
    ids = _ids(influents, "organization", "slug", list(LABELS))
    return _kept(folder / "labels.json", {ids[slug]: day for slug, day in LABELS.items() if slug in ids})


def _ids(influents: str, field: str, key: str, values: list[str]) -> dict[str, str]:
    """Ids by what is known of their things; whatever isn't there is left out."""
    fields = [f'{field[0]}{at}: {field}({key}: "{value}") {{ id }}' for at, value in enumerate(values)]
    found = ask(influents, f"{{ {' '.join(fields)} }}")["data"]
    return {value: found[f"{field[0]}{at}"]["id"] for at, value in enumerate(values) if found[f"{field[0]}{at}"]}


def ask(url: str, query: str) -> Any:  # Any: JSON
    """What a GraphQL service answers."""
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def _kept(file: Path, told: object) -> Path:
    file.write_text(json.dumps(told), encoding="utf-8")
    return file
