"""`ruggesteun kanaal`: a practice switches WhatsApp or Telegram on, or off again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import StrEnum
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from content import ContentError, LiveLibrary
from practices.book import Book
from settings import Settings, settings
from store import BadKey, NoKey, Store, Vault, upgrade


class ChannelKind(StrEnum):
    """The channels that a practice can switch on."""

    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"


def kanaal(
    soort: Annotated[ChannelKind, typer.Argument(help="whatsapp of telegram.")],
    praktijk: Annotated[str, typer.Argument(help="Het id van de praktijk.")],
    adres: Annotated[str, typer.Option(help="Adres van de server; anders RUGGESTEUN_PUBLIC_URL.")] = "",
    uit: Annotated[bool, typer.Option("--uit", help="Zet het kanaal uit.")] = False,
) -> None:
    """Sluit een praktijk aan op WhatsApp of Telegram, of zet zo'n kanaal weer uit."""
    from bot.channels.connect import CannotConnect  # here: the platforms' libraries take a second to load

    chosen = settings()
    try:
        asyncio.run(_switch_off(chosen, soort, praktijk) if uit else _connect(chosen, soort, praktijk, adres))
    except (CannotConnect, BadKey, NoKey, ContentError) as error:
        _refuse(str(error))
    except (SQLAlchemyError, OSError) as error:
        _refuse(f"De database doet het niet ({type(error).__name__}). Kijk naar RUGGESTEUN_DATABASE_URL en de schijf.")


@contextlib.asynccontextmanager
async def _store_of(chosen: Settings, praktijk: str) -> AsyncIterator[Store]:
    """The store, when it or the content knows the practice."""
    await asyncio.to_thread(upgrade, chosen.store_url)
    async with Store.open(chosen.store_url, vault=Vault.of(chosen.keys)) as store:
        book = Book(LiveLibrary(chosen.content), store)
        await book.refresh()
        if book.get(praktijk) is None:
            _refuse(f"Praktijk {praktijk} is er niet. Kijk met: ruggesteun praktijk list")
        yield store


async def _switch_off(chosen: Settings, soort: ChannelKind, praktijk: str) -> None:
    async with _store_of(chosen, praktijk) as store:
        if not await store.channels.switch(praktijk, soort.value, False, "ruggesteun kanaal"):
            _refuse(f"{praktijk} heeft geen {soort.value}.")
    print(f"{soort.value} van {praktijk} staat uit. Wie nu schrijft, krijgt geen antwoord meer.")


async def _connect(chosen: Settings, soort: ChannelKind, praktijk: str, adres: str) -> None:
    from bot.channels import connect

    address = adres or chosen.public_url
    connect.callback_url(address, soort.value, praktijk)  # before anything is asked
    async with _store_of(chosen, praktijk) as store:
        if soort is ChannelKind.WHATSAPP:
            entered = {
                "phone_number_id": typer.prompt("Id van het telefoonnummer"),
                "access_token": typer.prompt("Toegangstoken (je ziet niet wat je plakt)", hide_input=True),
                "app_secret": typer.prompt("App-geheim (je ziet niet wat je plakt)", hide_input=True),
            }
            account = typer.prompt("Id van het WhatsApp Business-account").strip()
            done = await connect.connect_whatsapp(
                store.channels, praktijk, entered, account, address, chosen.whatsapp_api
            )
        else:
            entered = {"token": typer.prompt("Token van BotFather (je ziet niet wat je plakt)", hide_input=True)}
            done = await connect.connect_telegram(store.channels, praktijk, entered, address, chosen.telegram_api)
    print(f"Aangesloten: {done.name}")
    print(f"Zet deze link op je website: {done.link}")
    if done.by_hand:
        print(f"\nNog één ding. {done.by_hand}. Zet het adres er zelf in, bij Meta for Developers, WhatsApp,")
        print("Configuratie, Webhook:")
        print(f"  Callback-URL:            {done.callback}")
        print(f"  Token voor verificatie:  {done.verify_token}")
        print("  Veld om aan te zetten:   messages")
        raise typer.Exit(1)
    print(f"Berichten komen binnen op {done.callback}")


def _refuse(message: str) -> NoReturn:
    typer.secho(message, fg="red", err=True)
    raise typer.Exit(1)
