"""The action alone: what it says, and what it leaves behind for the next turn. What it says when: test_plan.py."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.compose import ADVICE
from actions.record import Record
from actions.server import OneActionATurn
from actions.talk import ActionTalk
from actions.turn import WrongPractice
from content import Kind, OwnText, Practice, Reply
from content.model import ALWAYS_ON
from practices.book import Book, Installed
from store import Store
from tests.actions.talk import BARE as LIBRARY

DEMO = LIBRARY.practices["demo"]
PHONE = DEMO.telefoon
Event = dict[str, Any]


@dataclass
class Talk:
    """A conversation that goes on: slots and events carry over from action to action, as Rasa keeps them."""

    sender: str = "0" * 32
    practice: str = "demo"
    slots: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def tracker(
        self,
        intent: str,
        text: str = "",
        *,
        entities: dict[str, str] | None = None,
        ranking: dict[str, float] | None = None,
        pressed: bool = False,
    ) -> Tracker:
        """A tracker as Rasa sends it after this message."""
        message = {
            "text": text,
            "intent": {"name": intent, "confidence": 0.9},
            "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
            "intent_ranking": [
                {"name": name, "confidence": chance} for name, chance in (ranking or {intent: 0.9}).items()
            ],
            "metadata": {"practice": self.practice, "button": pressed},
        }
        self.events.append({"event": "user", "text": text})
        return Tracker(self.sender, dict(self.slots), message, list(self.events), False, None, {}, None)

    async def run(self, intent: str, text: str = "", **more: Any) -> Reply:
        """Run the action, keep what it sets, and give the one reply it made."""
        dispatcher = CollectingDispatcher()
        events = await ActionTalk().run(dispatcher, self.tracker(intent, text, **more), {})
        self.slots.update({event["name"]: event["value"] for event in events if event["event"] == "slot"})
        assert len(dispatcher.messages) == 1, "an action says one thing"
        said = dispatcher.messages[0]
        assert not said["text"], "words outside the reply would be shown beside it"
        self.events.append({"event": "bot", "text": None, "data": {"custom": said["custom"]}})
        return Reply.model_validate(said["custom"])


class FakeRecord:
    """Keeps what an action wanted kept."""

    def __init__(self) -> None:
        self.thumbs: list[tuple[str, str, bool]] = []
        self.questions: list[tuple[str, str, list[str], str]] = []

    async def feedback(self, practice: str, topic: str, helpful: bool) -> None:
        self.thumbs.append((practice, topic, helpful))

    async def unanswered(self, practice: str, text: str, suggested: list[str], conversation: str) -> None:
        self.questions.append((practice, text, suggested, conversation))


@pytest.fixture
def talk() -> Talk:
    """A new conversation with the demo practice."""
    return Talk()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practices of the content, with no answers to single questions."""
    known = {name: Installed(p, LIBRARY.for_practice(p, {}), (), stored=False) for name, p in LIBRARY.practices.items()}
    monkeypatch.setattr(Book, "get", lambda _, name: known.get(name))


