"""`python -m influents`."""

from influents.cli import app

app(prog_name="python -m influents")
