"""Another partner's subgraph: which organisers hold a label for green events."""
