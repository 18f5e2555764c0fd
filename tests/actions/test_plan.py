"""What is said to a message, in tables: what was understood, what is remembered, and the pieces of the reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from actions.blocks import Act, Passage, Plan
from actions.memory import care_of
from alarm import OpenAlarm, State
from content import Kind, Library, Topic
from tests.actions.talk import BARE, LIBRARY, Talk

STORY = "gisteren de hele dag in de tuin gewerkt en nu zit het helemaal vast daar onderin"
SUNDAY = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


@pytest.fixture
def talk() -> Talk:
    """A new talk."""
    return Talk()


def pieces(planned: Plan, *kinds: str) -> list[str]:
    """The blocks of some kinds, in order."""
    return [str(block) for block in planned.blocks if str(block).split()[0] in kinds]


def buttons(planned: Plan) -> list[str]:
    return [name for block in pieces(planned, "buttons") for name in block.split()[1:]]


# ---- what a message does ----


@pytest.mark.parametrize(
    ("text", "intent", "reading", "act"),
    [
        ("mag ik sporten", "sport", {}, Act.ASK),
        ("mag ik sporten", "sport", {"acts": {"vraag": 0.8, "vertel": 0.2}}, Act.ASK),
        (STORY, "opvlamming", {}, Act.TELL),
        (STORY + ", wat nu?", "opvlamming", {}, Act.ASK),
        (STORY, "opvlamming", {"acts": {"vraag": 0.2, "vertel": 0.7}}, Act.TELL),
        ("slaap slecht", "slaap", {"acts": {"vertel": 0.9}}, Act.TELL),
        ("slaap slecht, tips", "slaap", {"acts": {"vertel": 0.6}, "parts": [("tips", "vraag", {})]}, Act.ASK),
        ("hoe vaak dan", "sport", {"acts": {"vervolg": 0.9}}, Act.ASK),
        ("ik word er zo moe van", "rugpijn_duur", {"acts": {"gevoel": 0.9}}, Act.FEEL),
        ("ik word er zo moe van", "", {}, Act.FEEL),
        ("ik voel me rot", "emotie", {}, Act.FEEL),
        ("dat vroeg ik niet", "correctie", {}, Act.CORRECT),
        ("dat vroeg ik niet", "", {"acts": {"correctie": 0.8}}, Act.CORRECT),
        ("nee ik bedoel mijn werk", "zitten_werk", {"acts": {"correctie": 0.8}}, Act.CORRECT),
        ("nee en mijn werk dan", "zitten_werk", {"acts": {"correctie": 0.4, "vraag": 0.3}}, Act.ASK),
        ("dat vroeg ik niet", "feedback_slecht", {"acts": {"correctie": 0.8}}, Act.CORRECT),
        ("daar heb ik niks aan", "feedback_slecht", {"acts": {"klacht": 0.8}}, Act.THUMB),
        ("nee dat bedoel ik niet", "alarm_klopt_niet", {}, Act.CORRECT),
        ("wat een rotding", "frustratie", {}, Act.COMPLAIN),
        ("ik wil iemand spreken", "wil_mens", {}, Act.PERSON),
        ("dank je", "bedankt", {}, Act.SMALL_TALK),
        ("dank je, en mag ik sporten?", "bedankt", {"near": {"sport": 0.3}}, Act.ASK),
        ("dank je en sporten dan", "bedankt", {"near": {"sport": 0.3}, "acts": {"vraag": 0.7}}, Act.ASK),
        ("doei", "afscheid", {}, Act.GOODBYE),
        ("stop", "wis_gesprek", {}, Act.WIPE),
        ("ik wil stoppen met pijnstillers", "pijnstillers", {}, Act.ASK),
        ("mijn knie", "ander_lichaamsdeel", {}, Act.OUTSIDE),
        ("hm", "", {}, Act.UNCLEAR),
        ("valt wel mee", "alarm_bagatel", {}, Act.UNCLEAR),
    ],
)
def test_the_act(talk: Talk, text: str, intent: str, reading: dict[str, Any], act: Act) -> None:
    assert talk.says(text, intent, **reading).act is act


def test_dag_after_an_answer_is_a_goodbye(talk: Talk) -> None:
    assert talk.says("dag", "groet").act is Act.SMALL_TALK
    talk.says("mag ik sporten", "sport")
    assert talk.says("dag", "groet").act is Act.GOODBYE


# ---- questions ----


def test_a_question_gets_its_answer_and_ways_on(talk: Talk) -> None:
    planned = talk.says("mag ik sporten", "sport")
    assert pieces(planned, "heard", "passage") == ["passage sport"]
    assert (talk.reply.kind, talk.reply.topic, talk.reply.answers) == (Kind.ANSWER, "sport", ("sport",))
    assert buttons(planned)[0] == "more.sport"
    assert len([name for name in buttons(planned) if not name.startswith("feedback")]) <= 3


def test_two_questions_get_two_answers_each_with_its_name(talk: Talk) -> None:
    planned = talk.says("mag ik sporten en wordt het vergoed", "sport", second="vergoeding")
    assert pieces(planned, "passage") == ["passage sport", "passage vergoeding"]
    assert talk.reply.paragraphs[0] == "Eerst over sporten."
    assert "Dan over kosten en vergoeding." in talk.reply.paragraphs


def test_a_third_question_is_a_button_named_as_asked(talk: Talk) -> None:
    parts = [
        ("mag ik sporten", "vraag", {"sport": 0.9}),
        ("helpt warmte", "vraag", {"warmte": 0.9}),
        ("en wordt het vergoed?", "vraag", {"vergoeding": 0.8}),
    ]
    planned = talk.says("mag ik sporten, helpt warmte en wordt het vergoed?", "sport", parts=parts)
    assert pieces(planned, "passage") == ["passage sport", "passage warmte"]
    first = talk.reply.buttons[0]
    assert (first.id, first.title) == ("topic.vergoeding", "en wordt het vergoed?")


def test_the_question_in_a_story_is_what_is_answered(talk: Talk) -> None:
    parts = [(STORY, "vertel", {"opvlamming": 0.8}), ("helpt warmte?", "vraag", {"warmte": 0.9})]
    planned = talk.says(f"{STORY}. helpt warmte?", "opvlamming", parts=parts)
    assert pieces(planned, "passage") == ["passage warmte"]


def test_a_fear_beside_a_question_is_heard_first(talk: Talk) -> None:
    planned = talk.says("ik ben bang, mag ik bukken?", "tillen_bukken")
    assert [str(block) for block in planned.blocks][:2] == ["heard bang", "passage tillen_bukken"]
    assert talk.reply.heard


def test_never_the_same_text_twice_and_then_honestly_no_more(talk: Talk) -> None:
    said = [talk.says("mag ik sporten", "sport") for _ in range(4)]
    assert [pieces(planned, "passage", "text") for planned in said] == [
        ["passage sport"],
        ["passage sport:more"],
        ["text meer_weet_ik_niet"],
        ["text meer_weet_ik_niet"],
    ]
    assert LIBRARY.practices["demo"].telefoon in " ".join(talk.reply.paragraphs)


def test_a_button_of_an_answer_that_was_given_is_no_dead_end(talk: Talk) -> None:
    talk.says("mag ik sporten", "sport")
    talk.says("helpt warmte", "warmte")
    assert pieces(talk.presses("topic.sport"), "passage") == ["passage sport:more"]
    assert pieces(talk.presses("simple.sport"), "passage") == ["passage sport:simple"]


def test_a_topic_that_is_off_is_declined(talk: Talk) -> None:
    talk.practice = talk.practice.model_copy(update={"onderwerpen_uit": ("injectie",)})
    talk.library = talk.library.for_practice(talk.practice, {})
    assert pieces(talk.says("helpt een prik", "vraag_injectie"), "talk") == ["talk onderwerp_uit"]
    assert talk.reply.kind is Kind.DECLINED


def test_thanks_with_a_question_is_answered(talk: Talk) -> None:
    planned = talk.says("dank je! en helpt warmte?", "bedankt", near={"warmte": 0.4})
    assert pieces(planned, "passage") == ["passage warmte"]


# ---- told ----


def test_who_tells_is_heard_and_gets_one_thing_to_know(talk: Talk) -> None:
    planned = talk.says("al drie nachten wakker van mijn rug en overdag ben ik nergens meer toe in staat", "slaap")
    assert [str(block).split()[0] for block in planned.blocks][:2] == ["heard", "passage"]
    assert pieces(planned, "heard") == ["heard slaap_slecht"]
    assert 2 <= len([name for name in buttons(planned) if not name.startswith("feedback")]) <= 3
    assert talk.reply.question is None


def test_two_stories_are_not_heard_in_the_same_words(talk: Talk) -> None:
    talk.says(STORY, "opvlamming")
    first = talk.reply.heard
    talk.says(STORY, "opvlamming")
    assert first
    assert talk.reply.heard not in {first, None}


def test_who_tells_of_another_is_heard_so(talk: Talk) -> None:
    talk.says("mijn moeder van 84 heeft weer zo'n pijn en ligt nu al twee nachten wakker ervan", "slaap")
    assert "je moeder" in (talk.reply.heard or "").lower()


def test_an_unsure_story_is_still_told_to_somebody(talk: Talk) -> None:
    planned = talk.says(STORY, near={"opvlamming": 0.45, "spit_wat": 0.2})
    assert (planned.act, planned.topic) == (Act.TELL, "opvlamming")


@pytest.mark.parametrize(
    ("said", "net"), [("slaap slecht", None), ("ik ben zwanger", "zwanger"), ("mijn kind heeft rugpijn", "kind")]
)
def test_the_safety_net_fits_the_person(talk: Talk, said: str, net: str | None) -> None:
    topic = LIBRARY.topics["slaap"].model_copy(update={"vangnet": "rug"})
    talk.library = _with(topic)
    planned = talk.says(said, "slaap", acts={"vertel": 0.9})
    assert pieces(planned, "vangnet") == [f"vangnet {net or 'rug'}"]
    assert talk.reply.vangnet
    assert talk.reply.vangnet_signs


def _with(topic: Topic) -> Library:
    return replace(BARE, topics={**BARE.topics, topic.id: topic}, edition=object())


# ---- answers to questions within a topic ----


def _answer(name: str, asks: str, **more: Any) -> dict[str, Any]:
    wordings = [asks, *(f"{asks} {word}" for word in ("nou", "dan", "eigenlijk", "precies", "vaak"))]
    text = {"id": name, "asks": wordings, "answer": [f"Over {name}."], "basis": [{"algemeen": "te bevestigen"}]}
    return {**text, **more}


@pytest.fixture
def answering(talk: Talk) -> Talk:
    """A talk in which the topic slaap has three answers."""
    answers = [
        _answer("kussen", "welk kussen is goed", step="Probeer vanavond een ander kussen."),
        _answer("houding", "hoe moet ik liggen", **{"for": [{"fact": "zwanger", "answer": ["Op je zij."]}]}),
        _answer("matras", "welk matras moet ik kopen", **{"for": [{"fact": "zwanger", "say_instead": "warmte"}]}),
    ]
    slaap = BARE.topics["slaap"].model_dump(by_alias=True) | {"answers": answers, "told": ["Slapen is belangrijk."]}
    talk.library = _with(Topic.model_validate(slaap))
    return talk


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("welk kussen is goed", "slaap.kussen"),
        ("hoe moet ik liggen vannacht", "slaap.houding"),
        ("helpt overdag dutten", "slaap"),
    ],
)
def test_the_answer_to_just_this_question(answering: Talk, text: str, passage: str) -> None:
    answering.says(text, "slaap")
    assert answering.reply.answers == (passage,)


def test_an_answer_brings_its_step(answering: Talk) -> None:
    answering.says("welk kussen is goed", "slaap")
    assert answering.reply.step == "Probeer vanavond een ander kussen."


def test_a_follow_up_gets_the_next_answer_then_the_general_ones(answering: Talk) -> None:
    said = [answering.says("welk kussen is goed", "slaap") for _ in range(4)]
    assert [pieces(planned, "passage", "text")[0] for planned in said] == [
        "passage slaap.kussen",
        "passage slaap",
        "passage slaap:more",
        "text meer_weet_ik_niet",
    ]


def test_a_fact_changes_the_words_of_an_answer(answering: Talk) -> None:
    answering.says("ik ben zwanger, hoe moet ik liggen", "slaap")
    assert answering.reply.paragraphs == ("Op je zij.",)


def test_a_fact_leads_to_another_answer(answering: Talk) -> None:
    assert pieces(answering.says("ik ben zwanger, welk matras moet ik kopen", "slaap"), "passage") == ["passage warmte"]


def test_who_tells_gets_the_text_for_that(answering: Talk) -> None:
    answering.says("lig elke nacht wakker", "slaap", acts={"vertel": 0.9})
    assert answering.reply.paragraphs == ("Slapen is belangrijk.",)


def test_other_questions_on_the_topic_are_buttons_that_answer(answering: Talk) -> None:
    planned = answering.says("helpt overdag dutten", "slaap")
    assert {name.rpartition(".")[0] for name in buttons(planned)[:2]} == {"antw.slaap"}
    first = answering.reply.buttons[0]
    answering.presses(first.id)
    assert answering.reply.answers == (first.id.removeprefix("antw."),)
    assert first.id not in [button.id for button in answering.reply.buttons]


def test_a_likely_topic_with_the_answer_goes_before_the_likeliest_without(answering: Talk) -> None:
    assert answering.says("welk kussen is goed", "warmte", near={"slaap": 0.3}).topic == "slaap"
    assert answering.says("helpt warmte", "warmte", near={"slaap": 0.3}).topic == "warmte"


def test_nearly_every_answer_is_found_by_its_first_wording() -> None:
    """What stands on a button may be typed. A few wordings are as near to another answer of the topic."""
    asked = [(topic, answer) for topic in LIBRARY.topics.values() for answer in topic.answers]
    missed = []
    for topic, answer in asked:
        talk = Talk(LIBRARY)
        talk.says(answer.asks[0], topic.id, acts={"vraag": 0.9})
        if talk.reply.answers[:1] != (f"{topic.id}.{answer.id}",):
            missed.append(f"{topic.id}.{answer.id}")
    assert len(missed) <= len(asked) * 0.03, missed


# ---- felt ----


def test_a_feeling_is_heard_in_earnest_and_asked_after_once(talk: Talk) -> None:
    first = talk.says("ik word er zo moe van", "emotie")
    second = talk.says("ik word er zo moe van", "emotie")
    assert pieces(first, "heard", "help", "question") == ["heard moe", "help moe", "question moe"]
    assert pieces(second, "heard", "help", "question") == ["heard moe", "help moe"]
    assert first.kind is Kind.SMALLTALK


@pytest.mark.parametrize("text", ["ik ben zo verdrietig", "ik ben er klaar mee, ik ben op"])
def test_help_in_a_crisis_is_within_reach_of_who_is_low(talk: Talk, text: str) -> None:
    said: list[str] = []
    for _ in range(2):
        talk.says(text, "emotie")
        said += talk.reply.paragraphs
    assert "113" in " ".join(said)
    assert "huisarts" in " ".join(said)
    assert not talk.reply.crisis


def test_who_is_afraid_after_cancer_is_not_told_to_try_a_movement(talk: Talk) -> None:
    talk.says("ik heb kanker gehad", "groet")
    for _ in range(2):
        talk.says("ik ben zo bang", "emotie")
        assert "beweging" not in " ".join(talk.reply.paragraphs)
        assert "huisarts" in " ".join(talk.reply.paragraphs)


def test_ok_when_all_is_said_is_no_question(talk: Talk) -> None:
    talk.says("helpt warmte", "warmte")
    talk.says("ja", "bevestig")
    assert pieces(talk.says("ok", "bevestig"), "passage", "text", "talk") == ["talk bevestig"]


# ---- corrections ----


def test_a_correction_takes_the_next_reading(talk: Talk) -> None:
    talk.says("mag ik door", "sport", near={"werk_ziekmelden": 0.3})
    planned = talk.says("dat vroeg ik niet", "correctie")
    assert pieces(planned, "text", "passage") == ["text verkeerd_begrepen", "passage werk_ziekmelden"]
    assert talk.memory.refused == ("sport",)


def test_a_correction_that_says_what_was_meant_is_answered(talk: Talk) -> None:
    talk.says("mag ik door", "sport")
    planned = talk.says("nee ik bedoel mijn werk op kantoor", "correctie", near={"sport": 0.1, "zitten_werk": 0.2})
    assert pieces(planned, "passage") == ["passage zitten_werk"]


def test_a_correction_that_names_the_same_topic_gets_another_text_on_it(talk: Talk) -> None:
    talk.says("mag ik door", "werk_ziekmelden")
    planned = talk.says("nee ik bedoel of ik me ziek moet melden", "correctie", near={"werk_ziekmelden": 0.2})
    assert planned.topic == "werk_ziekmelden"
    assert talk.memory.refused == ()
    assert pieces(planned, "passage") not in ([], ["passage werk_ziekmelden"])


def test_a_correction_without_another_reading_gets_one_open_question(talk: Talk) -> None:
    talk.says("mag ik door", "sport")
    planned = talk.says("dat bedoel ik niet", "correctie")
    assert pieces(planned, "text", "passage") == ["text verkeerd_begrepen", "text open_vraag"]
    assert talk.reply.question
    assert buttons(planned) == []


def test_a_correction_of_nothing_is_a_question(talk: Talk) -> None:
    planned = talk.says("nee ik bedoel of warmte helpt", "correctie", near={"warmte": 0.5})
    assert pieces(planned, "text", "passage") == ["passage warmte"]


def test_what_was_refused_does_not_come_back_at_once(talk: Talk) -> None:
    talk.says("mag ik door", "sport")
    talk.says("dat bedoel ik niet", "correctie")
    assert talk.says("mag ik wel door", "sport", near={"werk_ziekmelden": 0.3}).topic == "werk_ziekmelden"
    assert talk.memory.refused == ()


def test_what_was_refused_is_there_by_its_button(talk: Talk) -> None:
    talk.says("mag ik door", "sport")
    talk.says("dat bedoel ik niet", "correctie")
    assert talk.presses("topic.sport").topic == "sport"


def test_a_no_that_says_more_is_a_correction(talk: Talk) -> None:
    talk.says("mag ik door", "sport")
    planned = talk.says("nee ik bedoel of warmte helpt", "ontken", near={"warmte": 0.3})
    assert pieces(planned, "passage") == ["passage warmte"]


# ---- a person ----


def test_a_complaint_gets_one_sorry_and_a_person(talk: Talk) -> None:
    first, second = talk.says("wat een rotding", "frustratie"), talk.says("waardeloos", "frustratie")
    assert pieces(first, "text", "opening") == ["text klacht", "text mens", "opening"]
    assert pieces(second, "text", "opening") == ["text mens", "opening"]


@pytest.mark.parametrize(
    ("now", "said"), [(None, "We zijn nu open. Vandaag tot 18.00 uur."), (SUNDAY, "Morgen gaan we om 8.00 uur open.")]
)
def test_a_person_can_be_phoned_now_or_when(talk: Talk, now: datetime | None, said: str) -> None:
    talk.now = now or talk.now
    talk.says("ik wil iemand spreken", "wil_mens")
    assert said in " ".join(talk.reply.paragraphs)
    assert talk.practice.telefoon in " ".join(talk.reply.paragraphs)


# ---- unclear ----

NEAR = {"slaap": 0.3, "warmte": 0.2, "sport": 0.1}


def test_unclear_is_first_one_question_in_words_then_a_menu_then_the_phone(talk: Talk) -> None:
    said = [talk.says("iets met liggen", near=NEAR) for _ in range(3)]
    assert [pieces(planned, "text", "talk")[0] for planned in said] == [
        "text verduidelijk",
        "talk suggestie",
        "talk fallback",
    ]
    assert [planned.kind for planned in said] == [Kind.SUGGESTION, Kind.SUGGESTION, Kind.FALLBACK]
    assert buttons(said[0]) == ["topic.slaap", "topic.warmte", "topic.sport", "talk.anders"]
    assert buttons(said[1]) == ["topic.slaap", "topic.warmte", "topic.sport", "talk.anders"]
    assert [planned.unanswered for planned in said] == [("slaap", "warmte", "sport")] * 3


def test_an_unclear_story_gets_the_safety_net(talk: Talk) -> None:
    planned = talk.says(STORY, near={"opvlamming": 0.2, "spit_wat": 0.2})
    assert planned.kind is Kind.SUGGESTION
    assert talk.reply.vangnet


def test_under_an_answer_on_a_doubtful_reading_stand_the_next_ones(talk: Talk) -> None:
    planned = talk.says("helpt warmte", "warmte", near={"slaap": 0.2, "sport": 0.1}, confidence=0.6)
    assert buttons(planned)[:2] == ["topic.slaap", "topic.sport"]


def test_a_doubtful_question_that_one_answer_fits_is_answered(answering: Talk) -> None:
    planned = answering.says("welk kussen is goed", near={"warmte": 0.3, "slaap": 0.25})
    assert pieces(planned, "passage") == ["passage slaap.kussen"]
    assert planned.unanswered is None


def test_the_question_names_both_readings(talk: Talk) -> None:
    talk.says("iets met liggen", near=NEAR)
    assert "slapen" in (talk.reply.question or "")
    assert "warmte" in (talk.reply.question or "")


def test_an_answer_between_misses_starts_the_count_anew(talk: Talk) -> None:
    for _ in range(3):
        assert pieces(talk.says("iets met liggen", near=NEAR), "text") == ["text verduidelijk"]
        talk.says("helpt warmte", "warmte")


def test_nothing_near_says_whom_to_phone(talk: Talk) -> None:
    assert talk.says("qwerty", near={"slaap": 0.01}).kind is Kind.FALLBACK


# ---- wiping ----


def test_wiping_asks_first(talk: Talk) -> None:
    asked = talk.says("wis mijn gesprek", "wis_gesprek")
    assert not asked.forget
    assert buttons(asked) == ["wis.ja", "wis.nee"]
    assert talk.says("ja", "bevestig").forget


def test_wiping_by_button(talk: Talk) -> None:
    talk.says("wis mijn gesprek", "wis_gesprek")
    assert talk.presses("wis.ja").forget


@pytest.mark.parametrize("no", ["wis.nee", None])
def test_no_wiping(talk: Talk, no: str | None) -> None:
    talk.says("wis mijn gesprek", "wis_gesprek")
    planned = talk.presses(no) if no else talk.says("nee", "ontken")
    assert not planned.forget
    assert pieces(planned, "text") == ["text wissen_niet"]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("niet wissen!", "text wissen_niet"),
        ("bewaar dit gesprek", "text wissen_niet"),
        ("ik wil mijn afspraak wissen", "passage afspraak_wijzigen"),
    ],
)
def test_another_wish_than_wiping(talk: Talk, text: str, block: str) -> None:
    planned = talk.says(text, "wis_gesprek")
    assert block in map(str, planned.blocks)
    assert not planned.forget


def test_a_yes_long_after_wipes_nothing(talk: Talk) -> None:
    talk.says("wis mijn gesprek", "wis_gesprek")
    talk.says("mag ik sporten", "sport")
    assert not talk.says("ja", "bevestig").forget


# ---- care ----

CARE = {
    "osteoporose": "ik heb osteoporose",
    "kanker_gehad": "ik heb kanker gehad",
    "gevallen": "ik ben gevallen",
    "pas_geopereerd": "ik ben pas geopereerd",
    "geopereerd": "ik ben ooit geopereerd aan mijn rug",
    "zwanger": "ik ben zwanger",
    "prednison": "ik slik prednison",
    "kind": "mijn zoon heeft rugpijn",
}


def _texts(talk: Talk, planned: Plan) -> str:
    return " ".join([*talk.reply.paragraphs, talk.reply.reassurance or "", talk.reply.heard or ""]).lower()


@pytest.mark.parametrize("fact", CARE)
@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_no_road_leads_to_texts_for_sound_backs(fact: str, topic: str) -> None:
    talk, heard = Talk(LIBRARY), LIBRARY.talk.heard
    talk.says(CARE[fact], "groet")
    assert fact in care_of(talk.memory.facts, heard)
    roads: tuple[Callable[[], Plan], ...] = (
        lambda: talk.says("hoe zit het daarmee", topic),
        lambda: talk.presses(f"topic.{topic}"),
        lambda: talk.presses(f"more.{topic}"),
        lambda: talk.presses(f"simple.{topic}"),
        lambda: talk.says("ja", "bevestig"),
        lambda: talk.says("waarom", "waarom"),
        lambda: talk.says("welke dan", "welke"),
        lambda: talk.says(STORY, topic),
        lambda: talk.says("dat vroeg ik niet", "correctie", near={topic: 0.4}),
        *(partial(talk.says, answer.asks[0], topic) for answer in LIBRARY.topics[topic].answers),
        *(partial(talk.presses, f"antw.{topic}.{answer.id}") for answer in LIBRARY.topics[topic].answers),
    )
    for road in roads:
        planned = road()
        if fact not in care_of(talk.memory.facts, heard):  # "mijn rug ..." is no longer about the child
            talk.says(CARE[fact], "groet")
            continue
        if not any(getattr(block, "fact", None) for block in planned.blocks if isinstance(block, Passage)):
            said = _texts(talk, planned)
            assert not [words for words in heard.sound_backs if words in said], said
        for block in planned.blocks:
            if isinstance(block, Passage) and block.topic in heard.moving:
                assert block.fact or block.part.startswith("="), block


def test_care_is_said_by_name_then_by_its_own_topic(talk: Talk) -> None:
    talk.says("ik heb osteoporose", "groet")
    said = [str(talk.says("mag dat", topic).blocks[0]) for topic in ("sport", "krachttraining", "krachttraining")]
    assert said == ["care osteoporose", "care osteoporose krachttraining", "passage osteoporose_wat"]


def test_care_comes_with_a_safety_net(talk: Talk) -> None:
    talk.says("ik ben gevallen, mag ik sporten", "sport")
    assert talk.reply.vangnet == talk.practice.fill(LIBRARY.vangnet["rug"].text)


def test_care_of_one_is_not_care_of_another(talk: Talk) -> None:
    talk.says("mijn moeder heeft osteoporose", "groet")
    assert pieces(talk.says("mag ik zelf sporten, bij mij is alles goed", "sport"), "passage") == ["passage sport"]


def test_what_an_alarm_heard_is_remembered(talk: Talk) -> None:
    talk.says("mag ik sporten", "sport", unread=("ik ben gevallen en heb pijn", "mag ik sporten"))
    assert "gevallen" in talk.memory.facts


def test_a_sign_that_was_faintly_seen_is_named_by_the_safety_net(talk: Talk) -> None:
    for _ in range(2):
        planned = talk.says("mijn arm voelt wat zwak, helpt warmte", "warmte", watch=("NEU09_arm_zwak",))
        assert pieces(planned, "vangnet") == ["vangnet nek"]
        assert "NEU09_arm_zwak" in talk.reply.vangnet_signs
    planned = talk.says("wordt het vergoed", "vergoeding", watch=("INF01_koorts",))
    assert pieces(planned, "vangnet") == ["vangnet rug"]


# ---- an open alarm ----

URGENT = OpenAlarm(("CES01_niet_plassen",), State.SAID, "spoed_nu").to_json()
SETTLED = OpenAlarm(("CES01_niet_plassen",), State.CALLED, "spoed_nu").to_json()


def test_what_an_open_alarm_goes_before_waits_and_is_not_used_up(talk: Talk) -> None:
    waiting = talk.says("mag ik sporten", "sport", open_alarm=URGENT)
    assert [str(block) for block in waiting.blocks] == ["text bel_eerst"]
    assert waiting.topic == "sport"
    assert pieces(talk.says("mag ik sporten", "sport", open_alarm=SETTLED), "passage") == ["passage sport"]


def test_what_is_safe_is_answered_under_an_alarm(talk: Talk) -> None:
    planned = talk.says("wordt het vergoed", "vergoeding", open_alarm=URGENT)
    assert pieces(planned, "passage") == ["passage vergoeding"]


def test_a_feeling_under_an_alarm_is_heard_and_nothing_is_tried(talk: Talk) -> None:
    planned = talk.says("ik ben zo bang", "emotie", open_alarm=URGENT)
    assert [str(block) for block in planned.blocks] == ["heard bang", "text bel_eerst"]


# ---- reassurance ----


def test_reassurance_never_comes_twice_nor_on_end(talk: Talk) -> None:
    lines = []
    for topic in sorted(LIBRARY.topics):
        talk.says("hoe zit dat", topic)
        lines.append(talk.reply.reassurance)
    given = [line for line in lines if line]
    assert len(given) > 10
    assert len(given) == len(set(given))
    assert not [pair for pair in zip(lines, lines[1:], strict=False) if all(pair)]


def test_who_has_pain_for_long_hears_nothing_of_getting_well_soon(talk: Talk) -> None:
    talk.says("ik heb al jaren pijn", "groet")
    lines = set()
    for topic in sorted(LIBRARY.topics):
        talk.says("hoe zit dat", topic)
        lines.add(talk.reply.reassurance)
    fitting = {line for key in ("ook_na_lang", "pijn_is_echt") for line in LIBRARY.reassurance[key]}
    assert lines - {None}
    assert lines - {None} <= fitting


def test_no_reassurance_behind_whom_to_phone(talk: Talk) -> None:
    for topic in LIBRARY.topics.values():
        talk = Talk(LIBRARY)
        talk.says("hoe zit dat", topic.id)
        if "bel " in talk.reply.paragraphs[-1].lower():
            assert talk.reply.reassurance is None


def test_a_businesslike_practice_does_not_reassure(talk: Talk) -> None:
    talk.practice = talk.practice.model_copy(update={"toon": "zakelijk"})
    talk.says("mag ik sporten", "sport")
    assert talk.reply.reassurance is None


# ---- all of it ----


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_a_talk_about_one_topic_ends_nowhere(topic: str) -> None:
    """Every turn says something that was not said, or says so and names the phone."""
    talk = Talk(LIBRARY)
    said: set[tuple[str, ...]] = set()
    for road in (topic, "waarom", "simpeler", "vertel_meer", topic, "bevestig"):
        talk.says("en dan?", road)
        text = talk.reply.paragraphs
        assert text not in said or talk.practice.telefoon in " ".join(text)
        said.add(text)


@pytest.mark.parametrize(
    "intent",
    sorted({*LIBRARY.smalltalk} - {"andere_taal", "onderwerp_uit", "fallback", "suggestie", "storing", "welkom"}),
)
def test_every_fixed_reply_can_be_said(talk: Talk, intent: str) -> None:
    for _ in range(5):
        talk.says("x", intent)
        assert talk.reply.words


def test_the_texts_of_a_plan_are_those_of_the_topics(talk: Talk) -> None:
    planned = talk.says("mag ik sporten", "sport")
    assert talk.reply.paragraphs == talk.practice.fill(LIBRARY.topics["sport"].answer)
    assert planned.topic == "sport"
