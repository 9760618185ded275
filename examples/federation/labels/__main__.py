"""`python -m examples.federation.labels PORT [FILE]`: serve the subgraph, with what the file holds."""

import sys
from pathlib import Path

from ..serving import application, serve
from .schema import Context, Labels, schema

if __name__ == "__main__":
    port, *files = sys.argv[1:]
    kept = Labels.kept_in(Path(files[0]) if files else None)
    serve(application(schema, Context(kept)), port=int(port))
