"""A partner's subgraph: getting to events without a car. Reading order: networks.json, timetables, offers, schema."""
