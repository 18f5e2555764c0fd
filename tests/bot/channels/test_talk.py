"""What people see in WhatsApp and in Telegram, over HTTP from the webhook to the platform."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.incoming import ChannelName
from tests.bot.channels.every_reply import LIBRARY
from tests.bot.channels.world import OnTelegram, OnWhatsApp, World
from tests.bot.post import post

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEMO = LIBRARY.practices["demo"]
both = pytest.mark.parametrize("channel", ["whatsapp", "telegram"])


@both
async def test_a_question_is_answered(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    anna.sees("Wandelen, fietsen en zwemmen")
    assert world.rasa.heard[-1]["text"] == "mag ik sporten?"


@both
async def test_the_first_message_explains_in_three_lines_once(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    introduction = anna.read(anna.seen[0])
    trial = LIBRARY.privacy.proef if LIBRARY.privacy else ()
    assert len(introduction.split("\n\n")) == len(trial) + 3, "the practice of the tests is tried out, and says so"
    assert "Let op: dit is een proef." in introduction
    for words in (
        DEMO.naam,
        DEMO.website or "?",
        "computerprogramma",
        "geen mens",
        "niet gemaakt voor medische",
        "112",
    ):
        assert words in introduction
    await anna.types("en wandelen?")
    assert "computerprogramma" not in anna.text


@both
async def test_who_goes_on_after_the_first_message_agrees(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    anna.sees("Ga je hier verder? Dan vind je het goed dat ik dit gesprek kort bewaar.")
    first = await world.services.store.get_conversation(anna.conversation)
    assert first is not None
    assert first.consent_at is None
    assert "mag ik sporten?" not in str([row.body for row in await world.services.store.messages(anna.conversation)])
    await anna.types("en wandelen?")
    second = await world.services.store.get_conversation(anna.conversation)
    assert second is not None
    assert second.consent_at is not None


@both
async def test_an_alarm_comes_before_the_introduction(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("ik kan niet meer plassen")
    assert "Bel nu je huisarts." in anna.read(anna.seen[0]).partition("\n")[0]
    assert "computerprogramma" in anna.read(anna.seen[-1])
    anna.sees(post(DEMO).telefoon, "112")


@both
async def test_a_button_is_pressed(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    await anna.presses("Vertel meer")
    assert world.rasa.heard[-1]["intent"] == "vertel_meer"
    assert world.rasa.heard[-1]["entities"] == {"onderwerp": "sport"}
    anna.sees("Helemaal stoppen is maar zelden nodig")


@both
@pytest.mark.parametrize("said", ["1", "vertel meer", "vertl meer", "Vertel", "nummer 1"])
async def test_a_choice_is_typed(world: World, channel: ChannelName, said: str) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    await anna.types(said)
    assert world.rasa.heard[-1]["intent"] == "vertel_meer"


@both
async def test_a_number_is_a_choice_under_the_last_message_only(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("5")
    assert "intent" not in world.rasa.heard[-1]
    world.rasa.topic = "slaap"
    await anna.types("hoe slaap ik goed?")
    await anna.types("1")
    assert world.rasa.heard[-1]["entities"] == {"onderwerp": "slaap"}


@both
async def test_the_choices_under_an_alarm_can_be_typed(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("ik kan niet meer plassen")
    await anna.types("ik krijg niemand")
    assert world.rasa.heard[-1]["intent"] == "alarm_niemand"


@both
async def test_a_button_of_long_ago_or_of_nobody(world: World, channel: ChannelName) -> None:
    anna = await world.on(channel).types("hoi")
    await anna.press("topic.slaap")
    assert world.rasa.heard[-1]["intent"] == "vraag_slaap"
    await anna.press("topic.bestaat_niet")
    anna.sees("Deze knop ken ik niet meer")
    await anna.press("/restart")
    anna.sees("Deze knop ken ik niet meer")


@both
async def test_a_drawing_has_its_description(world: World, channel: ChannelName) -> None:
    world.rasa.topic = next(topic.id for topic in LIBRARY.topics.values() if topic.image)
    image = LIBRARY.topics[world.rasa.topic].image or ""
    for _ in range(2):
        (await world.on(channel).types("hoe doe ik dat?")).sees(LIBRARY.drawings[image].alt)
    uploads = world.graph.media if channel == "whatsapp" else world.telegram.photos
    assert len(uploads) == 1, "the same drawing is uploaded once"


# ---- commands


@both
@pytest.mark.parametrize("said", ["/start", "start", "/start linkje", "Start."])
async def test_start_shows_who_i_am_and_topics(world: World, channel: ChannelName, said: str) -> None:
    anna = await world.on(channel).types(said)
    assert len(anna.seen) == 1
    anna.sees(DEMO.naam, "geen mens")
    await anna.presses("Sporten" if channel == "whatsapp" else "Mag ik sporten met rugpijn?")
    assert world.rasa.heard[-1]["intent"] == "vraag_sport"


@both
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/help", "in gewone woorden"),
        ("help", "in gewone woorden"),
        ("/help@rugzicht_bot", "in gewone woorden"),
        ("/privacy", "Niemand leest hier mee"),
        ("stop", "ik stop"),
        ("/stop", "ik stop"),
    ],
)
async def test_commands(world: World, channel: ChannelName, said: str, words: str) -> None:
    (await world.on(channel).types(said)).sees(words)
    assert world.rasa.heard == []


@both
@pytest.mark.parametrize("said", ["wis", "/wis", "Wis mijn gesprek"])
async def test_wis_forgets_everything(world: World, channel: ChannelName, said: str) -> None:
    anna = await world.on(channel).types("mag ik sporten?")
    conversation = anna.conversation
    assert await world.services.store.messages(conversation)
    (await anna.types(said)).sees("Ik heb dit gesprek gewist.")
    assert await world.services.store.get_conversation(conversation) is None
    assert world.rasa.forgotten == [conversation]
    (await anna.types("hoi")).sees("computerprogramma")


@both
@pytest.mark.parametrize("said", ["stop ik maar met sporten?", "/start_iets", "help mijn rug doet pijn"])
async def test_a_sentence_is_no_command(world: World, channel: ChannelName, said: str) -> None:
    await world.on(channel).types(said)
    assert len(world.rasa.heard) == 1


@both
@pytest.mark.parametrize("said", ["/", " // ", "/ /"])
async def test_a_bare_slash_gets_help(world: World, channel: ChannelName, said: str) -> None:
    (await world.on(channel).types(said)).sees("in gewone woorden")


# ---- what cannot be read


WHATSAPP_MEDIA: dict[str, Any] = {
    "image": {"mime_type": "image/jpeg", "sha256": "x", "id": "1"},
    "audio": {"mime_type": "audio/ogg; codecs=opus", "sha256": "x", "id": "1", "voice": True},
    "video": {"mime_type": "video/mp4", "sha256": "x", "id": "1"},
    "document": {"filename": "verwijzing.pdf", "mime_type": "application/pdf", "sha256": "x", "id": "1"},
    "sticker": {"mime_type": "image/webp", "sha256": "x", "id": "1", "animated": False},
}
FILE = {"file_id": "a", "file_unique_id": "a"}
TELEGRAM_MEDIA: dict[str, Any] = {
    "photo": [{**FILE, "width": 90, "height": 90}],
    "voice": {**FILE, "duration": 3},
    "audio": {**FILE, "duration": 3},
    "video": {**FILE, "width": 9, "height": 9, "duration": 3},
    "video_note": {**FILE, "length": 9, "duration": 3},
    "document": FILE,
    "sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False, "is_video": False},
    "animation": {**FILE, "width": 9, "height": 9, "duration": 3},
}


def cannot_hear_or_see(anna: OnWhatsApp | OnTelegram) -> None:
    anna.sees("Ik kan dit niet horen of zien", DEMO.telefoon, "plassen", "minder tussen je benen")
    anna.sees(post(DEMO).telefoon, "112")


@pytest.mark.parametrize("kind", WHATSAPP_MEDIA)
async def test_media_on_whatsapp(world: World, kind: str) -> None:
    anna = OnWhatsApp(world, "demo", 7_000_000 + list(WHATSAPP_MEDIA).index(kind))
    await anna.delivers(anna.delivery(anna.message(kind, WHATSAPP_MEDIA[kind])))
    cannot_hear_or_see(anna)


@pytest.mark.parametrize("kind", TELEGRAM_MEDIA)
async def test_media_on_telegram(world: World, kind: str) -> None:
    anna = OnTelegram(world, "demo", 7_000_000 + list(TELEGRAM_MEDIA).index(kind))
    await anna.delivers(anna.update(message=anna.message(**{kind: TELEGRAM_MEDIA[kind]})))
    cannot_hear_or_see(anna)


async def test_what_stands_under_a_photo_is_read(world: World) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    photo = {**WHATSAPP_MEDIA["image"], "caption": "ik kan niet meer plassen"}
    await anna.delivers(anna.delivery(anna.message("image", photo)))
    assert anna.read(anna.seen[0]).startswith("*Bel nu je huisarts.*")
    anna.sees("Ik las alleen je tekst")
    bert = world.on("telegram")
    assert isinstance(bert, OnTelegram)
    await bert.delivers(bert.update(message=bert.message(photo=TELEGRAM_MEDIA["photo"], caption="mag ik sporten?")))
    bert.sees("Wandelen, fietsen en zwemmen", "Ik las alleen je tekst")


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("location", {"latitude": 52.1, "longitude": 5.1}, "Met je locatie kan ik niets doen"),
        ("contacts", [{"name": {"formatted_name": "Piet"}, "phones": []}], "Met een contact kan ik niets doen"),
        ("order", {"catalog_id": "1", "product_items": []}, "Dit soort bericht kan ik niet lezen"),
        ("iets_nieuws", {"a": 1}, "Dit soort bericht kan ik niet lezen"),
        ("unsupported", {"type": "poll"}, "Dit soort bericht kan ik niet lezen"),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow"}}, "Dit soort bericht kan ik niet lezen"),
    ],
)  # fmt: skip
async def test_other_kinds_on_whatsapp(world: World, kind: str, content: Any, words: str) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    await anna.delivers(anna.delivery(anna.message(kind, content)))
    anna.sees(words, DEMO.telefoon, "112")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"location": {"latitude": 52.1, "longitude": 5.1}}, "Met je locatie kan ik niets doen"),
        ({"contact": {"phone_number": "31612345678", "first_name": "Piet"}}, "Met een contact kan ik niets doen"),
        ({"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                   "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}}, "niet horen of zien"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "niet horen of zien"),
        ({"iets_nieuws": {"a": 1}}, "Dit soort bericht kan ik niet lezen"),
    ],
)  # fmt: skip
async def test_other_kinds_on_telegram(world: World, content: Any, words: str) -> None:
    anna = world.on("telegram")
    assert isinstance(anna, OnTelegram)
    await anna.delivers(anna.update(message=anna.message(**content)))
    anna.sees(words, "112")


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("reaction", {"message_id": "wamid.1", "emoji": "👍"}),
        ("revoke", {"original_message_id": "wamid.1"}),
        ("system", {"body": "Anna changed from 1 to 2", "type": "user_changed_number", "wa_id": "2"}),
    ],
)
async def test_what_asks_for_nothing_gets_nothing_on_whatsapp(world: World, kind: str, content: Any) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    await anna.delivers(anna.delivery(anna.message(kind, content)))
    anna.sees_nothing()


async def test_what_asks_for_nothing_gets_nothing_on_telegram(world: World) -> None:
    anna = world.on("telegram")
    assert isinstance(anna, OnTelegram)
    channel = {"id": -100, "type": "channel", "title": "Nieuws"}
    post = {"message_id": 1, "chat": channel, "date": 1_700_000_000, "text": "hoi"}
    bot = {**anna.user, "is_bot": True}
    await anna.delivers(
        anna.update(channel_post=post),
        anna.update(edited_channel_post=post),
        anna.update(message=anna.message(text="hoi", **{"from": bot})),
        anna.update(message=anna.message(pinned_message=anna.message(text="hoi"))),
        anna.update(message_reaction={"chat": anna.chat, "message_id": 1, "date": 1, "new_reaction": []}),
        anna.update(iets_nieuws={"a": 1}),
        anna.update(),
    )  # fmt: skip
    anna.sees_nothing()
    assert world.telegram.sent == []


async def test_an_edited_message_is_read_anew(world: World) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    edit = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "mag ik sporten?"}}}
    await anna.delivers(anna.delivery(anna.message("edit", edit)))
    anna.sees("Wandelen, fietsen en zwemmen")
    bert = world.on("telegram")
    assert isinstance(bert, OnTelegram)
    await bert.delivers(
        bert.update(edited_message=bert.message(text="ik kan niet meer plassen", edit_date=2_000_000_000))
    )
    bert.sees("Bel nu je huisarts.")


# ---- groups, and people who leave


async def test_a_group_on_telegram_gets_one_polite_line(world: World) -> None:
    anna = world.on("telegram")
    assert isinstance(anna, OnTelegram)
    group = {"id": -anna.number, "type": "supergroup", "title": "Familie"}
    here = anna.message(text="ik kan niet meer plassen", chat=group)
    await anna.delivers(anna.update(message=here), anna.update(message={**here, "message_id": 2}))
    assert [message["chat"] for message in world.telegram.sent] == [str(-anna.number)]
    assert "niet in een groep" in world.telegram.texts()[0]
    assert world.rasa.heard == []


async def test_a_group_on_whatsapp_gets_one_polite_line(world: World) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    here = [anna.message("text", {"body": "hoi"}, group_id=f"Y2FwaV9ncm91cDo{anna.number}") for _ in range(2)]
    await anna.delivers(anna.delivery(*here))
    assert len(world.graph.sent) == 1
    assert world.graph.sent[0]["recipient_type"] == "group"
    assert world.rasa.heard == []


async def test_who_blocks_the_bot_is_forgotten(world: World) -> None:
    anna = world.on("telegram")
    assert isinstance(anna, OnTelegram)
    await anna.types("mag ik sporten?")
    conversation = anna.conversation
    bot = {"id": 123456789, "is_bot": True, "first_name": "Rugzicht"}
    gone = {"user": bot, "status": "kicked", "until_date": 0}
    change = {
        "chat": anna.chat,
        "from": anna.user,
        "date": 1,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": gone,
    }
    await anna.delivers(anna.update(my_chat_member=change))
    anna.sees_nothing()
    assert await world.services.store.get_conversation(conversation) is None


async def test_who_blocked_the_bot_meanwhile_is_forgotten(world: World) -> None:
    anna = await world.on("telegram").types("mag ik sporten?")
    conversation = anna.conversation
    world.telegram.blocked.add(str(anna.number))
    (await anna.types("en wandelen?")).sees_nothing()
    assert await world.services.store.get_conversation(conversation) is None


# ---- people without a phone number; who is whom


async def test_a_person_without_a_phone_number_is_answered(world: World) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    message = anna.message("text", {"body": "mag ik sporten?"})
    del message["from"]
    contact = {"profile": {"name": "Anna", "username": "anna"}, "user_id": anna.user_id}
    await anna.delivers(anna.delivery(message, contacts=[contact]))
    anna.sees("Wandelen, fietsen en zwemmen")
    assert {message["recipient"] for message in world.graph.sent} == {anna.user_id}


async def test_the_same_person_with_and_without_phone_number_is_one(world: World) -> None:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    await anna.types("mag ik sporten?")
    message = anna.message("text", {"body": "1"}, from_user_id=anna.user_id)
    del message["from"]
    await anna.delivers(anna.delivery(message, contacts=[]))
    assert world.rasa.heard[-1]["intent"] == "vertel_meer"
    assert len({heard["sender"] for heard in world.rasa.heard}) == 1


@both
async def test_neither_number_nor_name_reaches_rasa_logs_or_tables(
    world: World, channel: ChannelName, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "bot")
    caplog.set_level("WARNING")
    anna = await world.on(channel).types("mag ik sporten? bel me op 06 12345678")
    world.telegram.failures.append((400, {"ok": False, "error_code": 400, "description": "Bad Request: Anna Geheim"}))
    world.graph.failures.append((400, 131026))
    await anna.types("en wandelen?")
    ids = [anna.phone, anna.user_id] if isinstance(anna, OnWhatsApp) else [f"{anna.number:09}"]
    secrets = [*ids, "Geheim", "12345678"]
    database = b"".join(path.read_bytes() for path in world.settings.var.glob("ruggesteun.db*"))
    for secret in secrets:
        assert secret not in str(world.rasa.heard)
        assert secret not in caplog.text
        assert secret.encode() not in database


@both
async def test_one_person_at_two_practices_is_two(world: World, channel: ChannelName) -> None:
    await world.switch_on("vlaanderen")
    anna = await world.on(channel).types("mag ik sporten?")
    anna.practice = "vlaanderen"
    await anna.types("mag ik sporten?")
    anna.sees(LIBRARY.practices["vlaanderen"].naam)
    assert len({heard["sender"] for heard in world.rasa.heard}) == 2


# ---- too much, too long, too late


@both
async def test_a_text_that_is_too_long(world: World, channel: ChannelName) -> None:
    (await world.on(channel).types("mijn rug is stijf. " * 60)).sees("Je bericht is te lang")
    (await world.on(channel).types("mijn rug is stijf. " * 60 + "ik kan niet meer plassen")).sees("Bel nu je huisarts.")
    assert world.rasa.heard == []


@both
async def test_who_writes_too_fast_is_told_once_and_alarms_go_on(world: World, channel: ChannelName) -> None:
    world.services.messages._per_minute = 2
    try:
        anna = world.on(channel)
        for _ in range(2):
            await anna.types("mag ik sporten?")
        (await anna.types("hallo")).sees("Je stuurt veel berichten")
        (await anna.types("hallo")).sees_nothing()
        (await anna.types("ik kan niet meer plassen")).sees("Bel nu je huisarts.")
    finally:
        world.services.messages._per_minute = 0


@both
async def test_while_rasa_is_dead_the_fixed_texts_come(world: World, channel: ChannelName) -> None:
    world.rasa.dead = True
    (await world.on(channel).types("mag ik sporten?")).sees("er gaat bij mij iets mis", DEMO.telefoon)
    (await world.on(channel).types("ik kan niet meer plassen")).sees("Bel nu je huisarts.")
