"""content/alarm/: everything a patient may need is there, mistakes are named, and scanning is fast."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from alarm import AlarmContent, AlarmContentError, Detector, Urgency, load_alarm_content
from alarm.patterns import PatternError, parse

FOLDER = Path(__file__).parents[2] / "content" / "alarm"
HUISARTSENPOST = "{huisartsenpost_naam}: {huisartsenpost_telefoon}"


def test_every_sign_has_words(content: AlarmContent) -> None:
    assert len(content.signs) >= 71
    for sign in content.signs.values():
        assert content.texts[sign.text].paragraphs, sign.id
        assert sign.name.strip(), sign.id
        assert sign.review.strip(), sign.id


def test_every_sign_above_an_appointment_has_a_sentence_for_the_phone(content: AlarmContent) -> None:
    calls = [s for s in content.signs.values() if s.urgency >= Urgency.VANDAAG and not s.crisis]
    assert not [sign.id for sign in calls if not sign.say.strip() and sign.text != "veilig_thuis"]


def test_every_sign_has_a_question(content: AlarmContent) -> None:
    asked = [s for s in content.signs.values() if s.urgency >= Urgency.VANDAAG or s.crisis]
    assert not [sign.id for sign in asked if not sign.question.strip().endswith("?")]


def test_a_no_to_a_question_means_one_thing(content: AlarmContent) -> None:
    """With a "niet" in the question a bare no may be its words or its meaning."""
    twofold = {"niet", "geen", "niets"}
    asked = [sign for sign in content.signs.values() if not sign.crisis and sign.question]
    wrong = [s.id for s in asked if twofold & set(s.question.lower().rstrip("?").replace(",", " ").split())]
    assert wrong == []


def test_every_sign_can_be_found(content: AlarmContent) -> None:
    assert not [s.id for s in content.signs.values() if not s.patterns and not s.ask and not s.id.startswith("ALG_")]


def test_every_sign_belongs_to_a_group_of_the_net(content: AlarmContent) -> None:
    assert not [sign.id for sign in content.signs.values() if not sign.group and not sign.id.startswith("ALG_")]


def test_one_sign_of_a_group_and_urgency_is_the_one_that_the_net_takes(content: AlarmContent) -> None:
    marked = [(s.group, s.urgency, s.crisis) for s in content.signs.values() if s.net]
    assert len(marked) == len(set(marked))


def test_the_urgent_texts_name_112(content: AlarmContent) -> None:
    urgent = {sign.text for sign in content.signs.values() if sign.urgency >= Urgency.SPOED_NU}
    assert not [key for key in urgent if "112" not in "\n".join(content.texts[key].paragraphs)]


def test_the_texts_that_say_to_phone_the_huisarts_name_the_huisartsenpost(content: AlarmContent) -> None:
    urgent = {s.text for s in content.signs.values() if Urgency.VANDAAG <= s.urgency < Urgency.BEL_112 and not s.crisis}
    for key in sorted(urgent - {"veilig_thuis"}):
        assert HUISARTSENPOST in "\n".join(content.texts[key].paragraphs), key


def test_a_crisis_text_names_113_and_112(content: AlarmContent) -> None:
    for sign in content.signs.values():
        if sign.crisis:
            words = "\n".join(content.texts[sign.text].paragraphs)
            assert "{crisislijn}" in words, sign.id
            assert "112" in words, sign.id


@pytest.mark.parametrize("form", ["nu", "nu_dicht", "vandaag", "ziekenhuis", "verloskundige", "112", "crisis", "thuis"])
def test_the_safety_sentence_of_a_question_says_whom_to_phone(content: AlarmContent, form: str) -> None:
    assert "Bel" in "\n".join(content.texts[f"vraag_veilig_{form}"].paragraphs)


@pytest.mark.parametrize(
    "key",
    sorted({s.text for s in load_alarm_content(FOLDER).signs.values()}),
)
def test_an_alarm_takes_at_most_40_words(content: AlarmContent, key: str) -> None:
    assert len(" ".join(content.texts[key].paragraphs).split()) <= 40


def test_112_and_113_never_share_a_line(content: AlarmContent) -> None:
    for sign in content.signs.values():
        assert not [p for p in content.texts[sign.text].paragraphs if "112" in p and "113" in p], sign.text


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<plasen>", "unknown word group <plasen>"),
        ("<plassen> +", "empty element"),
        ("kan|| niet", "empty word"),
        ("..", "no word"),
        ("* niet", "empty word"),
    ],
)
def test_a_pattern_with_a_mistake_says_which(source: str, problem: str) -> None:
    with pytest.raises(PatternError, match=problem):
        parse(source, {"plassen"})


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """content/alarm/ to spoil."""
    return Path(shutil.copytree(folder, tmp_path / "alarm"))


SIGN = "signs/cauda.yml"


def swap(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "spoil", "problem"),
    [
        pytest.param(SIGN, swap("urgency: spoed_nu", "urgency: direct"), "unknown urgency 'direct'", id="urgency"),
        pytest.param(SIGN, swap("<plassen>", "<plasen>"), "unknown word group <plasen>", id="group"),
        pytest.param(SIGN, swap("text: spoed_zenuwen", "text: spoed_zenuw"), "unknown text 'spoed_zenuw'", id="text"),
        pytest.param(SIGN, swap("    name: ", "    naam: "), "unknown key 'naam'", id="key"),
        pytest.param(SIGN, swap("call: huisarts_nu", "call: huisarts"), "unknown call 'huisarts'", id="call"),
        pytest.param(SIGN, swap("group: blaas", "group: blass"), "unknown group 'blass'", id="net group"),
        pytest.param(SIGN, swap("    source: ", "    condition: "), "sign without 'source'", id="no source"),
        pytest.param(SIGN, swap("CES02_urineverlies", "CES01_niet_plassen"), "stands twice", id="twice"),
        pytest.param(SIGN, swap("    name: ", "   name: "), "not valid YAML", id="indent"),
        pytest.param(SIGN, lambda _: "", "no keys found", id="empty file"),
        pytest.param("words.yml", lambda _: "plassen: plas\n", "'plassen' is not a list", id="word group no list"),
        pytest.param("words.yml", lambda _: "plassen: ['plas + niet']\n", "has a '\\+'", id="plus in word group"),
        pytest.param("language.yml", lambda text: text + "\nnu2: geen\n", "'nu2' is not a list", id="cue no list"),
        pytest.param(
            SIGN, swap("<wc> + niet .. op", "<wc> .. niet .. op"), "<wc> inside a wording", id="group in words"
        ),
        pytest.param(SIGN, swap("stokken", "weeen"), "'weeen' can never be found.*'ween'", id="letters folded away"),
        pytest.param(SIGN, swap("stokken", "a2"), "'a2' can never be found.*'a 2'", id="no single word"),
        pytest.param(SIGN, swap("stokken", "kheb"), "'kheb' can never be found.*'ik heb'", id="eaten by spelling"),
        pytest.param(
            SIGN, swap('- "<niet_plassen>"', '- "<niet_plassen>"\n      - "<niet_plassen>"'), "twice", id="same"
        ),
        pytest.param(
            "words.yml", swap("plassen: [", "plassen: [kheb, "), "'kheb' can never be found", id="dead in group"
        ),
        pytest.param("words.yml", lambda text: text + "\nleeg: [x]\n", "no sign uses word group <leeg>", id="unused"),
        pytest.param(
            "language.yml", swap("voorbij: [", "voorbij: [kheb, "), "'kheb' can never be found", id="dead cue"
        ),
        pytest.param(
            "language.yml", swap("  nt: niet", "  n't: niet"), "nobody's text holds \"n't\"", id="dead spelling"
        ),
        pytest.param("language.yml", swap("  nee: [", "  neen: ["), "'words' does not hold", id="small words"),
        pytest.param(
            "texts.yml", lambda text: text + "\nleeg: {}\n", "text 'leeg' has no paragraphs", id="no paragraphs"
        ),
    ],
)
def test_a_mistake_is_named_with_file_line_and_mend(
    copy: Path, name: str, spoil: Callable[[str], str], problem: str
) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    path.write_text(spoil(text), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    with pytest.raises(AlarmContentError, match=problem) as caught:
        load_alarm_content(copy)
    assert caught.value.path == path
    assert caught.value.line >= 1
    assert f"{path}:{caught.value.line}: " in str(caught.value)
    assert str(caught.value).rsplit(". ", 1)[1]


def test_the_line_of_a_mistake_is_the_line_of_its_sign(copy: Path) -> None:
    path = copy / SIGN
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if "id: CES03_blaasgevoel" in line)
    at = next(i for i in range(start, len(lines)) if "urgency:" in lines[i])
    lines[at] = "    urgency: morgen"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(AlarmContentError) as caught:
        load_alarm_content(copy)
    assert caught.value.line == start + 1


def test_a_sign_that_asks_needs_a_question(copy: Path) -> None:
    path = copy / SIGN
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "    question:" not in line), encoding="utf-8")
    with pytest.raises(AlarmContentError, match="asks without a question"):
        load_alarm_content(copy)


@pytest.mark.parametrize("key", ["yes", "no"])
def test_a_sign_needs_four_lines_that_raise_it_and_four_that_do_not(copy: Path, key: str) -> None:
    path = copy / SIGN
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line == f"    {key}:\n")
    path.write_text("".join(lines[: at + 4] + lines[at + 6 :]), encoding="utf-8")
    with pytest.raises(AlarmContentError, match=f"has 3 lines under '{key}'"):
        load_alarm_content(copy)


EXAMPLES = [
    pytest.param(sign.id, text, raises, id=f"{sign.id} {'yes' if raises else 'no'} {n}")
    for sign in load_alarm_content(FOLDER).signs.values()
    for raises, texts in ((True, sign.yes), (False, sign.no))
    for n, text in enumerate(texts)
]


@pytest.mark.parametrize(("sign", "text", "raises"), EXAMPLES)
def test_the_lines_of_a_sign_raise_it_or_leave_it(detector: Detector, sign: str, text: str, raises: bool) -> None:
    scan = detector.scan(text)
    assert (sign in [found.id for found in (*scan.alarms, *scan.questions)]) is raises


def test_a_file_that_is_gone_is_named(copy: Path) -> None:
    (copy / "texts.yml").unlink()
    with pytest.raises((AlarmContentError, FileNotFoundError), match="texts.yml"):
        load_alarm_content(copy)


def seconds(work: Callable[[], object]) -> float:
    """Seconds of this process's own work: a busy machine does not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def test_a_message_of_300_characters_is_scanned_in_three_milliseconds(detector: Detector) -> None:
    line = (
        "Ik heb al drie weken pijn in mijn onderrug en soms straalt het uit naar mijn linkerbeen. Vanmorgen wilde ik "
    )
    asks = "Mag ik nu wel of niet blijven wandelen en fietsen, en wanneer moet ik bellen? "
    text = (line + "opstaan en toen schoot het erin. " + asks * 3)[:300]
    assert statistics.median(seconds(lambda: detector.scan(text)) for _ in range(51)) < 0.003


