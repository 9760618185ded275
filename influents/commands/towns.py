"""`seed`: the demo town."""

from datetime import UTC, datetime
from typing import Annotated

import sqlalchemy as sa
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from db.tables import citizen
from influents.commands.running import Mistake, run, to_people
from influents.town import TownNotEmpty, TownSummary, build_town
from influents.town.people import DEMO_ACCOUNTS, DEMO_PASSWORD
from resolvers.context import Services

SEED = 44
DEMO = ["Demo accounts, password " + DEMO_PASSWORD]