@pytest.fixture
def use_record(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Put another record in the place of this process's own."""
    return lambda record: monkeypatch.setattr(Record, "current", lambda: record)


@pytest.fixture(autouse=True)
def record(use_record: Callable[[Any], None]) -> FakeRecord:
    """What the practice would see later."""
    fake = FakeRecord()
    use_record(fake)
    return fake


def topic_ids(reply: Reply) -> list[str]:
    """The topics that buttons of the reply offer."""
    return [button.id.removeprefix("topic.") for button in reply.buttons if button.id.startswith("topic.")]


def wordings(intent: str, practice: str = "demo") -> list[tuple[str, ...]]:
    """All that small talk may say for an intent."""
    return [LIBRARY.practices[practice].fill(words) for words in LIBRARY.smalltalk[intent]]


# ---- an answer ----


async def test_a_question_gets_the_answer_of_its_topic(talk: Talk) -> None:
    reply = await talk.run("vraag_sport", "mag ik sporten")
    topic = LIBRARY.topics["sport"]
    assert (reply.kind, reply.topic, reply.urgency) == (Kind.ANSWER, "sport", "geen")
    assert reply.paragraphs == topic.answer
    assert topic_ids(reply) == list(topic.follow_up)[:2]
    assert [b.id for b in reply.buttons][0] == "more.sport"
    assert [b.id for b in reply.buttons][-2:] == ["feedback.yes", "feedback.no"]
    assert len(reply.sources) == len(topic.sources)
    assert reply.confidence == 0.9
    assert talk.slots["topic"] == "sport"
    assert "misses" not in talk.slots["memory"]


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
async def test_every_topic_can_be_answered_made_longer_and_made_simpler(talk: Talk, topic: str) -> None:
    assert (await talk.run(f"vraag_{topic}")).topic == topic
    assert (await talk.run("vertel_meer")).topic == topic
    assert (await talk.run("simpeler")).topic == topic


async def test_what_was_named_gets_its_own_answer(talk: Talk) -> None:
    reply = await talk.run("vraag_sport", "mag ik hardlopen", entities={"activiteit": "hardlopen"})
    variant = LIBRARY.topics["sport"].variant({"activiteit": "hardlopen"})
    assert variant is not None
    assert reply.paragraphs == variant.answer
    assert reply.topic == "sport"


async def test_a_condition_goes_before_an_activity(talk: Talk) -> None:
    named = {"activiteit": "hardlopen", "aandoening": "osteoporose"}
    reply = await talk.run("vraag_sport", "hardlopen met osteoporose", entities=named)
    variant = LIBRARY.topics["sport"].variant({"aandoening": "osteoporose"})
    assert variant is not None
    assert reply.paragraphs == variant.answer


async def test_a_button_asks_its_own_topic(talk: Talk) -> None:
    reply = await talk.run("vraag_sport", "Slaap", entities={"onderwerp": "slaap"}, pressed=True)
    assert reply.topic == "slaap"


@pytest.mark.parametrize("text", ["en fietsen?", "fietsen", "maar met fietsen dan"])
async def test_a_short_question_leans_on_the_running_topic(talk: Talk, text: str) -> None:
    await talk.run("vraag_sport", "mag ik sporten")
    reply = await talk.run("vraag_slaap", text, entities={"activiteit": "fietsen"})
    assert reply.topic == "sport"
    assert "fietsen" in " ".join(reply.paragraphs).lower()


async def test_the_practice_of_the_talk_fills_the_answer(talk: Talk) -> None:
    talk.practice = "vlaanderen"
    reply = await talk.run("vraag_afspraak_contact")
    said = " ".join(reply.paragraphs)
    assert LIBRARY.practices["vlaanderen"].telefoon in said
    assert PHONE not in said


async def test_a_sign_for_an_appointment_adds_one_line_once_a_talk(talk: Talk) -> None:
    sign = {"advies": "NEU04_gevoel_een_been"}
    first = await talk.run("vraag_uitstraling_been", "tintelingen in mijn been", entities=sign)
    second = await talk.run("vraag_uitstraling_been", "nog steeds tintelingen", entities=sign)
    assert first.paragraphs[-1] == ADVICE
    assert ADVICE not in second.paragraphs
    assert (first.urgency, second.urgency) == ("afspraak", "afspraak")
    assert first.kind is Kind.ANSWER


async def test_a_topic_that_is_gone_gets_the_fallback_with_the_phone(talk: Talk) -> None:
    reply = await talk.run("vraag_bestaat_niet")
    assert PHONE in " ".join(reply.paragraphs)
    assert talk.slots["memory"]["misses"] == 1


async def test_a_topic_that_is_gone_is_a_fallback_for_the_channels(talk: Talk) -> None:
    assert (await talk.run("vraag_bestaat_niet")).kind is Kind.FALLBACK


# ---- reassurance ----


async def test_the_same_turn_played_again_says_the_same() -> None:
    one, other = Talk(sender="a" * 32), Talk(sender="a" * 32)
    assert await one.run("vraag_sport") == await other.run("vraag_sport")


STRENGTH = "rug_is_sterk"


async def strength_is_said(talk: Talk) -> bool:
    """Whether "je rug is sterk" comes by when everything is asked about twice."""
    replies = [await talk.run(f"vraag_{topic}") for topic in (*LIBRARY.topics, *LIBRARY.topics)]
    return any(reply.reassurance in LIBRARY.reassurance[STRENGTH] for reply in replies)


async def test_a_strong_back_is_said_where_it_is_true(talk: Talk) -> None:
    assert await strength_is_said(talk)


@pytest.mark.parametrize(
    "text",
    [
        "ik heb kanker gehad, mag ik sporten",
        "mag ik sporten met osteoporose",
        "ik slik prednison",
        "ik ben gevallen, mag ik sporten",
        "na mijn operatie sporten",
        "ik ben zwanger, mag ik sporten",
        "mag mijn kind sporten",
    ],
)
async def test_after_something_that_weakens_a_strong_back_stays_away(talk: Talk, text: str) -> None:
    await talk.run("vraag_sport", text)
    assert not await strength_is_said(talk)


async def test_care_is_remembered_from_a_turn_that_was_an_alarm(talk: Talk) -> None:
    talk.events.append({"event": "user", "text": "ik heb kanker gehad en nu nieuwe rugpijn"})
    talk.events.append(
        {"event": "bot", "text": None, "data": {"custom": {"kind": "alarm", "signs": "SYS01_kanker_gehad"}}}
    )
    assert not await strength_is_said(talk)


# ---- going on about the running topic ----


async def test_more_is_the_longer_text(talk: Talk) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run("vertel_meer", "vertel meer")
    assert reply.paragraphs == DEMO.fill(LIBRARY.topics["slaap"].more)
    assert reply.buttons[0].id == "simple.slaap"


async def test_simpler_is_the_simpler_text(talk: Talk) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run("simpeler", "dat snap ik niet")
    assert reply.paragraphs == DEMO.fill(LIBRARY.topics["slaap"].simple)


async def test_a_button_under_an_older_answer_goes_on_about_that_topic(talk: Talk) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run("vertel_meer", "Vertel meer", entities={"onderwerp": "sport"}, pressed=True)
    assert reply.topic == "sport"
    assert talk.slots["topic"] == "sport"


@pytest.mark.parametrize("intent", ["vertel_meer", "simpeler", "waarom"])
async def test_without_a_running_topic_help_is_offered(talk: Talk, intent: str) -> None:
    reply = await talk.run(intent, "waarom")
    assert reply.kind is Kind.SMALLTALK
    assert reply.paragraphs in wordings("hulp")


async def test_why_is_the_longer_text(talk: Talk) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run("waarom", "waarom?")
    assert reply.paragraphs == DEMO.fill(LIBRARY.topics["slaap"].more)


async def test_which_leads_to_the_topic_that_lists_them(talk: Talk) -> None:
    await talk.run("vraag_bewegen_veilig")
    reply = await talk.run("welke", "welke dan?")
    assert reply.topic == "sport"
    assert talk.slots["topic"] == "sport"


async def test_which_on_the_list_itself_is_the_longer_text(talk: Talk) -> None:
    await talk.run("vraag_sport")
    reply = await talk.run("welke", "welke dan?")
    assert reply.paragraphs == DEMO.fill(LIBRARY.topics["sport"].more)


async def test_repeat_says_the_last_reply_again(talk: Talk) -> None:
    said = await talk.run("vraag_slaap")
    assert await talk.run("herhaal", "wat zei je") == said


async def test_repeat_at_the_start_says_that_there_is_nothing(talk: Talk) -> None:
    reply = await talk.run("herhaal", "wat zei je")
    assert reply.paragraphs in wordings("herhaal_leeg")


async def test_repeat_skips_what_is_no_reply(talk: Talk) -> None:
    said = await talk.run("vraag_slaap")
    talk.events.append({"event": "bot", "text": None, "data": {"custom": {"kind": "alarm", "signs": "CES05_rijbroek"}}})
    talk.events.append({"event": "bot", "text": "iets", "data": None})
    assert await talk.run("herhaal") == said


# ---- not sure ----

UNSURE = {
    "vraag_slaap": 0.3,
    "nlu_fallback": 0.2,
    "vraag_sport": 0.2,
    "groet": 0.1,
    "vraag_warmte": 0.05,
    "vraag_houding": 0.01,
}


async def test_the_nearest_topics_are_offered(talk: Talk) -> None:
    reply = await talk.run("nlu_fallback", "iets met liggen", ranking=UNSURE)
    assert reply.kind is Kind.SUGGESTION
    assert topic_ids(reply) == ["slaap", "sport", "warmte"]
    assert reply.buttons[-1].id == "talk.anders"
    assert talk.slots["memory"]["misses"] == 1


async def test_what_was_not_understood_is_kept_for_the_practice(talk: Talk, record: FakeRecord) -> None:
    talk.practice = "vlaanderen"
    await talk.run("nlu_fallback", "iets met liggen", ranking=UNSURE)
    assert record.questions == [("vlaanderen", "iets met liggen", ["slaap", "sport", "warmte"], talk.sender)]


# ---- small talk, outside, thumbs ----


@pytest.mark.parametrize(
    "intent",
    [
        "groet",
        "afscheid",
        "bedankt",
        "hulp",
        "over_bot",
        "bevestig",
        "ontken",
        "andere_vraag",
        "belediging",
        "dosis_vraag",
        "diagnose_verzoek",
    ],
)
async def test_small_talk_has_fixed_words(talk: Talk, intent: str) -> None:
    reply = await talk.run(intent)
    assert reply.kind is Kind.SMALLTALK
    assert reply.paragraphs in wordings(intent)


async def test_something_else_asks_for_another_question(talk: Talk) -> None:
    reply = await talk.run("iets_anders", "Iets anders", pressed=True)
    assert reply.paragraphs in wordings("andere_vraag")


async def test_yes_after_an_answer_goes_on_about_it(talk: Talk) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run("bevestig", "ja graag")
    assert reply.paragraphs == DEMO.fill(LIBRARY.topics["slaap"].more)


async def test_a_request_for_a_diagnosis_offers_the_nearest_topics(talk: Talk) -> None:
    near = {"diagnose_verzoek": 0.6, "vraag_hernia_wat": 0.2, "vraag_artrose_wat": 0.1, "vraag_slaap": 0.01}
    reply = await talk.run("diagnose_verzoek", "heb ik een hernia", ranking=near)
    assert topic_ids(reply) == ["hernia_wat", "artrose_wat"]
    assert reply.topic is None


@pytest.mark.parametrize(
    "intent", ["ander_lichaamsdeel", "andere_ziekte", "buiten_onderwerp", "onzin", "opdracht_aan_bot"]
)
async def test_what_lies_outside_is_declined(talk: Talk, intent: str) -> None:
    reply = await talk.run(intent)
    assert reply.kind is Kind.DECLINED
    assert reply.paragraphs in wordings(intent)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("can i do sport with back pain please", "en"),
        ("ich habe schmerzen im rücken was kann ich machen", "de"),
        ("belim çok ağrıyor ne yapabilirim", "tr"),
        ("bolą mnie plecy, czy mogę biegać", "pl"),
        ("j'ai mal au dos que faire", "fr"),
        ("ظهري يؤلمني", "ar"),
        ("mi duele la espalda", "en"),
        ("", "en"),
    ],
)
async def test_another_language_gets_a_line_in_that_language(talk: Talk, text: str, language: str) -> None:
    reply = await talk.run("andere_taal", text)
    assert reply.kind is Kind.DECLINED
    assert reply.lang == language
    assert reply.paragraphs == DEMO.fill(LIBRARY.languages[language])
    assert "112" in " ".join(reply.paragraphs)


