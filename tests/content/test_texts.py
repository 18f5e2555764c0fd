"""What patients read: plain, kind, complete, our own words, and short enough for every channel."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from bisect import bisect_left, bisect_right
from functools import cache
from math import ceil, floor
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from actions.acts import BY_INTENT
from alarm.words import fold
from bot.alarm_reply import AFRAID, CALLED, NO, NOBODY, WRONG, YES
from content import Library, Practice, Topic
from content.checks import MAX_ANSWER_WORDS, check_texts, patient_texts, problems, read_texts
from content.library import ROOT as CONTENT
from content.model import PLACEHOLDERS, WORDS_BY_COUNTRY
from content.reply import MAX_BUTTON_ID, MAX_BUTTON_SHORT, MAX_BUTTON_TITLE, Button

ROOT = CONTENT.parent
COPIED = ROOT.parent / "shared" / "tools" / "copied.py"
LIBRARY = Library.load()
TOPICS = sorted(LIBRARY.topics)
LEAST_LINES = 40
NEAR = 92  # rapidfuzz ratio of folded text


def test_no_text_has_a_problem() -> None:
    assert [str(mistake) for mistake in check_texts(CONTENT)] == []


@pytest.mark.parametrize(
    ("text", "limit", "problem"),
    [
        ("Je rug mag best bewegen. " * 20, MAX_ANSWER_WORDS, "100 woorden, hoogstens 60"),
        (
            "Je mag best een stukje lopen en als het goed gaat ook nog een stukje fietsen of zwemmen.",
            0,
            "een zin van 18 woorden",
        ),
        ("Ga nu elke dag een kort stukje lopen met je hond in het bos. " * 3, 0, "gemiddeld 14.0 woorden"),
        ("Bewegingsvrijheid stimuleren verbetert spierconditie. " * 5, 0, "Flesch-Douma"),
        ("Behandelingen verminderen langdurige klachten. " * 5, 0, "LIX"),
        ("Het komt door een verkeerde houding.", 0, "verwijt"),
        ("Dat is je eigen schuld.", 0, "verwijt"),
        ("Je rug is versleten.", 0, "als feit"),
        ("Je hebt een hernia.", 0, "diagnose"),
        ("Je hebt artrose.", 0, "diagnose"),
        ("Neem 500 mg.", 0, "dosis"),
        ("Neem er 2 tabletten van.", 0, "dosis"),
        ("Dit geneest altijd.", 0, "belooft genezing"),
        ("Bel uw huisarts.", 0, "hier staat 'u'"),
        ("Wilt U meer weten?", 0, "hier staat 'u'"),
        ("Onze bronnen zeggen niets over TENS.", 0, "praat over bronnen"),
    ],
)
def test_a_bad_text_is_noticed(text: str, limit: int, problem: str) -> None:
    found = list(problems((text.strip(),), limit))
    assert [p for p, _ in found if re.search(problem, p)], found
    assert all(mend for _, mend in found)


@pytest.mark.parametrize(
    "text", ["Ga naar buiten.", "Bel {telefoon}.", "Het duurt een uur.", "Menu en muur.", "Je hebt misschien pijn."]
)
def test_a_good_text_is_left_alone(text: str) -> None:
    assert list(problems((text,), MAX_ANSWER_WORDS)) == []


def test_a_bad_text_in_a_file_is_named_with_its_line(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CONTENT, tmp_path / "content", ignore=shutil.ignore_patterns("alarm", "*.py", "*.png")))
    path = copy / "topics" / "sport.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Meestal wel.", "Vraag het uw huisarts.", 1), encoding="utf-8")
    found = check_texts(copy)
    assert [(m.path, m.line) for m in found] == [(path, text[: text.index("answer:")].count("\n") + 1)]
    assert found[0].problem.startswith("answer: ")


# ---- a topic is whole ----


def domain() -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return data


@cache
def training_lines() -> dict[str, list[str]]:
    """Lines of data/nlu by intent, with the marks of entities taken off."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = [line.removeprefix("- ").strip() for line in block["examples"].splitlines() if line.strip()]
                found.setdefault(block["intent"], []).extend(
                    re.sub(r"\[([^]]+)\][({][^)}]*[)}]", r"\1", line) for line in lines
                )
    return found


@cache
def intents_with_a_rule() -> set[str]:
    found = set()
    for rule in yaml.safe_load((ROOT / "data" / "stories" / "regels.yml").read_text(encoding="utf-8"))["rules"]:
        first = rule["steps"][0]
        found |= {step["intent"] for step in first.get("or", [first])}
    return found


