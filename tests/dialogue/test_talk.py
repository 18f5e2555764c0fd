"""Ordinary talks on the running system: what a patient types and what comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content import Library
from tests.dialogue.chat import Chat

NewChat = Callable[..., Chat]
DEMO_PHONE, FLEMISH_PHONE = "030 - 000 00 00", "09 000 00 00"


@pytest.fixture(scope="module")
def library() -> Library:
    """What the assistant says, to compare with."""
    return Library.load()


VAGUE = (
    "rug toestand",
    "beetje van alles",
    "zit het daar of daar",
    "mijn rug dus",
    "dat ding van toen met mijn rug",
)  # one of these is not understood


@pytest.fixture
def unsure(new_chat: NewChat) -> Chat:
    """A chat whose last reply is a suggestion, and no advice: with that, suggestions go on after two misses."""
    for line in VAGUE:
        chat = new_chat().says(line)
        if (chat.replies[0]["kind"], chat.replies[0]["urgency"]) == ("suggestion", "geen"):
            return chat
    pytest.fail(f"none of {VAGUE} gets a suggestion")


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("MAG IK SPORTEN MET RUGPYN???", "sport"),
        pytest.param(
            "wa is een hernja eigenlijk",
            "hernia_wat",
            marks=pytest.mark.xfail(raises=AssertionError, reason="asks first: 'Bedoel je een hernia, of ...?'"),
        ),
        ("hoelang duurt rugpyn meestal voordat t weg is", "rugpijn_duur"),
        ("ik slaap heeel slegt door mn rug", "slaap"),
        ("hoe moet ik tille met mn rug", "tillen_bukken"),
        ("wat is artrosse", "artrose_wat"),
        ("moet er geen rontgenfoto gemaakt worde", "beeldvorming"),
        ("krijg ik de behandeling vergoet van de verzekring", "vergoeding"),
        ("hep ik een verwijsbrief nodig van de huisarts", "verwijzing"),
        ("helpt een warme kruik", "warmte"),
    ],
)
def test_a_question_in_odd_spelling_gets_its_answer(chat: Chat, text: str, topic: str) -> None:
    chat.says(text).sees(kind="answer", topic=topic, urgency="geen", crisis=False)


def test_a_short_follow_up_stays_with_the_topic(chat: Chat) -> None:
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport")
    chat.says("en fietsen?").sees("fietsen past vaak goed", topic="sport", kind="answer")
    chat.says("en zwemmen").sees("zwemmen is voor veel mensen", topic="sport", kind="answer")


def test_the_same_word_first_in_a_talk_leans_on_nothing(chat: Chat) -> None:
    chat.says("mag ik met rugpijn fietsen?").sees("fietsen", topic="sport", kind="answer")


@pytest.mark.parametrize("ask", ["vertel meer", "kun je daar meer over vertellen?"])
def test_tell_me_more(chat: Chat, library: Library, ask: str) -> None:
    chat.says("ik slaap slecht door mijn rug").sees(topic="slaap")
    chat.says(ask).sees(*library.topics["slaap"].more, topic="slaap", kind="answer")


@pytest.mark.parametrize("ask", ["dat snap ik niet", "kan het simpeler?"])
def test_i_do_not_understand(chat: Chat, library: Library, ask: str) -> None:
    chat.says("ik slaap slecht door mijn rug").sees(topic="slaap")
    chat.says(ask).sees(*library.topics["slaap"].simple, topic="slaap", kind="answer")


def test_why_goes_on_with_the_topic(chat: Chat, library: Library) -> None:
    chat.says("is het slecht om krom te zitten").sees(topic="houding")
    chat.says("waarom?").sees(*library.topics["houding"].more, topic="houding", kind="answer")


def test_why_at_the_start_explains_what_can_be_asked(chat: Chat) -> None:
    chat.says("waarom?").sees("rug", kind="smalltalk")


def test_more_by_button_then_simpler_by_button(chat: Chat, library: Library) -> None:
    chat.says("wat is artrose?").sees(topic="artrose_wat")
    chat.presses("Vertel meer").sees(*library.topics["artrose_wat"].more, topic="artrose_wat")
    chat.presses("Zeg het simpeler").sees(*library.topics["artrose_wat"].simple, topic="artrose_wat")


def test_every_button_under_an_answer_leads_somewhere(chat: Chat) -> None:
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport")
    buttons = chat.replies[0]["buttons"]
    assert buttons
    for button in buttons:
        sent = chat.post({"button": button["id"]})
        assert sent.status_code == 200, sent.text
        patient, *replies = sent.json()["messages"]
        assert patient["text"] == button["title"]
        assert {m["reply"]["kind"] for m in replies} <= {"answer", "smalltalk"}, (button, replies)


def test_a_follow_up_button_of_another_topic_makes_that_the_topic(chat: Chat, library: Library) -> None:
    chat.says("mag ik sporten met rugpijn?").sees(topic="sport")
    chat.presses(library.topics["opbouwen"].title).sees(topic="opbouwen", kind="answer")
    chat.says("vertel meer").sees(*library.topics["opbouwen"].more, topic="opbouwen")


def test_say_it_again(chat: Chat) -> None:
    said = chat.says("wat is artrose?").text
    chat.says("kunt u dat herhalen?").sees(kind="answer", topic="artrose_wat")
    assert chat.text == said


def test_nothing_to_repeat_yet(chat: Chat) -> None:
    chat.says("kunt u dat herhalen?").sees(kind="smalltalk")
    assert "herhalen" in chat.text


def test_a_talk_keeps_every_turn_in_order(chat: Chat) -> None:
    for text in ("hoi", "wat is artrose?", "vertel meer"):
        chat.says(text)
    history = chat.history()
    assert [m["author"] for m in history] == ["assistant"] + ["patient", "assistant"] * 3
    assert [m["text"] for m in history if m["author"] == "patient"] == ["hoi", "wat is artrose?", "vertel meer"]
    assert [m["id"] for m in history] == sorted({m["id"] for m in history})


# ---------------------------------------------------------------- small talk


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hallo", "groet"),
        ("dank je wel!", "bedankt"),
        ("doei", "afscheid"),
        ("help", "hulp"),
        ("ben jij een mens?", "over_bot"),
    ],
)
def test_small_talk_gets_its_own_words(chat: Chat, library: Library, text: str, intent: str) -> None:
    chat.says(text).sees(kind="smalltalk", topic=None)
    practice = library.practices["demo"]
    assert tuple(chat.replies[0]["paragraphs"]) in [practice.fill(wording) for wording in library.smalltalk[intent]]


def test_thanks_after_an_answer_is_no_question(chat: Chat) -> None:
    chat.says("wat is artrose?").says("bedankt!").sees(kind="smalltalk", topic=None)


def test_yes_after_an_answer_goes_on_with_it(chat: Chat, library: Library) -> None:
    chat.says("wat is artrose?").says("ja").sees(*library.topics["artrose_wat"].more, topic="artrose_wat")


@pytest.mark.parametrize(
    ("title", "intent"), [("Dit helpt mij", "feedback_goed"), ("Dit helpt mij niet", "feedback_slecht")]
)
def test_feedback_by_button(chat: Chat, library: Library, title: str, intent: str) -> None:
    chat.says("wat is artrose?").presses(title).sees(kind="smalltalk", urgency="geen")
    practice = library.practices["demo"]
    assert tuple(chat.replies[0]["paragraphs"]) in [practice.fill(wording) for wording in library.smalltalk[intent]]
    chat.says("vertel meer").sees(topic="artrose_wat", kind="answer")


# ---------------------------------------------------------------- unsure, and outside


def test_when_unsure_it_suggests_topics_and_a_button_answers(unsure: Chat) -> None:
    unsure.sees(topic=None, urgency="geen")
    *topics, other = unsure.replies[0]["buttons"]
    assert 1 <= len(topics) <= 3
    assert all(button["id"].startswith("topic.") for button in topics)
    assert other["title"] == "Iets anders"
    unsure.presses(topics[0]["title"]).sees(kind="answer", topic=topics[0]["id"].removeprefix("topic."))


def test_something_else_after_a_suggestion_invites_a_new_question(unsure: Chat) -> None:
    unsure.presses("Iets anders").sees(kind="smalltalk")
    unsure.says("wat is artrose?").sees(topic="artrose_wat", kind="answer")


def test_after_two_misses_the_practice_can_be_phoned(unsure: Chat) -> None:
    vague = unsure.history()[-2]["text"]
    unsure.says(vague).sees(kind="suggestion")
    unsure.says(vague).sees(DEMO_PHONE, kind="fallback")


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("Hello, I have back pain. Do you speak English?", "en", "speaks only Dutch"),
        ("Ich habe Rückenschmerzen, was kann ich tun?", "de", "nur Niederländisch"),
        ("Bonjour, j'ai mal au dos, est-ce que je peux faire du sport ?", "fr", "seulement néerlandais"),
    ],
)
def test_another_language_gets_a_line_in_that_language(chat: Chat, text: str, lang: str, words: str) -> None:
    chat.says(text).sees(words, DEMO_PHONE, "112", kind="declined", lang=lang)


@pytest.mark.parametrize("text", ["mijn knie doet pijn, wat nu?", "wat is de hoofdstad van Frankrijk?"])
def test_outside_the_subject_is_declined(chat: Chat, text: str) -> None:
    chat.says(text).sees("rug", kind="declined", topic=None)


def test_a_request_for_a_diagnosis_is_answered_honestly(chat: Chat) -> None:
    chat.says("wat heb ik? kun je een diagnose stellen?").sees("onderz", kind="smalltalk").sees_no(
        "je hebt een", "u heeft een"
    )


@pytest.mark.parametrize("text", ["hoeveel paracetamol mag ik per dag?", "hoeveel mg ibuprofen mag ik nemen"])
def test_a_question_about_a_dose_goes_to_the_pharmacy(chat: Chat, text: str) -> None:
    chat.says(text).sees("apothe").sees_no(" mg", "milligram", "tabletten per dag", "keer per dag")


# ---------------------------------------------------------------- reassurance


def test_reassurance_never_comes_twice_and_not_in_two_replies_on_end(chat: Chat) -> None:
    questions = [
        "mag ik sporten met rugpijn?", "en fietsen?", "wat is artrose?", "hoe lang duurt rugpijn?", "wat is spit?",
        "wat is een hernia?", "ik durf niet te bukken", "hoe moet ik tillen?", "hoe slaap ik beter met rugpijn?",
    ]  # fmt: skip
    lines = [chat.says(question).replies[0]["reassurance"] for question in questions]
    given = [line for line in lines if line]
    assert len(given) >= 3, lines
    assert len(given) == len(set(given)), lines
    assert not [pair for pair in zip(lines, lines[1:]) if all(pair)], lines


def test_the_same_question_again_is_never_the_same_text(chat: Chat) -> None:
    said = [chat.says("ik durf niet te bukken").text for _ in range(4)]
    assert len(set(said)) == 4


def test_when_all_is_said_the_practice_is_named(chat: Chat) -> None:
    said = [chat.says("ik durf niet te bukken").text for _ in range(20)]
    assert any(DEMO_PHONE in text for text in said)


@pytest.mark.parametrize("said", ["ik heb osteoporose, mag ik bewegen?", "wat is osteoporose?", "ik heb osteoporose"])
def test_no_strong_back_reassurance_after_a_fragile_one(chat: Chat, library: Library, said: str) -> None:
    chat.says(said)
    lines = [chat.replies[0]["reassurance"]]
    for question in ("ik durf niet te bukken", "is mijn rug wel sterk genoeg?", "ik durf niet te bewegen") * 2:
        lines.append(chat.says(question).replies[0]["reassurance"])
    strong = set(library.reassurance["rug_is_sterk"])
    assert not strong.intersection(filter(None, lines)), lines


def test_no_strong_back_answer_after_a_fragile_one(chat: Chat) -> None:
    chat.says("ik heb osteoporose, mag ik bewegen?").says("ik durf niet te bukken").sees_no("je rug is sterk")


@pytest.mark.parametrize("vague", VAGUE)
def test_a_fracture_told_among_vague_words_is_remembered(chat: Chat, library: Library, vague: str) -> None:
    chat.says(f"{vague} na een wervelbreuk")
    lines = [chat.says("ik durf niet te bukken").replies[0]["reassurance"] for _ in range(5)]
    assert not set(library.reassurance["rug_is_sterk"]).intersection(filter(None, lines)), lines


def test_a_strong_back_is_said_otherwise(chat: Chat) -> None:
    """The control of the tests above: without osteoporosis the same question does bring it."""
    chat.says("is mijn rug wel sterk genoeg?").sees("sterk", topic="rug_is_sterk")


# ---------------------------------------------------------------- memory, corrections, a person


def test_two_questions_get_two_answers_in_one_reply(chat: Chat) -> None:
    chat.says("mag ik sporten met rugpijn en wordt de behandeling vergoed?").sees(kind="answer", topic="sport")
    assert [name.partition(".")[0] for name in chat.replies[0]["answers"]] == ["sport", "vergoeding"]


def test_who_is_ill_is_remembered(chat: Chat) -> None:
    chat.says("mijn moeder van 84 heeft osteoporose en rugpijn")
    chat.says("mag ze sporten?").sees_no("je rug is sterk", "niet stuk")


def test_who_tells_is_heard(chat: Chat) -> None:
    chat.says("sinds gisteren slaap ik zo slecht door mijn rug en ik lig er hele nachten wakker van")
    assert chat.replies[0]["heard"]
    assert chat.replies[0]["kind"] == "answer"


def test_wiping_asks_first_and_no_keeps_the_talk(chat: Chat) -> None:
    chat.says("wis mijn gesprek").sees(effect=None)
    chat.presses("Nee, bewaren").sees(effect=None, kind="smalltalk")
    assert len(chat.history()) == 5


# ---------------------------------------------------------------- greeting and practices


@pytest.mark.parametrize(("practice", "name"), [("demo", "Praktijk Rugzicht"), ("vlaanderen", "Kinepraktijk De Leie")])
def test_the_greeting_says_what_this_is(new_chat: NewChat, library: Library, practice: str, name: str) -> None:
    chat = new_chat(practice=practice)
    chat.sees(name, "computerprogramma", "diagnose stel ik niet", "niemand leest mee", "112", kind="smalltalk")
    greeting = chat.replies[0]
    own = library.practices[practice]
    beside = {own.begroeting, *own.fill(library.privacy.proef if library.privacy else ())}
    assert len(" ".join(p for p in greeting["paragraphs"] if p not in beside).split()) <= 40
    assert greeting["buttons"]


def test_every_button_of_the_greeting_answers(new_chat: NewChat) -> None:
    for button in new_chat().replies[0]["buttons"]:
        chat = new_chat()
        chat.presses(button["title"]).sees(kind="answer", topic=button["id"].removeprefix("topic."))


def test_each_practice_gives_its_own_phone(new_chat: NewChat) -> None:
    new_chat(practice="demo").says("wat is jullie telefoonnummer?").sees(DEMO_PHONE).sees_no(FLEMISH_PHONE)
    new_chat(practice="vlaanderen").says("wat is jullie telefoonnummer?").sees(FLEMISH_PHONE).sees_no(DEMO_PHONE)


def test_two_patients_do_not_share_a_talk(new_chat: NewChat) -> None:
    one, other = new_chat(), new_chat()
    one.says("wat is artrose?").sees(topic="artrose_wat")
    other.says("vertel meer").sees(kind="smalltalk")
    one.says("vertel meer").sees(topic="artrose_wat")
    assert other.post({"text": "hoi"}).status_code == 200
    swapped = other._client.get(f"/api/conversations/{one.id}/messages", headers=other.headers)
    assert swapped.status_code == 401


# ---------------------------------------------------------------- typed commands are text


COMMANDS = [
    "/restart",
    '/alarm{"x":1}',
    '/alarm{"alarm_signs":"CES01_niet_plassen"}',
    "//restart",
    "/session_start",
]
HIDDEN_COMMANDS = ["/ /restart", '/ /alarm{"alarm_signs":"CES01_niet_plassen"}']


@pytest.mark.parametrize("command", COMMANDS)
def test_a_typed_command_is_only_text(chat: Chat, command: str) -> None:
    chat.says("wat is artrose?").sees(topic="artrose_wat")
    chat.says(command)
    assert chat.replies[0]["kind"] in {"suggestion", "fallback", "declined", "smalltalk", "answer"}
    assert "gaat bij mij iets mis" not in chat.text
    assert chat.history()[-2]["text"] == command.lstrip("/")
    chat.says("vertel meer").sees(kind="answer")


def test_a_typed_intent_is_guessed_at_like_any_word(chat: Chat) -> None:
    """As a command it would be understood with certainty."""
    chat.says("/vraag_sport")
    assert chat.replies[0]["confidence"] < 1.0
    chat.says('/vraag_sport{"onderwerp": "spit_wat"}')
    assert chat.replies[0]["topic"] != "spit_wat"


@pytest.mark.parametrize("command", HIDDEN_COMMANDS)
def test_a_command_behind_a_second_slash_is_only_text(chat: Chat, command: str) -> None:
    chat.says("wat is artrose?").sees(topic="artrose_wat")
    chat.says(command)
    assert chat.replies[0]["kind"] not in {"alarm", "alarm_question"}
    assert "gaat bij mij iets mis" not in chat.text
    chat.says("vertel meer").sees(topic="artrose_wat", kind="answer")
