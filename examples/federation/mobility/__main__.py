"""`python -m examples.federation.mobility PORT [FILE]`: serve the subgraph, with what the file holds."""

import sys
from pathlib import Path

from ..serving import application, serve
from .offers import Offers
from .schema import Context, schema

if __name__ == "__main__":
    port, *files = sys.argv[1:]
    kept = Offers.kept_in(Path(files[0]) if files else None)
    serve(application(schema, Context(kept)), port=int(port))
