"""Connect a practice to WhatsApp or Telegram: check what it entered with the platform, set the webhook."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ValidationError
from pywa.errors import AuthorizationError, WhatsAppError
from telegram import BotCommand
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.channels.incoming import ChannelName
from bot.channels.telegram import outlet as telegram
from bot.channels.whatsapp import outlet as whatsapp
from store.channels import Channels

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
COMMANDS = (
    BotCommand("start", "Begin opnieuw"),
    BotCommand("help", "Wat kan ik vragen?"),
    BotCommand("privacy", "Wat wordt bewaard?"),
    BotCommand("wis", "Wis dit gesprek"),
    BotCommand("stop", "Stop"),
)


class CannotConnect(Exception):
    """What is wrong and what to do about it, in Dutch."""


@dataclass(frozen=True)
class Connected:
    """`name` is the number or the bot as the platform knows it, `link` what goes on the practice's website.

    `by_hand` says why the webhook must still be pasted by hand; empty when it is set.
    """

    name: str
    link: str
    callback: str
    verify_token: str = ""
    by_hand: str = ""


def callback_url(public_url: str, channel: ChannelName, practice: str) -> str:
    """Where the platform delivers. Raises CannotConnect: both platforms want https."""
    if not public_url.startswith("https://"):
        raise CannotConnect(
            "Het adres van de server moet met https:// beginnen. Zet het in RUGGESTEUN_PUBLIC_URL, of geef het mee "
            "met --adres."
        )
    return f"{public_url.rstrip('/')}/webhooks/{channel}/{practice}"


async def connect_whatsapp(
    channels: Channels, practice: str, entered: dict[str, str], account: str, public_url: str, api: str
) -> Connected:
    """Check, keep and switch on. `entered` holds phone_number_id, access_token and app_secret; `account` is the id of
    the WhatsApp Business Account. Raises CannotConnect, and what the store raises."""
    url = callback_url(public_url, "whatsapp", practice)
    known = await _known(channels, practice, "whatsapp")
    token = known.get("verify_token") or secrets.token_urlsafe(24)
    credentials = _checked(whatsapp.WhatsAppCredentials, {**entered, "verify_token": token})
    client = whatsapp.client(credentials, api)
    try:
        try:
            number = await client.get_business_phone_number()
        except AuthorizationError as error:
            raise CannotConnect("WhatsApp kent dit toegangstoken niet, of het is verlopen. Maak een nieuw.") from error
        except WhatsAppError as error:
            raise CannotConnect(
                f"WhatsApp kent dit nummer niet bij dit token (fout {error.code}). Kijk na of het id van het "
                "telefoonnummer klopt."
            ) from error
        # On first: the platform asks the address for its token before it takes it.
        await channels.save(practice, "whatsapp", credentials.model_dump(), True, "ruggesteun kanaal")
        by_hand = ""
        try:
            await client.override_waba_callback_url(url, token, waba_id=account)
        except WhatsAppError as error:
            by_hand = f"WhatsApp nam het adres niet aan (fout {error.code})"
    except httpx.HTTPError as error:
        raise CannotConnect("WhatsApp is nu niet te bereiken. Probeer het later nog eens.") from error
    finally:
        await client.api._session.aclose()
    digits = "".join(sign for sign in number.display_phone_number or "" if sign.isdigit())
    name = f"{number.verified_name} ({number.display_phone_number})"
    return Connected(name, f"https://wa.me/{digits}", url, token, by_hand)


async def connect_telegram(
    channels: Channels, practice: str, entered: dict[str, str], public_url: str, api: str
) -> Connected:
    """Check, keep and switch on. `entered` holds token. Raises CannotConnect, and what the store raises."""
    url = callback_url(public_url, "telegram", practice)
    known = await _known(channels, practice, "telegram")
    secret = known.get("secret") or secrets.token_urlsafe(32)
    credentials = _checked(telegram.TelegramCredentials, {**entered, "secret": secret})
    bot = telegram.client(credentials, api)
    try:
        me = await bot.get_me()
        await channels.save(practice, "telegram", credentials.model_dump(), True, "ruggesteun kanaal")
        await bot.set_webhook(url, secret_token=secret, allowed_updates=UPDATES)
        await bot.set_my_commands(COMMANDS)
        if (await bot.get_webhook_info()).url != url:
            raise CannotConnect("Telegram nam het adres niet aan. Probeer het nog eens.")
    except InvalidToken as error:
        raise CannotConnect("Telegram kent dit token niet. Vraag BotFather om een nieuw: /token.") from error
    except NetworkError as error:
        if type(error) is NetworkError:
            raise CannotConnect("Telegram is nu niet te bereiken. Probeer het later nog eens.") from error
        raise CannotConnect(f"Telegram nam dit niet aan: {error}") from error
    except TelegramError as error:
        raise CannotConnect(f"Telegram nam dit niet aan: {error}") from error
    finally:
        await telegram.close(bot)
    return Connected(f"{me.full_name} (@{me.username})", f"https://t.me/{me.username}", url)


async def _known(channels: Channels, practice: str, channel: ChannelName) -> dict[str, str]:
    """What is kept already: the words of our own making stay as they are, or the platform's side would not fit."""
    found = await channels.get(practice, channel)
    return dict(found.credentials) if found else {}


_NAMES = {
    "phone_number_id": "het id van het telefoonnummer (alleen cijfers)",
    "access_token": "het toegangstoken",
    "app_secret": "het app-geheim",
    "token": "het token van BotFather (cijfers, dubbele punt, letters)",
}


def _checked[Model: BaseModel](model: type[Model], entered: dict[str, str]) -> Model:
    try:
        return model.model_validate(entered)
    except ValidationError as error:
        wrong = [_NAMES.get(str(problem["loc"][0]), str(problem["loc"][0])) for problem in error.errors()]
        raise CannotConnect(f"Dit klopt niet: {', '.join(wrong)}. Plak het nog eens, zonder spaties.") from error
