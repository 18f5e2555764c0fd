"""The webhooks over HTTP: 200 for what is signed, 401 for what is not, 503 only while nothing can be written."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from bot.channels.incoming import ChannelName
from bot.channels.telegram.read import read as read_telegram
from bot.channels.whatsapp.read import read as read_whatsapp
from bot.privacy import pseudonym
from tests.bot.channels import fake_graph
from tests.bot.channels.every_reply import LIBRARY
from tests.bot.channels.world import SECRET, VERIFY_TOKEN, WHATSAPP, OnTelegram, OnWhatsApp, World

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEMO = LIBRARY.practices["demo"]
both = pytest.mark.parametrize("channel", ["whatsapp", "telegram"])
ALARM = "ik kan niet meer plassen"


def whatsapp(world: World) -> OnWhatsApp:
    anna = world.on("whatsapp")
    assert isinstance(anna, OnWhatsApp)
    return anna


def telegram(world: World) -> OnTelegram:
    anna = world.on("telegram")
    assert isinstance(anna, OnTelegram)
    return anna


def signed(body: bytes, secret: str = fake_graph.APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


# ---- who may deliver


async def test_whatsapp_verifies_the_address(world: World) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = await world.http.get("/webhooks/whatsapp/demo", params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "changes", [{"hub.verify_token": "fout"}, {"hub.verify_token": ""}, {"hub.mode": "x"}, {"hub.verify_token": "é"}]
)
async def test_a_wrong_verify_token_is_refused(world: World, changes: dict[str, str]) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444", **changes}
    answer = await world.http.get("/webhooks/whatsapp/demo", params=query)
    assert answer.status_code == 403
    assert "1158201444" not in answer.text


BODY = b'{"object": "whatsapp_business_account", "entry": []}'


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": signed(BODY + b" ")},
        {"X-Hub-Signature-256": signed(BODY, "een ander geheim")},
        {"X-Hub-Signature-256": signed(BODY).removeprefix("sha256=")},
        {"X-Hub-Signature-256": signed(BODY).replace("sha256", "sha1")},
        {"X-Hub-Signature-256": "sha256=" + "é" * 64},
        {"X-Hub-Signature": signed(BODY)},
    ],
)
async def test_whatsapp_without_the_right_signature(world: World, headers: dict[str, str]) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await world.http.post("/webhooks/whatsapp/demo", content=BODY, headers=raw)
    assert answer.status_code == 401


@pytest.mark.parametrize("secret", [None, "", "fout", SECRET + "x", SECRET[:-1], "é"])
async def test_telegram_without_the_right_secret(world: World, secret: str | None) -> None:
    raw = [] if secret is None else [(b"X-Telegram-Bot-Api-Secret-Token", secret.encode())]
    answer = await world.http.post("/webhooks/telegram/demo", content=b'{"update_id": 1}', headers=raw)
    assert answer.status_code == 401


@both
@pytest.mark.parametrize("practice", ["bestaat-niet", "vlaanderen", "%00", "a" * 500, "..", "Demo"])
async def test_a_practice_without_the_channel(world: World, channel: ChannelName, practice: str) -> None:
    await world.services.store.channels.remove("vlaanderen", channel, "test")
    headers = {"X-Hub-Signature-256": signed(BODY), "X-Telegram-Bot-Api-Secret-Token": SECRET}
    answer = await world.http.post(f"/webhooks/{channel}/{practice}", content=BODY, headers=headers)
    assert answer.status_code in {401, 404}


async def test_a_channel_that_was_switched_off(world: World) -> None:
    anna = telegram(world)
    channels = world.services.store.channels
    await channels.switch("demo", "telegram", False, "test")
    try:
        (answer,) = await anna.delivers(anna.update(message=anna.message(text="hoi")))
        assert answer.status_code == 401
        anna.sees_nothing()
    finally:
        await channels.switch("demo", "telegram", True, "test")
    await anna.types("hoi")
    assert anna.seen


async def test_the_bytes_are_checked_and_not_what_they_mean(world: World) -> None:
    anna = whatsapp(world)
    body = json.dumps(anna.delivery(anna.message("text", {"body": "hoi"})), indent=4).encode()
    assert (await anna.post(body)).status_code == 200
    other = json.dumps(json.loads(body)).encode()
    answer = await world.http.post(
        "/webhooks/whatsapp/demo", content=other, headers={"X-Hub-Signature-256": signed(body)}
    )
    assert answer.status_code == 401


async def test_a_body_without_end_is_not_read(world: World) -> None:
    answer = await world.http.post("/webhooks/whatsapp/demo", content=b"x" * (5 * 2**20))
    assert answer.status_code == 401


# ---- once, in order, and again after a crash


async def test_a_batch_is_worked_off_whole(world: World) -> None:
    anna, bert = whatsapp(world), whatsapp(world)
    first = anna.delivery(anna.message("text", {"body": "mag ik sporten?"}))
    second = bert.delivery(bert.message("text", {"body": ALARM}), bert.message("text", {"body": "wat nu?"}))
    change = second["entry"][0]["changes"][0]
    first["entry"][0]["changes"].append(change)
    first["entry"].append(
        {"id": "2", "changes": [anna.delivery(anna.message("text", {"body": "en nu?"}))["entry"][0]["changes"][0]]}
    )
    await anna.delivers(first)
    assert sorted(heard["text"] for heard in world.rasa.heard) == sorted(
        [ALARM, "en nu?", "mag ik sporten?", "wat nu?"]
    )
    seen = [message for message in world.graph.sent if message.get("to") == bert.phone]
    assert bert.read(seen[0]).startswith("*Bel nu je huisarts.*")


@both
async def test_a_message_that_comes_twice_is_answered_once(world: World, channel: ChannelName) -> None:
    anna = world.on(channel)
    if isinstance(anna, OnWhatsApp):
        payload = anna.delivery(anna.message("text", {"body": "mag ik sporten?"}))
    else:
        assert isinstance(anna, OnTelegram)
        payload = anna.update(message=anna.message(text="mag ik sporten?"))
    answers = await anna.delivers(payload, payload)
    assert [answer.status_code for answer in answers] == [200, 200]
    await anna.delivers(payload)
    anna.sees_nothing()
    assert len(world.rasa.heard) == 1


async def test_both_at_once_are_answered_once(world: World) -> None:
    anna = whatsapp(world)
    body = json.dumps(anna.delivery(anna.message("text", {"body": "mag ik sporten?"}))).encode()
    answers = await asyncio.gather(*(anna.post(body) for _ in range(8)))
    await world.hub.settle(60)
    assert {answer.status_code for answer in answers} == {200}
    assert len(world.rasa.heard) == 1


@both
async def test_messages_of_one_person_are_answered_in_order(world: World, channel: ChannelName) -> None:
    anna, now = world.on(channel), int(time.time())
    world.rasa.hold = asyncio.Event()
    for number in (3, 2, 1):
        if isinstance(anna, OnWhatsApp):
            message = anna.message("text", {"body": f"vraag {number}"}, timestamp=str(now - 10 + number))
            payload = anna.delivery(message)
        else:
            assert isinstance(anna, OnTelegram)
            payload = anna.update(message=anna.message(text=f"vraag {number}", date=now - 10 + number))
        assert (await anna.post(json.dumps(payload).encode())).status_code == 200
        while not world.rasa.heard:  # noqa: ASYNC110 - the first is now being answered, the others have to wait
            await asyncio.sleep(0.01)
    assert len(world.rasa.heard) == 1
    world.rasa.hold.set()
    await world.hub.settle(60)
    # Of those that waited, the one that was sent first goes first.
    assert [heard["text"] for heard in world.rasa.heard] == ["vraag 3", "vraag 1", "vraag 2"]


@both
async def test_one_person_does_not_wait_for_another(world: World, channel: ChannelName) -> None:
    anna, bert = world.on(channel), world.on(channel)
    world.rasa.hold = asyncio.Event()
    for person in (anna, bert):
        if isinstance(person, OnWhatsApp):
            payload = person.delivery(person.message("text", {"body": "hoi"}))
        else:
            assert isinstance(person, OnTelegram)
            payload = person.update(message=person.message(text="hoi"))
        await person.post(json.dumps(payload).encode())
    while len(world.rasa.heard) < 2:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    world.rasa.hold.set()
    await world.hub.settle(60)


async def test_it_is_acknowledged_before_it_is_answered(world: World) -> None:
    anna = whatsapp(world)
    world.graph.failures.extend([(500, 1)] * 3)
    body = json.dumps(anna.delivery(anna.message("text", {"body": "mag ik sporten?"}))).encode()
    assert (await anna.post(body)).status_code == 200
    assert world.graph.sent == []
    await world.hub.settle(60)
    assert world.graph.sent


async def test_what_a_crash_left_is_answered_after_the_restart(world: World) -> None:
    anna = whatsapp(world)
    (message,) = read_whatsapp(anna.delivery(anna.message("text", {"body": ALARM})), "demo", fake_graph.NUMBER)
    channels = world.services.store.channels
    assert await channels.receive("demo", "whatsapp", message.id, message.model_dump(mode="json"))
    later = datetime.now(UTC) + timedelta(minutes=10)
    assert await world.hub.recover(later) == 1
    await world.hub.settle(60)
    assert "Bel nu je huisarts." in world.graph.texts()[0]
    assert await channels.waiting(later) == []


async def test_two_processes_take_up_a_left_message_once(world: World) -> None:
    anna = whatsapp(world)
    (message,) = read_whatsapp(anna.delivery(anna.message("text", {"body": "hoi"})), "demo", fake_graph.NUMBER)
    await world.services.store.channels.receive("demo", "whatsapp", message.id, message.model_dump(mode="json"))
    later = datetime.now(UTC) + timedelta(minutes=10)
    other = type(world.hub)(world.services, world.time.patience())
    taken = await asyncio.gather(world.hub.recover(later), other.recover(later))
    await world.hub.settle(60)
    await other.close()
    assert sum(taken) == 1
    assert len(world.rasa.heard) == 1


async def test_what_is_kept_of_a_message_is_sealed_and_then_gone(world: World) -> None:
    anna = whatsapp(world)
    name = "wamid.HBgLMzE2MTIzNDU2NzgVAgASGBQzQQ=="
    (message,) = read_whatsapp(
        anna.delivery(anna.message("text", {"body": "mijn geheime vraag"}, id=name)), "demo", fake_graph.NUMBER
    )
    channels = world.services.store.channels
    secret = world.settings.shared_secret().encode()
    key = await channels.receive("demo", "whatsapp", pseudonym(name, secret), message.model_dump(mode="json"))
    raw = b"".join(path.read_bytes() for path in world.settings.var.glob("ruggesteun.db*"))
    for words in (b"geheime vraag", anna.phone.encode(), name.encode()):
        assert words not in raw
    assert key is not None
    await channels.finish(key)


# ---- statuses, errors, other numbers


async def test_statuses_and_errors_get_no_answer(world: World, caplog: pytest.LogCaptureFixture) -> None:
    anna = whatsapp(world)
    status = {"id": "wamid.1", "status": "failed", "timestamp": "1", "recipient_id": anna.phone}
    failed = {**status, "errors": [{"code": 131047, "title": "Re-engagement message", "message": anna.phone}]}
    value = anna.delivery(contacts=[], statuses=[status, failed], errors=[{"code": 130429, "title": "Rate limit hit"}])
    (answer,) = await anna.delivers(value)
    assert answer.status_code == 200
    assert world.graph.sent == []
    assert "131047" in caplog.text
    assert "130429" in caplog.text
    assert anna.phone not in caplog.text


async def test_a_message_for_another_number_is_put_aside(world: World) -> None:
    anna = whatsapp(world)
    metadata = {"display_phone_number": "1", "phone_number_id": "999999"}
    (answer,) = await anna.delivers(anna.delivery(anna.message("text", {"body": ALARM}), metadata=metadata))
    assert answer.status_code == 200
    anna.sees_nothing()


async def test_other_fields_of_the_account_are_put_aside(world: World) -> None:
    anna = whatsapp(world)
    delivery = anna.delivery(anna.message("text", {"body": "hoi"}))
    delivery["entry"][0]["changes"][0]["field"] = "smb_message_echoes"
    (answer,) = await anna.delivers(delivery)
    assert answer.status_code == 200
    anna.sees_nothing()


# ---- too late


@both
@pytest.mark.parametrize(("text", "answered"), [("mag ik sporten?", False), (ALARM, True)])
async def test_an_old_message_is_dropped_unless_it_is_an_alarm(
    world: World, channel: ChannelName, text: str, answered: bool
) -> None:
    anna, old = world.on(channel), int(time.time()) - 2 * 3600
    if isinstance(anna, OnWhatsApp):
        await anna.types(text, timestamp=str(old))
    else:
        await anna.types(text, date=old)
    assert bool(anna.seen) == answered
    assert world.rasa.heard == []
    if answered:
        anna.sees("Bel nu je huisarts.", "Je bericht kwam te laat bij mij aan")


async def test_outside_the_window_nothing_is_sent(world: World) -> None:
    anna = whatsapp(world)
    await anna.types(ALARM, timestamp=str(int(time.time()) - 25 * 3600))
    anna.sees_nothing()
    world.graph.open_for = set()
    await anna.types(ALARM)
    anna.sees_nothing()
    assert world.time.slept == [], "131047 does not get better by waiting"


# ---- sending again


@pytest.mark.parametrize(
    ("status", "body", "least"),
    [
        (429, 4, 1),
        (400, 130429, 1),
        (400, 131056, 6),
        (500, 131000, 1),
        (500, 2, 1),
        (502, "", 1),
        (503, "<html>Service Unavailable</html>", 1),
    ],
)
async def test_whatsapp_is_tried_again(world: World, status: int, body: Any, least: float) -> None:
    anna = whatsapp(world)
    world.graph.failures.extend([(status, body)] * 2)
    (await anna.types(ALARM)).sees("Bel nu je huisarts.")
    first, second = world.time.slept[:2]
    assert first >= least
    assert second >= max(least, 2)


@pytest.mark.parametrize(("status", "body"), [(400, 131009), (401, 190), (400, 131026), (400, 131051), (403, 10)])
async def test_what_does_not_get_better_is_not_tried_again(world: World, status: int, body: int) -> None:
    anna = whatsapp(world)
    await anna.types("hoi")
    world.graph.failures.append((status, body))
    (await anna.types(ALARM)).sees_nothing()
    assert world.time.slept == []


async def test_the_rate_for_one_person_is_waited_for(world: World) -> None:
    anna = whatsapp(world)
    world.graph.burst = 2
    for _ in range(4):
        (await anna.types(ALARM)).sees("Bel nu je huisarts.")
    assert max(world.time.slept) >= 6


def flood(seconds: int) -> tuple[int, Any]:
    body = {"ok": False, "error_code": 429, "description": f"Too Many Requests: retry after {seconds}"}
    return 429, {**body, "parameters": {"retry_after": seconds}}


async def test_telegram_says_how_long_to_wait(world: World) -> None:
    anna = telegram(world)
    world.telegram.failures.append(flood(17))
    (await anna.types(ALARM)).sees("Bel nu je huisarts.")
    assert any(17 <= wait < 25 for wait in world.time.slept)


async def test_telegram_is_tried_again_after_5xx(world: World) -> None:
    anna = telegram(world)
    world.telegram.failures.extend([(502, {"ok": False, "error_code": 502, "description": "Bad Gateway"})] * 2)
    (await anna.types(ALARM)).sees("Bel nu je huisarts.")


async def test_one_message_a_second_in_a_chat(world: World) -> None:
    anna = telegram(world)
    await anna.types(ALARM)
    assert len(anna.seen) == 2
    assert world.time.slept, "the second waited"
    assert world.telegram.failures == type(world.telegram.failures)()


async def test_html_that_is_refused_is_sent_as_plain_text(world: World) -> None:
    anna = telegram(world)
    world.telegram.refuse_html = True
    (await anna.types(ALARM)).sees("Bel nu je huisarts.")
    assert {message["html"] for message in anna.seen} == {None}


async def test_a_platform_that_is_down_for_long_is_tried_again_later(world: World) -> None:
    anna = whatsapp(world)
    world.graph.failures.extend([(503, "")] * 6)
    (await anna.types(ALARM)).sees_nothing()
    later = datetime.now(UTC) + timedelta(minutes=10)
    assert await world.hub.recover(later) == 1
    await world.hub.settle(60)
    assert "Bel nu je huisarts." in "".join(world.graph.texts())
    assert "Ga je hier verder?" in "".join(world.graph.texts()), "it is still the first message"
    assert await world.hub.recover(later) == 0


async def test_one_dead_channel_stops_no_other(world: World) -> None:
    channels = world.services.store.channels
    await channels.save("demo", "whatsapp", {**WHATSAPP, "access_token": "ingetrokken-bewijs"}, True, "test")
    try:
        (await whatsapp(world).types("hoi")).sees_nothing()
        (await telegram(world).types(ALARM)).sees("Bel nu je huisarts.")
        started = await world.http.post("/api/conversations", json={"practice": "demo"})
        assert started.status_code == 201
    finally:
        await channels.save("demo", "whatsapp", WHATSAPP, True, "test")
    (await whatsapp(world).types("hoi")).sees("computerprogramma")


async def test_a_platform_that_hangs_holds_up_no_other(world: World) -> None:
    world.graph.hold = asyncio.Event()
    for anna in (whatsapp(world) for _ in range(20)):
        delivery = anna.delivery(anna.message("text", {"body": "hoi"}))
        assert (await anna.post(json.dumps(delivery).encode())).status_code == 200
    bert = telegram(world)
    await bert.post(json.dumps(bert.update(message=bert.message(text=ALARM))).encode())
    async with asyncio.timeout(10):
        while not world.telegram.sent:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert world.graph.sent == []
    world.graph.hold.set()
    await world.hub.settle(60)
    assert world.graph.sent


async def test_a_practice_with_wrong_credentials_is_off(world: World) -> None:
    await world.services.store.channels.save("vlaanderen", "telegram", {"token": "x"}, True, "test")
    answer = await world.http.post("/webhooks/telegram/vlaanderen", content=b"{}")
    assert answer.status_code == 401
    await world.services.store.channels.remove("vlaanderen", "telegram", "test")


# ---- while the database is dead


@both
async def test_503_while_nothing_can_be_written(
    world: World, channel: ChannelName, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise OperationalError("x", {}, Exception("disk full"))

    anna = world.on(channel)
    monkeypatch.setattr(world.services.store.channels, "receive", fail)
    await anna.types(ALARM)
    anna.sees_nothing()
    body = {"update_id": 10**9, "message": OnTelegram(world, "demo", 10**9).message(text="hoi")}
    if isinstance(anna, OnWhatsApp):
        body = anna.delivery(anna.message("text", {"body": "hoi"}))
    assert (await anna.post(json.dumps(body).encode())).status_code == 503
    monkeypatch.undo()
    assert (await anna.post(json.dumps(body).encode())).status_code == 200
    await world.hub.settle(60)


@both
async def test_an_answer_comes_while_the_conversation_cannot_be_kept(
    world: World, channel: ChannelName, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise OperationalError("x", {}, Exception("disk full"))

    monkeypatch.setattr(world.services.store, "get_conversation", fail)
    (await world.on(channel).types(ALARM)).sees("Bel nu je huisarts.")


# ---- anything at all


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
WHATSAPP_KEYS = ["type", "text", "from", "id", "timestamp", "interactive", "edit", "image", "contacts", "group_id"]
TELEGRAM_KEYS = ["message", "callback_query", "my_chat_member", "edited_message", "chat", "from", "date", "text", "id"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, where=st.sampled_from(["all", "entry", "change", "value", "message", *WHATSAPP_KEYS]))
async def test_whatsapp_takes_anything_that_is_signed(world: World, value: Any, where: str) -> None:
    anna = whatsapp(world)
    delivery: Any = anna.delivery(anna.message("text", {"body": "hoi"}))
    content = delivery["entry"][0]["changes"][0]["value"]
    if where == "all":
        delivery = value
    elif where == "entry":
        delivery["entry"] = value
    elif where == "change":
        delivery["entry"][0]["changes"] = value
    elif where == "value":
        content.update(value if isinstance(value, dict) else {"messages": value, "contacts": value, "statuses": value})
    elif where == "message":
        content["messages"] = [value]
    else:
        content["messages"][0][where] = value
    assert (await anna.post(json.dumps(delivery).encode())).status_code == 200
    await world.hub.settle(60)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, where=st.sampled_from(["all", "update_id", *TELEGRAM_KEYS]))
async def test_telegram_takes_anything_that_is_signed(world: World, value: Any, where: str) -> None:
    anna = telegram(world)
    update: Any = anna.update(message=anna.message(text="hoi"))
    if where == "all":
        update = value
    elif where in {"update_id", "message", "callback_query", "my_chat_member", "edited_message"}:
        update[where] = value
    else:
        update["message"][where] = value
    assert (await anna.post(json.dumps(update).encode())).status_code == 200
    await world.hub.settle(60)


@both
@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"update_id": ' + b"9" * 5_000 + b"}"]
    + [b'{"update_id": 1e999}', b'{"update_id": NaN}', b'{"update_id": true}', b'{"entry": [{"changes": [null]}]}'],
    ids=lambda body: str(body[:30]),
)  # fmt: skip
async def test_signed_nonsense_is_acknowledged(world: World, channel: ChannelName, body: bytes) -> None:
    assert (await world.on(channel).post(body)).status_code == 200


@both
@pytest.mark.parametrize(
    "text", ["\0", "\ud800", "a\0b", "é" * 4096, "👍" * 2000, "/" * 4096, "\u202e", "<b>&lt;", "*_~`"]
)
async def test_any_text_is_answered(world: World, channel: ChannelName, text: str) -> None:
    anna = await world.on(channel).types(text)
    assert anna.seen


@pytest.mark.parametrize("moment", ["", "x", "-1", "99999999999999999999", None, 0, 1.5, "1e3", True, {}])
async def test_a_time_that_makes_no_sense_drops_no_message(moment: Any) -> None:
    message = {"from": "31612345678", "id": "wamid.1", "type": "text", "text": {"body": "hoi"}, "timestamp": moment}
    value = {"metadata": {"phone_number_id": fake_graph.NUMBER}, "messages": [message]}
    payload = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    assert len(read_whatsapp(payload, "demo", fake_graph.NUMBER)) == 1
    update = {
        "update_id": 1,
        "message": {"from": {"id": 1}, "chat": {"id": 1, "type": "private"}, "text": "hoi", "date": moment},
    }
    assert read_telegram(update, "demo") is not None


async def test_other_methods_are_no_error_of_ours(world: World) -> None:
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"):
        answer: httpx.Response = await world.http.request(method, "/webhooks/telegram/demo")
        assert answer.status_code == 405
