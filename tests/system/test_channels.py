"""The same words get the same urgency on the website, in WhatsApp and in Telegram, with the real Rasa behind them."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.incoming import ChannelName
from bot.channels.layout import blocks
from bot.system import System
from content import Reply
from tests.bot.channels.world import World, running_world
from tests.dialogue.chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVALUATION = Path(__file__).parents[1] / "evaluation"
EVERY = 9  # of the alarm lines of the development set


def lines() -> list[str]:
    with (EVALUATION / "alarms.tsv").open(encoding="utf-8", newline="") as file:
        alarms = [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    return [*alarms[::EVERY], "mag ik sporten met rugpijn?", "bedankt", "wat is het weer morgen?"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(system: System, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The channels of the public server in this process, with the Rasa and the actions of the running system."""
    settings = system.settings
    ports = {"rasa_port": settings.rasa_port, "actions_port": settings.actions_port}
    async with running_world(
        tmp_path_factory.mktemp("var"), **ports, secret=settings.shared_secret(), rasa_seconds=20
    ) as world:
        yield world


async def replies_on(world: World, channel: ChannelName, text: str) -> tuple[list[Reply], str]:
    """The replies that were kept, without the introduction, and what was seen."""
    anna = await world.on(channel).types(text)
    kept = await world.services.store.messages(anna.conversation)
    replies = [Reply.model_validate(row.body) for row in kept if row.author == "assistant"]
    return [reply for reply in replies if "computerprogramma van" not in str(reply.paragraphs)], anna.text


@pytest.mark.parametrize("text", lines())
async def test_the_same_urgency_in_every_channel(world: World, base_url: str, text: str) -> None:
    web = [Reply.model_validate(reply) for reply in Chat(base_url).says(text).replies]
    wanted = [(reply.kind, reply.urgency, reply.crisis, reply.signs, reply.topic) for reply in web]
    for channel in ("whatsapp", "telegram"):
        found, seen = await replies_on(world, channel, text)
        assert [(reply.kind, reply.urgency, reply.crisis, reply.signs, reply.topic) for reply in found] == wanted
        if web[0].kind == "alarm":
            assert blocks(web[0])[0].text in seen.partition("\n")[0]
