"""Call the action server over one kept connection, with what actions read, and with an end to the patience.

Rasa 3.6.21 opens a new connection for every action call, sends the whole domain and every event with it, and waits five
minutes. Our actions read no domain (an empty one satisfies rasa-sdk 3.21, which answers nothing at all when the key is
missing, as with `enable_selective_domain`) and of the past only what was said: of the patient's earlier messages not
how they were understood, and no slots, which come with the state anyway. The call took 4.9 % of Rasa's time a message.
"""

from __future__ import annotations

from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

SECONDS = 2.0  # the public server answers by itself after this long
_CONNECTIONS = 32
_plain_request = EndpointConfig.request


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
    """The body of an action call."""
    return {
        "next_action": self.name(),
        "sender_id": tracker.sender_id,
        "tracker": {**tracker.current_state(EventVerbosity.NONE), "events": _said(tracker)},
        "domain": {},
        "version": rasa.__version__,
    }


def _said(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The messages of both sides, without what was understood."""
    events = [event.as_dict() for event in tracker.events if isinstance(event, (UserUttered, BotUttered))]
    for event in events:
        event.pop("parse_data", None)
    return events


def _session(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    """The endpoint's session, made at its first call inside the event loop."""
    session: aiohttp.ClientSession | None = endpoint.__dict__.get("_kept_session")
    if session is None or session.closed:
        session = endpoint.__dict__["_kept_session"] = aiohttp.ClientSession(
            headers=endpoint.headers,
            # The server closes an idle connection after 120 s (Sanic's default): let go of it before that.
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=SECONDS),
        )
    return session


async def _request(self: EndpointConfig, method: str = "post", **kwargs: Any) -> Any:
    """The JSON of the endpoint's answer. Raises ClientResponseError or aiohttp.ClientError. Other kinds of request go
    to Rasa's own method.
    """
    if method != "post" or not kwargs.keys() <= {"json", "timeout", "compress"} or kwargs.get("compress"):
        return await _plain_request(self, method, **kwargs)
    try:
        async with _session(self).post(str(self.url), json=kwargs.get("json")) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, str(response.reason), await response.text())
            return await response.json()
    except TimeoutError as error:
        raise aiohttp.ClientError("the action server took too long") from error


def apply() -> None:
    """Patch this process."""
    RemoteAction._action_call_format = _action_call_format
    EndpointConfig.request = _request
