"""The files of the pages: small on the wire, and fetched once."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

MIN_BYTES = 1_000  # below this, gzip saves less than a packet
_VERSION = re.compile(r"[0-9a-f]{12}")


class Static(StaticFiles):
    """Files at `<version>/<path>`, so that modules which import each other by a relative path are of one version.

    The version only names the cache entry: a page from before an update still gets its files, the new ones.
    """

    def __init__(self, directory: Path, version: str) -> None:
        super().__init__(directory=directory)
        self._version = version

    async def get_response(self, path: str, scope: Scope) -> Response:
        head, _, rest = path.partition("/")
        response = await super().get_response(rest if _VERSION.fullmatch(head) else path, scope)
        lasting = head == self._version
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return response


class Gzip:
    """Compresses pages and files, and never the API: there a secret and what a stranger typed stand side by side."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._zipped = GZipMiddleware(app, minimum_size=MIN_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_api = scope["type"] != "http" or scope["path"].startswith("/api")
        await (self._plain if is_api else self._zipped)(scope, receive, send)