@pytest.mark.parametrize(("intent", "helpful"), [("feedback_goed", True), ("feedback_slecht", False)])
async def test_a_thumb_counts_for_the_running_topic(talk: Talk, record: FakeRecord, intent: str, helpful: bool) -> None:
    await talk.run("vraag_slaap")
    reply = await talk.run(intent)
    assert reply.paragraphs in wordings(intent)
    assert record.thumbs == [("demo", "slaap", helpful)]


async def test_a_thumb_without_a_topic_is_thanked_and_not_counted(talk: Talk, record: FakeRecord) -> None:
    assert (await talk.run("feedback_goed")).paragraphs in wordings("feedback_goed")
    assert record.thumbs == []


# ---- a database that is down ----


@pytest.fixture
def down(tmp_path: Path, use_record: Callable[[Any], None]) -> None:
    """A record on a database that is not there."""
    use_record(Record(Store.open(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")))


@pytest.mark.usefixtures("down")
async def test_a_suggestion_comes_though_the_database_is_down(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = await talk.run("nlu_fallback", "geheime zin", ranking=UNSURE)
    assert reply.kind is Kind.SUGGESTION
    assert talk.slots["memory"]["misses"] == 1
    assert "not kept" in caplog.text
    assert "geheime zin" not in caplog.text


@pytest.mark.usefixtures("down")
async def test_a_thumb_is_thanked_though_the_database_is_down(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    await talk.run("vraag_slaap")
    with caplog.at_level(logging.ERROR):
        assert (await talk.run("feedback_goed")).kind is Kind.SMALLTALK
    assert "not kept" in caplog.text


# ---- a message that is not as it should be ----


@pytest.mark.parametrize("practice", ["bestaat-niet", ""])
async def test_a_practice_that_is_not_known_is_answered_for_no_other(talk: Talk, practice: str) -> None:
    talk.practice = practice
    with pytest.raises(WrongPractice):
        await talk.run("vraag_afspraak_contact")


async def test_a_talk_never_goes_on_with_another_practice(talk: Talk) -> None:
    talk.events.append({"event": "user", "text": "hoi", "metadata": {"practice": "vlaanderen"}})
    with pytest.raises(WrongPractice, match="for another"):
        await talk.run("vraag_afspraak_contact")


# ---- what a practice set for itself ----


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the demo practice be otherwise: `own(onderwerpen_uit=["injectie"])`."""

    def change(texts: dict[str, OwnText] | None = None, **fields: Any) -> None:
        practice = Practice.model_validate(DEMO.model_dump() | fields)
        installed = Installed(practice, LIBRARY.for_practice(practice, texts or {}), (), stored=True)
        monkeypatch.setattr(Book, "get", lambda _, name: installed if name == "demo" else None)

    return change


async def test_a_topic_that_is_off_is_declined_with_the_phone(talk: Talk, own: Callable[..., None]) -> None:
    own(onderwerpen_uit=["injectie"])
    reply = await talk.run("vraag_injectie", "helpt een prik")
    assert (reply.kind, reply.topic) == (Kind.DECLINED, None)
    assert PHONE in " ".join(reply.paragraphs)


async def test_a_topic_that_is_off_is_not_suggested(talk: Talk, own: Callable[..., None]) -> None:
    own(onderwerpen_uit=["injectie"])
    ranking = {"vraag_injectie": 0.4, "vraag_pijnstillers": 0.3, "vraag_operatie": 0.2}
    reply = await talk.run("nlu_fallback", "iets met een prik of zo misschien", ranking=ranking)
    assert topic_ids(reply) == ["pijnstillers", "operatie"]


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
async def test_every_answer_lives_without_the_topics_it_leads_to(
    talk: Talk, own: Callable[..., None], topic: str
) -> None:
    own(onderwerpen_uit=[name for name in LIBRARY.topics[topic].follow_up if name not in ALWAYS_ON])
    reply = await talk.run(f"vraag_{topic}")
    assert set(topic_ids(reply)) <= ALWAYS_ON


async def test_a_follow_up_to_a_topic_that_is_off_stays_with_the_running_one(
    talk: Talk, own: Callable[..., None]
) -> None:
    leads = [
        (intent, running, target)
        for intent, targets in LIBRARY.follow_ups.items()
        for running, target in targets.items()
        if {running, target} <= set(LIBRARY.topics) - ALWAYS_ON and running != target
    ]
    intent, running, target = leads[0]
    own(onderwerpen_uit=[target])
    talk.slots["topic"] = running
    assert (await talk.run(intent)).topic == running


async def test_an_own_text_is_what_is_said(talk: Talk, own: Callable[..., None]) -> None:
    own(texts={"slaap": OwnText(answer=("Slaap bij ons. Bel {telefoon}.",))})
    assert (await talk.run("vraag_slaap")).paragraphs == (f"Slaap bij ons. Bel {PHONE}.",)


async def test_a_businesslike_practice_does_not_reassure(talk: Talk, own: Callable[..., None]) -> None:
    assert (await talk.run("vraag_sport")).reassurance
    own(toon="zakelijk")
    assert (await talk.run("vraag_sport")).reassurance is None


async def test_open_or_not_goes_before_how_to_reach_us(talk: Talk, own: Callable[..., None]) -> None:
    own(uren=dict.fromkeys(("ma", "di", "wo", "do", "vr", "za", "zo"), "0.00-23.59") | {"feestdagen": "open"})
    reply = await talk.run("vraag_afspraak_contact", "zijn jullie nu open?")
    assert reply.paragraphs[0] == "Ja, we zijn nu open. Vandaag tot 23.59 uur."
    assert reply.paragraphs[1:] == DEMO.fill(LIBRARY.topics["afspraak_contact"].answer)


async def test_a_message_without_intent_gets_the_fallback(talk: Talk) -> None:
    assert PHONE in " ".join((await talk.run("")).paragraphs)


async def test_after_an_action_the_patient_is_to_speak() -> None:
    class Says(Action):
        def name(self) -> str:
            return "action_says"

        async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[Any]:
            return [SlotSet("topic", "sport")]

    executor = OneActionATurn()
    executor.register_action(Says())
    call = {"next_action": "action_says", "tracker": {"sender_id": "a", "slots": {}, "events": []}, "domain": {}}
    result = await executor.run(call)
    assert [event["event"] for event in result.events] == ["slot", "followup"]
    assert result.events[-1]["name"] == "action_listen"
    assert await executor.run({}) is None
