"""GraphiQL for a browser that opens the API: the page, and the files of our own build (`explorer/`).

Nothing comes from elsewhere: the page works offline, under a policy that allows no inline script.
"""

import mimetypes
import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

DIST = Path(__file__).parent.parent / "explorer" / "dist"

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Monaco writes styles as it goes
        "worker-src 'self'",
        "connect-src 'self'",  # this origin's WebSockets too
        "font-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# A new build has new names, so that a browser never has to ask again.
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
_ASSET = re.compile(r"[\w-][\w.-]*", re.ASCII)

_NOT_BUILT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Influents</title>
<style>
  body { max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem; font: 1rem/1.6 system-ui, sans-serif; color: #1f2937 }
  pre { padding: 1rem; border-radius: .5rem; background: #f3f4f6; overflow-x: auto }
</style>
</head>
<body>
<h1>Influents</h1>
<p>The API answers POST requests at this address:</p>
<pre>curl http://127.0.0.1:8000/graphql \\
  -H 'Content-Type: application/json' \\
  -d '{"query": "{ questionnaire { questions { prompt } } }"}'</pre>
<p>To explore it here, build GraphiQL in the checkout, and load this page again:</p>
<pre>make explorer</pre>
</body>
</html>
"""


def page(dist: Path = DIST) -> Response:
    """What a browser is answered at the API's address: GraphiQL, or how to build it where it isn't."""
    try:
        html = (dist / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        html = _NOT_BUILT
    # `/graphql` answers programs too, so a cache must tell them apart.
    return HTMLResponse(
        html,
        headers=_SAFE | {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache", "Vary": "Accept"},
    )


def routes(dist: Path = DIST) -> list[BaseRoute]:
    """The files that the page loads, under `/graphiql/assets/`; 404 for any other name."""
    assets = dist / "assets"

    def asset(request: Request) -> Response:
        name: str = request.path_params["name"]
        file = assets / name
        if not _ASSET.fullmatch(name) or not file.is_file():
            raise HTTPException(404)
        # The policy is for what runs on its own: a worker, or a picture opened by itself.
        headers = _SAFE | _FOR_GOOD | {"Content-Security-Policy": "default-src 'none'"}
        compressed = assets / f"{name}.gz"
        if "gzip" in Headers(scope=request.scope).get("accept-encoding", "") and compressed.is_file():
            file = compressed
            headers["Content-Encoding"] = "gzip"
        kind, _ = mimetypes.guess_type(name)
        return FileResponse(file, media_type=kind or "application/octet-stream", headers=headers)

    return [Route("/graphiql/assets/{name}", asset, methods=["GET"])]
