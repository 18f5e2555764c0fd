"""The action server: rasa-sdk's app on loopback, open only to who knows the shared secret."""

from __future__ import annotations

import hmac
import logging
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from content.library import live
from settings import settings

SECRET_HEADER = "X-Ruggesteun-Secret"  # noqa: S105 - a header name


def build_app(secret: str) -> Sanic[Any, Any]:
    """All actions of this package. Raises ContentError when the content cannot be used."""
    live(settings().content)
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    @app.on_request
    async def check_secret(request: Request) -> HTTPResponse | None:
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            return json({"error": "secret"}, status=403)
        return None

    return app


def main() -> None:
    """Serve on 127.0.0.1 in this process: supervisord restarts it when it dies."""
    # rasa-sdk logs whole action calls, and with them what a patient wrote, at debug level.
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("rasa_sdk").setLevel(logging.ERROR)
    app = build_app(settings().shared_secret())
    app.run(host="127.0.0.1", port=settings().actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