ADVERSARIAL = [
    pytest.param("niet ", id="denials"),
    pytest.param("ik voel niet plassen ", id="signs"),
    pytest.param("benen doof niet slap tussen mijn geen gevoel ", id="many groups"),
    pytest.param("a", id="one word"),
    pytest.param(", ", id="commas"),
    pytest.param("plassen. niet. ", id="sentences"),
    pytest.param("benen. doof. ", id="sentences of a sign"),
    pytest.param("kan .. niet <plassen> + | * ", id="pattern signs"),
    pytest.param("\u0301", id="accents"),
    pytest.param("plasen koorst ontlastng gevoeloos ", id="slips"),
]


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_1000_adversarial_characters_are_scanned_in_twenty_milliseconds(detector: Detector, piece: str) -> None:
    text = (piece * 1_000)[:1_000]
    assert min(seconds(lambda: detector.scan(text)) for _ in range(5)) < 0.02


@pytest.mark.parametrize("piece", ADVERSARIAL)
def test_time_grows_no_faster_than_the_text(detector: Detector, piece: str) -> None:
    before = min(seconds(lambda: detector.scan((piece * 1_000)[:1_000])) for _ in range(5))
    after = min(seconds(lambda: detector.scan((piece * 5_000)[:5_000])) for _ in range(5))
    assert after < 8 * max(before, 0.001)
