"""GraphQL over HTTP. `endpoint.py` tells the story; the rest is a chapter each: what is accepted, bodies, answers."""
