"""A practice connects itself: what is checked, what is set at the platform, and what it is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from bot.channels.connect import CannotConnect, Connected, callback_url, connect_telegram, connect_whatsapp
from bot.cli import app as command_line
from settings import Settings
from store import NoKey, Store, Vault, upgrade
from tests.bot.channels import fake_graph, fake_telegram
from tests.bot.channels.world import OnWhatsApp, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
PUBLIC = "https://chat.voorbeeld.nl"
ENTERED = {
    "phone_number_id": fake_graph.NUMBER,
    "access_token": fake_graph.TOKEN,
    "app_secret": fake_graph.APP_SECRET,
}


@pytest.fixture
def reachable(world: World) -> World:
    """The Graph API can reach the public server."""

    async def verify(url: str) -> Any:
        return await world.http.get(url.removeprefix(PUBLIC))

    world.graph.verify = verify
    return world


async def whatsapp(world: World, account: str = fake_graph.ACCOUNT, **changes: str) -> Connected:
    return await connect_whatsapp(
        world.services.store.channels,
        "vlaanderen",
        {**ENTERED, **changes},
        account,
        PUBLIC,
        world.settings.whatsapp_api,
    )


async def telegram(world: World, token: str = fake_telegram.TOKEN, public: str = PUBLIC) -> Connected:
    channels = world.services.store.channels
    return await connect_telegram(channels, "vlaanderen", {"token": token}, public, world.settings.telegram_api)


async def test_whatsapp_is_connected_and_works(reachable: World) -> None:
    done = await whatsapp(reachable)
    assert done.name == "Praktijk Rugzicht (+31 30 000 0000)"
    assert done.link == "https://wa.me/31300000000"
    assert done.by_hand == ""
    assert reachable.graph.callback == {fake_graph.ACCOUNT: f"{PUBLIC}/webhooks/whatsapp/vlaanderen"}
    anna = reachable.on("whatsapp", "vlaanderen")
    assert isinstance(anna, OnWhatsApp)
    (await anna.types("mag ik sporten?")).sees("Wandelen, fietsen en zwemmen")


async def test_connecting_again_keeps_the_verify_token(reachable: World) -> None:
    first = await whatsapp(reachable)
    assert (await whatsapp(reachable)).verify_token == first.verify_token
    assert len(first.verify_token) >= 30


async def test_when_whatsapp_cannot_reach_the_server_it_is_done_by_hand(world: World) -> None:
    done = await whatsapp(world)
    assert "2200" in done.by_hand
    query = {"hub.mode": "subscribe", "hub.verify_token": done.verify_token, "hub.challenge": "7"}
    answer = await world.http.get("/webhooks/whatsapp/vlaanderen", params=query)
    assert answer.text == "7", "what is pasted by hand is accepted"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"access_token": "een-ander-toegangsbewijs"}, "toegangstoken"),
        ({"phone_number_id": "123456789"}, "telefoonnummer"),
        ({"phone_number_id": "+31 6 12345678"}, "alleen cijfers"),
        ({"access_token": ""}, "toegangstoken"),
        ({"app_secret": "kort"}, "app-geheim"),
    ],
)
async def test_what_is_wrong_is_named(reachable: World, changes: dict[str, str], words: str) -> None:
    await reachable.services.store.channels.remove("vlaanderen", "whatsapp", "test")
    with pytest.raises(CannotConnect, match=words):
        await whatsapp(reachable, **changes)
    assert await reachable.services.store.channels.get("vlaanderen", "whatsapp") is None


async def test_telegram_is_connected_and_works(world: World) -> None:
    done = await telegram(world)
    assert done.name == "Rugzicht (@rugzicht_bot)"
    assert done.link == "https://t.me/rugzicht_bot"
    assert world.telegram.webhook["url"] == f"{PUBLIC}/webhooks/telegram/vlaanderen"
    assert {"message", "callback_query"} <= set(world.telegram.webhook["allowed_updates"])
    assert set(world.telegram.commands) == {"start", "stop", "help", "privacy", "wis"}
    body = b'{"update_id": 1}'
    secret = {"X-Telegram-Bot-Api-Secret-Token": world.telegram.webhook["secret_token"]}
    answer = await world.http.post("/webhooks/telegram/vlaanderen", content=body, headers=secret)
    assert answer.status_code == 200


@pytest.mark.parametrize("token", ["123456789:AAF-een-ander-token-0123456789", "geen token", ""])
async def test_a_wrong_token_of_telegram_is_named(world: World, token: str) -> None:
    await world.services.store.channels.remove("vlaanderen", "telegram", "test")
    with pytest.raises(CannotConnect, match="BotFather"):
        await telegram(world, token)
    assert await world.services.store.channels.get("vlaanderen", "telegram") is None


@pytest.mark.parametrize("address", ["", "http://chat.voorbeeld.nl", "chat.voorbeeld.nl"])
async def test_both_platforms_want_https(world: World, address: str) -> None:
    with pytest.raises(CannotConnect, match="https"):
        await telegram(world, public=address)
    with pytest.raises(CannotConnect, match="https"):
        callback_url(address, "whatsapp", "demo")


async def test_a_platform_that_is_not_reachable_is_named(world: World) -> None:
    channels = world.services.store.channels
    with pytest.raises(CannotConnect, match="niet te bereiken"):
        await connect_telegram(channels, "demo", {"token": fake_telegram.TOKEN}, PUBLIC, "http://127.0.0.1:9")
    with pytest.raises(CannotConnect, match="niet te bereiken"):
        await connect_whatsapp(channels, "demo", ENTERED, fake_graph.ACCOUNT, PUBLIC, "http://127.0.0.1:9")


async def test_without_a_key_nothing_is_kept(world: World, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    await asyncio.to_thread(upgrade, url)
    async with Store.open(url, vault=Vault()) as store:
        with pytest.raises(NoKey, match="RUGGESTEUN_KEYS"):
            await connect_telegram(
                store.channels, "demo", {"token": fake_telegram.TOKEN}, PUBLIC, world.settings.telegram_api
            )


async def test_the_command(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(
        var=tmp_path, keys=Fernet.generate_key().decode(), telegram_api=world.settings.telegram_api, public_url=PUBLIC
    )
    monkeypatch.setattr("bot.channels.kanaal.settings", lambda: chosen)
    run = CliRunner().invoke
    done = await asyncio.to_thread(run, command_line, ["kanaal", "telegram", "demo"], input=f"{fake_telegram.TOKEN}\n")
    assert done.exit_code == 0, done.output
    assert "https://t.me/rugzicht_bot" in done.output
    assert fake_telegram.TOKEN not in done.output
    off = await asyncio.to_thread(run, command_line, ["kanaal", "telegram", "demo", "--uit"])
    assert off.exit_code == 0
    async with Store.open(chosen.store_url, vault=Vault.of(chosen.keys)) as store:
        found = await store.channels.get("demo", "telegram")
    assert found is not None
    assert not found.enabled


async def test_the_command_names_an_unknown_practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Settings(var=tmp_path, public_url=PUBLIC)
    monkeypatch.setattr("bot.channels.kanaal.settings", lambda: chosen)
    done = await asyncio.to_thread(CliRunner().invoke, command_line, ["kanaal", "telegram", "bestaat-niet"])
    assert done.exit_code == 1
    assert "bestaat-niet is er niet" in done.output
