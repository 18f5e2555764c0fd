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
from sqlalchemy.exc import SQLAlchemyError

from actions.installation import book
from content import hours
from settings import settings
from store import upgrade

logger = logging.getLogger(__name__)
SECRET_HEADER = "X-Ruggesteun-Secret"  # noqa: S105 - a header name


LISTEN = {"event": "followup", "name": "action_listen"}


class OneActionATurn(ActionExecutor):
    """After any action of ours the patient is to speak: said along, so that Rasa need not ask its policies again."""

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        result = await super().run(*args, **kwargs)
        if result is not None:
            result.events.append(dict(LISTEN))
        return result


def build_app(secret: str) -> Sanic[Any, Any]:
    """All actions of this package. Raises ContentError when the content cannot be used."""
    practices = book()
    hours.warm_up()
    executor = OneActionATurn()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    @app.after_server_start
    async def follow_practices(app: Sanic[Any, Any]) -> None:
        app.add_task(practices.keep_fresh())

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
    try:
        upgrade(settings().store_url)
    except (SQLAlchemyError, OSError) as error:
        logger.error("the database could not be migrated: %s", type(error).__name__)
    app = build_app(settings().shared_secret())
    app.run(host="127.0.0.1", port=settings().actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
