"""The ASGI application. `uvicorn bot.app:app`."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from bot import api, errors, inhoud, pages
from bot.channels import webhooks
from bot.channels.hub import hub_running
from bot.channels.retry import Patience
from bot.headers import Headers
from bot.services import running
from bot.static import Gzip, Static
from bot.storage import advice
from settings import Settings
from settings import settings as installation

logger = logging.getLogger(__name__)
_TROUBLE = "Er gaat iets mis aan onze kant. Bel de praktijk. Spoed? Bel 112."


def create_app(settings: Settings | None = None, patience: Patience | None = None) -> FastAPI:
    """The public server for these settings (those of the installation by default).

    `patience` is how sending to WhatsApp and Telegram waits; tests give one that does not.
    """
    chosen = settings or installation()

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(chosen) as services, hub_running(services, patience) as hub:
            app.state.services = services
            app.state.hub = hub
            yield

    app = FastAPI(title="Ruggesteun", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(api.router)
    app.include_router(webhooks.router)
    app.include_router(pages.router)
    app.include_router(inhoud.router)
    app.mount("/static", Static(pages.WEB / "static", pages.version()), name="static")
    app.add_middleware(Gzip)
    app.add_middleware(Headers)

    @app.exception_handler(errors.ApiError)
    async def api_error(_: Request, error: errors.ApiError) -> JSONResponse:
        return JSONResponse(error.body(), status_code=error.status)

    @app.exception_handler(RequestValidationError)
    async def bad_request(_: Request, __: RequestValidationError) -> JSONResponse:
        error = errors.invalid()
        return JSONResponse(error.body(), status_code=error.status)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        message = "Deze pagina is er niet." if error.status_code == 404 else "Dit kan hier niet."
        return JSONResponse(errors.ApiError(error.status_code, "http", message).body(), status_code=error.status_code)

    @app.exception_handler(SQLAlchemyError)
    @app.exception_handler(OSError)
    async def no_database(_: Request, error: Exception) -> JSONResponse:
        logger.error("the database failed: %s. %s", type(error).__name__, advice(error))
        return JSONResponse(errors.ApiError(503, "no_database", _TROUBLE).body(), status_code=503)

    return app


app = create_app()
