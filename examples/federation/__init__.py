"""Influents, two partners' subgraphs and a gateway. README.md beside this tells more."""
