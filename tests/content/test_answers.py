"""Answers in topics: their shape, what they rest on, and what is checked before they are used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from content import ContentError, Library, Practice
from content.checks import FEWEST_ANSWERS, MOST_ANSWERS, check_texts
from content.library import ROOT
from content.model import Answer, Vangnet

LIBRARY = Library.load()
TOPIC = "topics/warmte.yml"
ASKS = ("mag er een kruik op", "helpt warm douchen", "is warmte goed", "mag ik in bad", "helpt een pit", "is heet goed")
PLAIN = {
    "asks": list(ASKS),
    "answer": ["Ja, dat mag. Warmte voelt voor veel mensen fijn."],
    "basis": [{"bron": "fysioclub", "deel": "Warmte"}],
}


def answer(number: int, **more: object) -> dict[str, object]:
    """A whole answer with wordings of its own."""
    return {"id": f"vraag_{number}", **PLAIN, "asks": [f"{ask} {number}" for ask in ASKS], **more}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """content/ with nothing in the answers of one topic."""
    return Path(shutil.copytree(ROOT, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "*.png")))


def write(root: Path, answers: list[dict[str, object]], **more: object) -> None:
    """Give the topic these answers; a key that is None is left out."""
    path = root / TOPIC
    topic = yaml.safe_load(path.read_text(encoding="utf-8"))
    topic |= {"answers": answers, "told": ["Warmte mag. Leg een doek om je kruik."], "vangnet": "rug", **more}
    filled = {key: value for key, value in topic.items() if key in {"image"} or value is not None}
    path.write_text(yaml.safe_dump(filled, allow_unicode=True, sort_keys=False), encoding="utf-8")


def five(**more: object) -> list[dict[str, object]]:
    """Enough answers for a topic; `more` goes to the first."""
    return [answer(0, **more), *(answer(number) for number in range(1, FEWEST_ANSWERS))]


def refused(root: Path) -> str:
    with pytest.raises(ContentError) as caught:
        Library.load(root)
    return str(caught.value)


def problems(root: Path) -> str:
    return "\n".join(map(str, check_texts(root)))


def test_answers_that_are_whole_are_taken(copy: Path) -> None:
    other = {"fact": "zwanger", "say_instead": "zwangerschap"}
    write(copy, five(step="Leg er een doek om.", not_for=["osteoporose"], **{"for": [other]}))

    assert problems(copy) == ""

    topic = Library.load(copy).topics["warmte"]
    assert topic.vangnet == "rug"
    assert topic.told == ("Warmte mag. Leg een doek om je kruik.",)
    assert topic.answers[0].step == "Leg er een doek om."
    assert Library.load(copy).answer("warmte.vraag_0") == topic.find("vraag_0")


def test_topics_with_answers_have_enough_of_them() -> None:
    for topic in LIBRARY.topics.values():
        if topic.answers:
            assert FEWEST_ANSWERS <= len(topic.answers) <= MOST_ANSWERS, topic.id
            assert topic.told, topic.id


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        pytest.param({"asks": list(ASKS[:5])}, "asks heeft te weinig regels", id="five wordings"),
        pytest.param({"asks": [f"vraag {n}" for n in range(21)]}, "asks heeft te veel regels", id="21 wordings"),
        pytest.param({"basis": []}, "basis heeft te weinig regels", id="no basis"),
        pytest.param({"basis": [{"deel": "x"}]}, "precies een van bron, richtlijn en algemeen", id="empty basis"),
        pytest.param({"basis": [{"bron": "fysioclub"}]}, "deel ontbreekt", id="no heading"),
        pytest.param({"basis": [{"bron": "nhg_m54", "deel": "x"}]}, "bron 'nhg_m54' bestaat niet", id="no source text"),
        pytest.param({"basis": [{"richtlijn": "NHG", "deel": "x"}]}, "richtlijn 'NHG' staat niet", id="no guideline"),
        pytest.param({"id": "vraag_1"}, "staat er twee keer", id="same id"),
        pytest.param({"id": "Vraag"}, "kleine letters", id="capital"),
        pytest.param({"not_for": ["ziek"]}, "onbekende waarde", id="unknown fact"),
        pytest.param(
            {"for": [{"fact": "kind", "say_instead": "sport.bestaat_niet"}]}, "dat bestaat niet", id="no such answer"
        ),
        pytest.param({"for": [{"fact": "kind"}]}, "answer of say_instead", id="nothing said"),
        pytest.param({"answer": ["Ja, {naaam}."]}, "{naaam} is geen gegeven", id="placeholder"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(copy: Path, more: dict[str, object], problem: str) -> None:
    write(copy, five(**more))
    assert problem in refused(copy)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        pytest.param({"answer": ["Je mag best lopen. " * 13]}, "52 woorden, hoogstens 50", id="too long"),
        pytest.param({"step": "Dat is je eigen schuld."}, "verwijt", id="blame in a step"),
        pytest.param({"asks": [f"{ask} 1" for ask in ASKS]}, "deze vraag staat ook bij", id="same wording twice"),
        pytest.param({"answer": ["Ja. Bel vandaag je huisarts."]}, "staat in geen bron", id="alarm under a blog"),
        pytest.param({"answer": ["Ja, bij 7 op de 10."]}, "staat in geen bron", id="figure under a blog"),
        pytest.param(
            {"for": [{"fact": "hernia", "answer": ["Het duurt vaak 4 tot 12 weken."]}]},
            "staat in geen bron",
            id="figure in a variant",
        ),
    ],
)
def test_an_answer_that_does_not_read_well_is_named(copy: Path, more: dict[str, object], problem: str) -> None:
    write(copy, five(**more))
    assert problem in problems(copy)


def test_a_guideline_may_give_figures(copy: Path) -> None:
    basis = [{"richtlijn": "NHG-Standaard M55", "deel": "Beloop"}]
    write(copy, five(answer=["Meestal wel. Bij 3 van de 4 mensen zakt het."], basis=basis))
    assert problems(copy) == ""


@pytest.mark.parametrize(
    ("answers", "more", "problem"),
    [
        (five()[:4], {}, "4 antwoorden"),
        (five(), {"told": None}, "told ontbreekt"),
        (five(), {"vangnet": None}, "vangnet ontbreekt"),
    ],
)
def test_a_topic_with_answers_is_whole(
    copy: Path, answers: list[dict[str, object]], more: dict[str, object], problem: str
) -> None:
    write(copy, answers, **more)
    assert problem in problems(copy)


# ---- who gets which words ----


def one(**more: object) -> Answer:
    return Answer.model_validate({"id": "een", **PLAIN, **more})


def test_a_fact_chooses_the_words() -> None:
    found = one(**{"for": [{"fact": "hernia", "answer": ["Rustig."]}, {"fact": "zwanger", "answer": ["Lauw."]}]})
    assert found.for_fact({"zwanger"}) == found.for_facts[1]
    assert found.for_fact({"zwanger", "hernia"}) == found.for_facts[0], "the order of the file"
    assert found.for_fact(set()) is None


def test_who_an_answer_is_not_for_gets_it_only_in_words_of_their_own() -> None:
    assert not one(not_for=["osteoporose"]).fits({"osteoporose"})
    assert one(not_for=["osteoporose"]).fits({"hernia"})
    own = {"fact": "osteoporose", "answer": ["Vraag het eerst."]}
    assert one(not_for=["osteoporose"], **{"for": [own]}).fits({"osteoporose"})


def test_what_is_said_instead_stays_said_when_its_topic_is_off(copy: Path) -> None:
    write(copy, five(**{"for": [{"fact": "zwanger", "say_instead": "zwangerschap"}]}))
    library = Library.load(copy)
    practice = Practice.model_validate(library.practices["demo"].model_dump() | {"onderwerpen_uit": ("zwangerschap",)})

    (other,) = library.for_practice(practice, {}).topics["warmte"].answers[0].for_facts

    assert other.answer == library.topics["zwangerschap"].answer
    assert other.say_instead is None


# ---- the safety net ----


@pytest.mark.parametrize("vangnet", LIBRARY.vangnet.values(), ids=list(LIBRARY.vangnet))
def test_a_vangnet_says_to_phone_meteen_what_cannot_wait(vangnet: Vangnet) -> None:
    assert "Bel" in vangnet.text[0]
    assert vangnet.signs


def test_a_vangnet_names_signs_that_exist(copy: Path) -> None:
    path = copy / "vangnet.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("MED01_overdosis", "MED99_niets"), encoding="utf-8")
    assert "pijnstillers noemt 'MED99_niets'" in problems(copy)


def test_a_vangnet_that_is_gone_is_named(copy: Path) -> None:
    path = copy / "vangnet.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind:\n", "kinderen:\n"), encoding="utf-8")
    assert "vangnet.yml" in refused(copy)