def test_topics_and_intents_are_the_same() -> None:
    asked = {name.removeprefix("vraag_") for name in domain()["intents"] if name.startswith("vraag_")}  # type: ignore[attr-defined]
    assert asked == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_a_rule(topic: str) -> None:
    assert f"vraag_{topic}" in intents_with_a_rule()


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_has_training_lines(topic: str) -> None:
    lines = training_lines().get(f"vraag_{topic}", [])
    assert len({fold(line) for line in lines}) >= LEAST_LINES, f"{len(lines)} lines; at least {LEAST_LINES}"


def test_every_trained_intent_is_in_the_domain() -> None:
    assert set(training_lines()) <= set(domain()["intents"])  # type: ignore[call-overload]


def test_no_line_trains_two_intents() -> None:
    seen: dict[str, set[str]] = {}
    for intent, lines in training_lines().items():
        for line in lines:
            seen.setdefault(fold(line), set()).add(intent)
    assert {line: intents for line, intents in seen.items() if len(intents) > 1} == {}


def test_every_intent_that_is_no_question_is_an_act_or_has_words() -> None:
    needed = {name for name in intents_with_a_rule() if not name.startswith("vraag_")}
    assert needed - set(LIBRARY.smalltalk) - {"iets_anders", "andere_taal"} - set(BY_INTENT) == set()


# ---- words for a talk ----


def test_every_topic_has_a_phrase() -> None:
    assert set(TOPICS) <= set(LIBRARY.talk.phrases)


def test_what_was_heard_is_at_most_twelve_words_with_any_phrase() -> None:
    longest = max(LIBRARY.talk.phrases.values(), key=lambda phrase: len(phrase.split()))
    lines = [line for echo in LIBRARY.talk.said.heard.values() for line in (*echo.lines, *echo.other)]
    filled = [line.format(wie="je moeder", Wie="Je moeder", onderwerp=longest) for line in lines]
    assert [line for line in filled if len(line.split()) > 12] == []


def test_what_is_named_in_the_words_for_a_talk_exists() -> None:
    heard, said = LIBRARY.talk.heard, LIBRARY.talk.said
    later = set(LIBRARY.talk.phrases)  # topics of which the text is still to come
    assert {*heard.moving, *heard.wipe.other.values()} <= set(TOPICS)
    assert {fact.own_topic for fact in heard.facts.values() if fact.own_topic} <= set(TOPICS)
    assert {topic for echo in said.heard.values() for topic in echo.topics} <= later
    assert {helps.topic for helps in said.helps.values() if helps.topic} <= later
    own = {key for keys in heard.reassurance_for.values() for key in keys}
    assert {*heard.reassurance_with_care, *own} <= set(LIBRARY.reassurance)
    assert set(heard.moods) <= set(said.helps)
    assert set(said.people) == set(heard.people)
    assert {name for name, fact in heard.facts.items() if fact.care} == set(said.care)


# ---- the development sets stay unseen ----


def evaluation_lines() -> list[tuple[str, str]]:
    """File name and text of every line the system is measured with."""
    found = []
    for path in sorted((ROOT / "tests" / "evaluation").glob("*.tsv")):
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
        found += [(path.name, row["text"]) for row in rows]
    return found


def near_duplicates() -> list[str]:
    """Lines of three words and more: "doei" and "artrose erfelijk" are what everybody types."""
    trained = {fold(line): line for lines in training_lines().values() for line in lines}
    folded = sorted(trained, key=len)
    lengths = [len(line) for line in folded]
    found = []
    for name, text in evaluation_lines():
        if len(text.split()) < 3:
            continue
        line = fold(text)
        # Lines so much shorter or longer cannot reach the ratio: twice what is shared, over both lengths.
        shortest, longest = len(line) * NEAR / (200 - NEAR), len(line) * (200 - NEAR) / NEAR
        likely = folded[bisect_left(lengths, floor(shortest)) : bisect_right(lengths, ceil(longest))]
        if best := process.extractOne(line, likely, scorer=fuzz.ratio, score_cutoff=NEAR):
            found.append(f"{name}: {text!r} ~ {trained[best[0]]!r} ({best[1]:.0f})")
    return found


def test_no_training_line_is_nearly_a_line_of_the_development_sets() -> None:
    assert near_duplicates() == []


# ---- our own words ----


