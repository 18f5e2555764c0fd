"""The pages that people see: the demo and try-out pages, the chat page, the widget, drawings and the health report."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import FileResponse, HTMLResponse, JSONResponse

from bot import consent, errors
from bot.look import look_of
from bot.services import Services
from content import Practice

router = APIRouter()
WEB = Path(__file__).parent / "web"
_STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'none'; base-uri 'none'; form-action 'none'; "
)
# Named in the page, so that a browser fetches them all at once and not one import after the other.
_MODULES = tuple(sorted(path.name for path in (WEB / "static" / "chat").glob("*.js") if path.name != "chat.js"))
_TEMPLATES = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined)


@lru_cache(maxsize=1)
def version() -> str:
    """Changes when a static file changes, so that browsers fetch it anew."""
    digest = hashlib.sha256()
    for path in sorted((WEB / "static").rglob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@router.get("/", response_class=HTMLResponse)
async def demo(request: Request) -> HTMLResponse:
    """The demo practice's home page, with the chat on it as on any practice's site."""
    services = Services.of(request)
    practice = services.practice(services.settings.practice)
    page = _TEMPLATES.get_template("demo.html").render(practice=_words(practice), version=version())
    return HTMLResponse(page, headers={"Content-Security-Policy": _STRICT + "frame-src 'self'; frame-ancestors 'none'"})


@router.get("/proberen/{practice_id}", response_class=HTMLResponse)
async def try_out(request: Request, practice_id: str) -> HTMLResponse:
    """A page to try a practice's chat on before it goes on the practice's own site."""
    practice = Services.of(request).practice(practice_id)
    page = _TEMPLATES.get_template("proberen.html").render(
        practice=_words(practice), look=look_of(practice), origin=str(request.base_url).rstrip("/"), version=version()
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _STRICT + "frame-src 'self'; frame-ancestors 'none'"})


@router.get("/chat/{practice_id}", response_class=HTMLResponse)
async def chat(request: Request, practice_id: str) -> HTMLResponse:
    """The chat, shown in the widget's frame or on its own."""
    services = Services.of(request)
    installed = services.installed(practice_id)
    look = look_of(installed.practice)
    page = _TEMPLATES.get_template("chat.html").render(
        practice=_words(installed.practice),
        look=look,
        notice=consent.state(installed, services.settings, given=False)["notice"],
        warning=consent.warning(installed),
        privacy=consent.sections(installed, services.settings, short=True),
        keeps_longer=services.settings.keep_longer_days > 0,
        kept=consent.times(services.settings),
        modules=_MODULES,
        version=version(),
    )
    # Our own origin is for the try-out page; nobody else's page may hold the chat under its own buttons.
    sites = " ".join(["'self'", *look.sites, services.settings.frame_ancestors]).strip()
    return HTMLResponse(
        page, headers={"Content-Security-Policy": f"{_STRICT}frame-ancestors {sites}", "Cache-Control": "no-cache"}
    )


@router.get("/privacy/{practice_id}", response_class=HTMLResponse)
async def privacy(request: Request, practice_id: str) -> HTMLResponse:
    """What a practice tells its patients about their data."""
    services = Services.of(request)
    installed = services.installed(practice_id)
    sections = consent.sections(installed, services.settings)
    page = _TEMPLATES.get_template("privacy.html").render(
        naam=installed.practice.naam, sections=sections, version=version()
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": _STRICT + "frame-ancestors 'none'"})


@router.get("/chat/{practice_id}/kleuren.css")
async def colours(request: Request, practice_id: str) -> Response:
    """The practice's colours for its chat page: a file, because the page allows no inline style."""
    css = look_of(Services.of(request).practice(practice_id)).stylesheet()
    return Response(css, media_type="text/css", headers={"Cache-Control": "no-cache"})


@router.get("/widget.js")
async def widget() -> FileResponse:
    """The one script a practice puts on its site."""
    return FileResponse(
        WEB / "static" / "widget.js",
        media_type="text/javascript",
        headers={"Cache-Control": "max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"},
    )


@router.get("/widget/{practice_id}.js")
async def widget_look(request: Request, practice_id: str) -> Response:
    """What widget.js must know of a practice, or null. A module, because `import()` passes wherever the script did:
    a fetch would need a further line in the site's Content-Security-Policy."""
    installed = Services.of(request).book.get(practice_id)
    look = look_of(installed.practice) if installed else None
    shown = look and {"launcher": look.launcher, "side": look.side, "colour": look.colour}
    return Response(
        f"export default {json.dumps(shown)};\n",
        media_type="text/javascript",
        headers={
            "Access-Control-Allow-Origin": "*",  # public, and the same for everyone
            "Cache-Control": "max-age=300",
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


@router.get("/media/{name}")
async def media(request: Request, name: str) -> FileResponse:
    """A drawing of content/media."""
    path = Services.of(request).settings.content / "media" / name
    if not re.fullmatch(r"[a-z_]+\.(png|svg)", name) or not path.is_file():
        raise errors.not_found()
    return FileResponse(path, headers={"Cache-Control": "max-age=3600"})


@router.get("/health")
async def health(request: Request) -> JSONResponse:
    """What runs and what does not; 200 when a patient gets real answers, 503 when only the fixed texts come."""
    services = Services.of(request)
    rasa = await services.rasa.ready()
    report: dict[str, Any] = {
        "rasa": "ok" if rasa else "silent",
        "spacy": (rasa or {}).get("spacy"),
        "model": (rasa or {}).get("model"),
        "actions": "ok" if await services.rasa.actions_ready() else "silent",
        "store": await _store_state(services),
    }
    healthy = all(report[part] == "ok" for part in ("rasa", "actions", "store"))
    return JSONResponse({"status": "ok" if healthy else "degraded", **report}, status_code=200 if healthy else 503)


async def _store_state(services: Services) -> str:
    try:
        await services.store.get_conversation("0" * 32)
    except (SQLAlchemyError, OSError) as error:
        return type(error).__name__
    return "ok"


@router.get("/favicon.ico")
async def favicon() -> Response:
    return FileResponse(WEB / "static" / "icon.svg", media_type="image/svg+xml")


def _words(practice: Practice) -> dict[str, str]:
    digits = re.sub(r"[^\d+]", "", practice.telefoon)
    return {"id": practice.id, **practice.fields(), "tel_link": digits}
