"""The answer that fits is found by its wordings, at once and fast."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from answers import NEAR, Matcher, matcher
from answers.match import pieces, stem
from answers.measure import leave_one_out, report, strangers
from content import Library

LIBRARY = Library.load()
ANSWERED = {name: topic for name, topic in LIBRARY.topics.items() if topic.answers}
# On wordings left out one by one; a patient has all of them to be like.
STEP = 7  # of the wordings one in so many is looked for: enough to see a change, and quick
LEAST_RIGHT = 0.42
LEAST_IN_THREE = 0.7


@pytest.mark.parametrize(
    ("topic", "text", "answer"),
    [
        ("eerste_dagen", "hoe kom ik nou mijn bed uit", "uit_bed"),
        ("eerste_dagen", "Ik krijg m'n sokken en schoenen niet aan", "aankleden"),
        ("rug_of_nieren", "ik moet vaak plassen en heb pijn in mijn rug", "plasklachten"),
        ("steunzolen", "mijn linkerbeen is korter zeggen ze", "beenlengte"),
        ("wachttijd", "is er een lange wachtlijst?", "wachtlijst"),
        ("pijnstillers_afbouwen", "wat als ik in 1 keer stop", "ineens_stoppen"),
        ("stuitje", "Ik ben uitgegleden, recht op mijn stuitje", "gevallen_op_stuit"),
    ],
)
def test_the_answer_that_fits_comes_first(topic: str, text: str, answer: str) -> None:
    best = matcher(LIBRARY).rank([topic], text)[0]
    assert best.ref == f"{topic}.{answer}"
    assert best.score >= NEAR


def test_a_wording_itself_is_as_near_as_can_be() -> None:
    for topic in ANSWERED.values():
        for answer in topic.answers:
            best = matcher(LIBRARY).rank([topic.id], answer.asks[0])[0]
            assert best.answer == answer.id
            assert best.score == pytest.approx(1)


def test_every_answer_of_the_topics_asked_for_is_ranked_and_no_other() -> None:
    found = matcher(LIBRARY).rank(["stuitje", "kraken", "stuitje", "bestaat_niet"], "mijn stuitje kraakt")
    assert {match.topic for match in found} == {"stuitje", "kraken"}
    assert len(found) == len(LIBRARY.topics["stuitje"].answers) + len(LIBRARY.topics["kraken"].answers)
    assert [match.score for match in found] == sorted((match.score for match in found), reverse=True)


@pytest.mark.parametrize("text", ["", " ", "?!", "😊"])
def test_what_holds_no_word_fits_nothing(text: str) -> None:
    assert matcher(LIBRARY).rank(["stuitje"], text) == []


def test_what_is_about_something_else_is_not_near() -> None:
    assert matcher(LIBRARY).rank(["steunzolen"], "wat eten we vanavond")[0].score < NEAR


def test_a_new_wording_counts_at_once() -> None:
    topic = LIBRARY.topics["steunzolen"]
    first = topic.answers[0].model_copy(update={"asks": (*topic.answers[0].asks, "heeft een orthese iets om het lijf")})
    changed = topic.model_copy(update={"answers": (first, *topic.answers[1:])})
    library = replace(LIBRARY, topics={**LIBRARY.topics, "steunzolen": changed}, edition=object())

    assert matcher(library).rank(["steunzolen"], "heeft zo'n orthese iets om het lijf?")[0].answer == first.id


def test_practices_that_speak_from_the_same_content_share_a_matcher() -> None:
    own = LIBRARY.for_practice(LIBRARY.practices["demo"], {})
    assert matcher(own) is matcher(LIBRARY)


def test_a_message_costs_less_than_a_millisecond() -> None:
    found = matcher(LIBRARY)
    topics = list(ANSWERED)[:3]
    texts = [ask for topic in topics for answer in ANSWERED[topic].answers for ask in answer.asks]
    found.rank(topics, texts[0])
    started = time.process_time()
    for text in texts:
        found.rank(topics, text)
    # Twice the time that is promised, for a machine that is busy.
    assert (time.process_time() - started) / len(texts) < 0.002


def test_a_stem_is_the_same_for_the_forms_of_a_word() -> None:
    assert {stem(word) for word in ("lopen", "loop", "loopt")} == {"lop"}
    assert stem("op") == "op"


def test_pieces_do_not_hang_on_capitals_and_accents() -> None:
    assert pieces("Hoé LANG?") == pieces("hoe lang")


def test_wordings_left_out_are_found_often_enough() -> None:
    found = list(leave_one_out(LIBRARY, STEP))
    right = sum(one.right for one in found) / len(found)
    near = sum(one.place <= 3 for one in found) / len(found)
    assert right >= LEAST_RIGHT, f"{right:.1%} right"
    assert near >= LEAST_IN_THREE, f"{near:.1%} among the first three"


def test_wordings_of_another_topic_are_seldom_near() -> None:
    scores = list(strangers(LIBRARY, STEP))
    assert sum(score >= NEAR for score in scores) / len(scores) < 0.35


def test_the_report_names_the_weakest_topic_first() -> None:
    few = {name: LIBRARY.topics[name] for name in ("kraken", "stuitje", "eerste_dagen")}
    lines = report(replace(LIBRARY, topics=few, edition=object()))
    assert lines[2].startswith("goed ")
    shares = [_share(line) for line in lines if line.split(":")[0] in few]
    assert shares == sorted(shares)
    assert len(shares) == len(few)
    assert report(replace(LIBRARY, topics={}, edition=object())) == ["Er zijn nog geen antwoorden met vragen."]


def test_leaving_a_wording_out_leaves_the_matcher_as_it_was() -> None:
    found = Matcher(LIBRARY)
    topic = LIBRARY.topics["kraken"]
    ask = topic.answers[0].asks[0]
    before = found.rank(["kraken"], ask)
    assert found.without("kraken", topic.answers[0].id, ask).rank(["kraken"], ask)[0].score < before[0].score
    assert found.rank(["kraken"], ask) == before


def _share(line: str) -> float:
    right, _, total = line.split(": ")[1].partition("/")
    return int(right) / int(total)