@pytest.mark.skipif(not COPIED.is_file(), reason="the source texts (../shared) are not next to this checkout")
def test_no_sentence_comes_from_the_source_texts() -> None:
    run = subprocess.run([sys.executable, str(COPIED), str(ROOT)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


# ---- channels ----


def buttons_of(topic: Topic) -> list[Button]:
    """Every button that a reply on this topic can have."""
    names = [topic.id, *topic.follow_up]
    return [
        *(Button(id=f"topic.{n}", title=LIBRARY.topics[n].title, short=LIBRARY.topics[n].button) for n in names),
        Button(id=f"more.{topic.id}", title="Vertel meer", short="Vertel meer"),
        Button(id=f"simple.{topic.id}", title="Zeg het simpeler", short="Simpeler"),
    ]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_buttons_of_a_topic_fit_whatsapp_and_telegram(topic: str) -> None:
    for button in buttons_of(LIBRARY.topics[topic]):
        fits(button)


@pytest.mark.parametrize("button", [CALLED, NOBODY, AFRAID, WRONG, YES, NO], ids=lambda button: str(button.id))
def test_the_buttons_of_an_alarm_fit_whatsapp_and_telegram(button: Button) -> None:
    fits(button)


def fits(button: Button) -> None:
    assert len(button.id.encode()) <= MAX_BUTTON_ID <= 64  # Telegram's callback_data; WhatsApp allows more
    assert button.id.isascii()
    assert len(button.short) <= MAX_BUTTON_SHORT <= 20  # WhatsApp's reply button
    assert len(button.title) <= MAX_BUTTON_TITLE <= 72  # WhatsApp's list description


def test_no_two_topics_have_the_same_button() -> None:
    shorts = [topic.button for topic in LIBRARY.topics.values()]
    assert sorted(shorts) == sorted(set(shorts))
    titles = [topic.title for topic in LIBRARY.topics.values()]
    assert sorted(titles) == sorted(set(titles))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_does_not_lead_to_itself(topic: str) -> None:
    follow_up = LIBRARY.topics[topic].follow_up
    assert topic not in follow_up
    assert len(set(follow_up)) == len(follow_up)


@pytest.mark.parametrize("topic", TOPICS)
def test_an_answer_fits_in_one_whatsapp_message_with_buttons(topic: str) -> None:
    found = LIBRARY.topics[topic]
    for practice in LIBRARY.practices.values():
        for paragraphs in (found.answer, found.simple, *(variant.answer for variant in found.variants)):
            assert len("\n\n".join(practice.fill(paragraphs))) <= 1_024
        assert len("\n\n".join(practice.fill(found.more))) <= 4_096


TALK = {"wie": "je moeder", "Wie": "Je moeder", "a": "slapen", "b": "warmte", "onderwerp": "slapen"}
TIMES = {"bewaartijd": "24 uur", "langer": "14 dagen", "vragentijd": "30 dagen"}


@pytest.mark.parametrize("practice", LIBRARY.practices.values(), ids=lambda practice: str(practice.id))
def test_placeholders_fill_for_every_practice(practice: Practice) -> None:
    for path, where, paragraphs, _ in patient_texts(LIBRARY, CONTENT):
        assert not [p for p in practice.fill(paragraphs, **TIMES, **TALK) if re.search(r"[{}]", p)], (path.name, where)
    for language, paragraphs in LIBRARY.languages.items():
        assert practice.telefoon in "\n".join(practice.fill(paragraphs)), language


def test_a_placeholder_is_known_to_every_practice() -> None:
    for practice in LIBRARY.practices.values():
        assert set(practice.fields()) == PLACEHOLDERS


@pytest.mark.parametrize("country", sorted(WORDS_BY_COUNTRY))
def test_what_differs_by_country_reads_well(country: str) -> None:
    words = WORDS_BY_COUNTRY[country]
    for name in ("verwijzing_regels", "vergoeding_regels", "vergoeding_meer"):
        assert list(problems((words[name],), 0)) == [], name


def test_a_patient_never_hears_about_our_sources() -> None:
    for path, where, paragraphs in read_texts(LIBRARY, CONTENT):
        assert not re.search(r"\b(onze|de|een van de|uit de) bron(nen)?\b", " ".join(paragraphs).lower()), (path, where)


def test_every_drawing_has_words_for_who_cannot_see_it() -> None:
    media = yaml.safe_load((CONTENT / "media" / "media.yml").read_text(encoding="utf-8"))
    assert json.dumps(media)
    for topic in LIBRARY.topics.values():
        if topic.image:
            assert (CONTENT / "media" / f"{topic.image}.png").is_file(), topic.id


def test_entity_values_of_variants_are_taught() -> None:
    taught = (ROOT / "data" / "nlu" / "entiteiten.yml").read_text(encoding="utf-8").lower()
    missing = {v.value for topic in LIBRARY.topics.values() for v in topic.variants if v.value.lower() not in taught}
    assert missing == set()
