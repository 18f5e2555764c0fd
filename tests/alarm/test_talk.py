"""An alarm stays until it is settled: what each turn does to it. Rules only, so the tables hold what the rules hear."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from alarm import (
    Act,
    AlarmContentError,
    AlarmTalk,
    Detector,
    Ear,
    Names,
    OpenAlarm,
    Said,
    Sign,
    State,
    Step,
    decide,
    load_alarm_content,
    may_answer,
    over_turns,
)

FOLDER = Path(__file__).parents[2] / "content" / "alarm"
CONTENT = load_alarm_content(FOLDER)
RULES = Detector(CONTENT)
NAMES = Names(CONTENT.signs.values())
TALK = AlarmTalk(CONTENT, Ear(FOLDER / "talk.yml", CONTENT))
QUESTION = "vraag_rugpijn_duur"  # what the classifier makes of nearly everything


def _ids(signs: Iterable[Sign]) -> tuple[str, ...]:
    return tuple(sign.id for sign in signs)


@dataclass
class Talk:
    """A talk by the rules alone: `says` types, `presses` presses."""

    open: OpenAlarm | None = None
    last: Step = field(default_factory=lambda: Step(None, (), None))
    typed: list[str] = field(default_factory=list)

    def says(self, text: str, intent: str = QUESTION, acts: Mapping[str, float] | None = None) -> Talk:
        found = decide(RULES.scan(text), None, NAMES)
        together = _ids(over_turns(RULES, reversed(self.typed), text))
        self.typed.append(text)
        said = Said(
            text,
            intent,
            alarms=_ids(found.alarms),
            questions=_ids(found.questions),
            waiting=_ids(found.waiting),
            denied=_ids(found.denied),
            together=together,
            acts=acts or {},
        )
        return self._take(said)

    def presses(self, intent: str) -> Talk:
        return self._take(Said(intent, intent, pressed=True))

    def _take(self, said: Said) -> Talk:
        # As the slot keeps it.
        before = OpenAlarm.of(json.loads(json.dumps(self.open.to_json()))) if self.open else None
        self.last = TALK.step(before, said)
        self.open = self.last.open
        return self

    @property
    def act(self) -> Act | None:
        return self.last.act

    @property
    def kept(self) -> tuple[str, ...]:
        return self.open.kept if self.open else ()

    @property
    def reminded(self) -> bool:
        return bool(self.open and self.open.remind)


URGENT = "ik kan sinds gisteren niet meer plassen"
SLAP = "mijn voet klapt, ik kan hem niet optillen"
TODAY = "ik heb rugpijn en koorts, 39 graden"
CHEST = "ik heb pijn op mijn borst en kan niet ademen"
DESPAIR = "ik wil niet meer leven"
WATER = "CES01_niet_plassen"
ASKED = {  # a line that the rules doubt, and the sign they ask about
    "CES05_rijbroek": "alles is doof",
    "INF01_koorts": "ik heb verhoging en rugpijn",
    "PSY02_verkapt": "ik kan niet meer",
}


@pytest.mark.parametrize(("sign", "text"), ASKED.items())
def test_the_lines_used_here_are_asked_about(sign: str, text: str) -> None:
    talk = Talk().says(text)
    assert (talk.act, talk.last.signs[:1]) == (Act.QUESTION, (sign,))
    assert talk.open
    assert talk.open.state is State.ASKED


@pytest.mark.parametrize("text", [URGENT, TODAY, CHEST, DESPAIR])
def test_an_alarm_is_said_and_stays(text: str) -> None:
    talk = Talk().says(text)
    assert talk.act is Act.ALARM
    assert talk.kept


def test_an_ordinary_talk_holds_no_alarm() -> None:
    talk = Talk().says("mag ik fietsen").says("en zwemmen dan")
    assert (talk.act, talk.open) == (None, None)


# ---- after a question: K1 of the bug list ----

IS_THE_SIGN = {
    "CES05_rijbroek": [
        "nee ik voel daar niks",
        "nee het voelt minder",
        "ja",
        "ja en nee",
        "jazeker",
        "inderdaad",
        "nee niet echt",
        "weet ik niet",
        "een beetje",
        "nee, nauwelijks",
        "nee nog niet",
        "nee maar wel een beetje",
        "soms",
    ],
    "INF01_koorts": ["nee het wordt erger", "ja 38,5", "misschien", "nee, niet helemaal"],
    "PSY02_verkapt": [
        "laat maar zitten, vergeet het",
        "nee nog niet",
        "ja",
        "soms",
        "nee maar het gaat niet meer",
        "weet niet",
    ],
}
IS_DENIED = {
    "CES05_rijbroek": [
        "nee",
        "nee hoor",
        "neuh",
        "Nee, gelukkig niet!",
        "nee dat heb ik niet",
        "gelukkig niet",
        "heb ik geen last van",
        "dat is niet zo",
        "nee daar voel ik gewoon alles",
        "nee, alles is daar normaal",
        "dat klopt niet",
        "nee zeker niet",
        "nee nee hoor dank je",
    ],
    "INF01_koorts": ["nee", "nee geen koorts", "ik heb geen koorts", "nee hoor, 36,9"],
    "PSY02_verkapt": ["nee hoor", "nee ik wil gewoon leven", "nee zo bedoel ik het niet", "nee, zeker niet"],
}


@pytest.mark.parametrize(("sign", "said"), [(s, t) for s, texts in IS_THE_SIGN.items() for t in texts])
def test_a_no_that_names_the_sign_is_the_sign(sign: str, said: str) -> None:
    talk = Talk().says(ASKED[sign]).says(said)
    assert talk.act is Act.ALARM
    assert sign in talk.kept


@pytest.mark.parametrize(("sign", "said"), [(s, t) for s, texts in IS_DENIED.items() for t in texts])
def test_a_denial_in_own_words_clears_it(sign: str, said: str) -> None:
    talk = Talk().says(ASKED[sign]).says(said)
    assert talk.act is Act.CLEARED
    assert talk.kept == ()
    assert talk.open
    assert sign in talk.open.denied
    after = talk.says("mag ik fietsen")
    assert (after.act, after.reminded) == (None, False)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("ik heb wat moeite met plassen", "nee het lukt niet"),
        ("ik ben gisteren van de trap gevallen", "nee ik kan niet staan"),
        ("ik kan niet meer", "nee nog niet"),
        ("alles is doof", "ja en nee"),
    ],
)
def test_a_sign_behind_a_no_is_heard_whatever_was_asked(asked: str, said: str) -> None:
    talk = Talk().says(asked)
    assert talk.act in {Act.QUESTION, Act.ALARM}
    talk.says(said)
    assert talk.act in {Act.ALARM, Act.AGAIN}
    assert talk.kept


@pytest.mark.parametrize("said", ["nlu_fallback", "onzin", "groet", "bevestig"])
def test_an_unclear_word_to_a_question_is_a_yes(said: str) -> None:
    assert Talk().says(ASKED["CES05_rijbroek"]).says("asdf", said).act is Act.ALARM


def test_the_buttons_under_a_question() -> None:
    assert Talk().says(ASKED["CES05_rijbroek"]).presses("alarm_ja").act is Act.ALARM
    assert Talk().says(ASKED["CES05_rijbroek"]).presses("alarm_nee").act is Act.CLEARED


def test_a_no_with_a_question_clears_it_and_the_talk_goes_on() -> None:
    talk = Talk().says(ASKED["CES05_rijbroek"]).says("nee hoor, hoe lang duurt rugpijn?")
    assert (talk.act, talk.kept) == (None, ())


def test_a_plain_question_keeps_what_was_asked_in_sight() -> None:
    talk = Talk().says(ASKED["CES05_rijbroek"]).says("mag ik wel fietsen?")
    assert (talk.act, talk.reminded, talk.kept) == (None, True, ("CES05_rijbroek",))
    assert talk.says("nee, gelukkig niet").act is Act.CLEARED


def test_a_new_sign_after_a_question_is_said() -> None:
    talk = Talk().says(ASKED["INF01_koorts"]).says("nee maar ik kan niet meer plassen")
    assert talk.act is Act.ALARM
    assert talk.last.signs[0] == WATER


def test_what_waited_behind_the_question_is_said_when_it_is_denied() -> None:
    talk = Talk().says("Ik heb koorts en rugpijn. En alles is doof.")
    assert (talk.act, talk.last.signs, talk.kept) == (
        Act.QUESTION,
        ("CES05_rijbroek",),
        ("CES05_rijbroek", "INF01_koorts"),
    )
    talk.says("nee")
    assert (talk.act, talk.last.signs) == (Act.ALARM, ("INF01_koorts",))


# ---- under an alarm ----

OWN_WORDS = {
    Act.NOBODY: [
        "al drie keer gebeld maar niemand",
        "krijg steeds het bandje",
        "ik krijg niemand te pakken",
        "er neemt niemand op",
        "heb gebeld, was in gesprek",
        "ik sta al een half uur in de wacht",
        "kom er niet door",
    ],
    Act.CALLED: [
        "gebeld! ze zeggen dat ik morgenvroeg mag komen",
        "de assistente zei dat ik direct moest komen",
        "ik heb gebeld",
        "heb net de dokter gebeld",
        "heb gebeld, het valt mee zeggen ze",
        "mijn man heeft 112 gebeld",
        "ze bellen me zo terug",
        "ik heb de huisarts gesproken",
    ],
    Act.SEEN: [
        "dokter is hier geweest",
        "ik lig al op de spoed",
        "ben net bij de huisarts geweest",
        "de huisarts heeft er net naar gekeken",
        "ik zit nu in de wachtkamer",
        "ik ben al in het ziekenhuis",
    ],
    Act.AFRAID: [
        "kan ik niet gewoon mailen of appen",
        "bellen is niks voor mij, ik klap dan dicht",
        "ik durf niet te bellen",
        "bellen vind ik eng",
        "ik wil ze niet lastigvallen",
    ],
    Act.WAIT: [
        "ik bel vanavond wel als ik thuis ben",
        "ik ga eerst nog werken",
        "ik wacht wel tot maandag",
        "ik bel morgen wel",
        "kan dat niet wachten tot na het weekend",
        "ik kijk het nog even aan",
        "maandag bel ik de dokter",
        "ik heb donderdag al een afspraak, ik wacht af",
    ],
    Act.AGAIN: [
        "mijn man vindt dat ik me aanstel",
        "zo erg is het nou ook weer niet",
        "ach het valt wel mee",
        "laat maar",
        "zal wel overgaan",
        "'t zal wel overgaan als ik rust zeker?",
        "is al wat minder, waarschijnlijk de houding",
        "niet nodig hoor",
        "ik stel me aan",
        "nog niet gebeld",
        "nee",
        "nee hoor",
        "gewoon een griepje denk ik",
    ],
    Act.WILL_CALL: [
        "we rijden nu naar de spoed",
        "mijn man belt nu",
        "ik ga nu bellen",
        "bedankt ik bel zo de dokter",
        "oke doe ik",
        "ik ga naar de spoed",
    ],
    Act.CLEARED: [
        "dat klopt niet",
        "je hebt me verkeerd begrepen",
        "nee sorry, dat schreef ik verkeerd",
        "oke ik heb dat niet, alles voelt normaal, ik geef er les over",
    ],
    Act.WHY: ["waarom?", "hoezo", "is dat echt nodig"],
    Act.FOR_ANOTHER: ["het gaat om mijn moeder", "het is voor mijn vader"],
}


@pytest.mark.parametrize("alarm", [URGENT, CHEST, TODAY])
@pytest.mark.parametrize(("act", "said"), [(act, said) for act, texts in OWN_WORDS.items() for said in texts])
def test_what_is_said_of_an_alarm_has_its_own_words(alarm: str, act: Act, said: str) -> None:
    assert Talk().says(alarm).says(said).act is act


@pytest.mark.parametrize(
    ("intent", "act"),
    [
        ("alarm_gebeld", Act.CALLED),
        ("alarm_niemand", Act.NOBODY),
        ("alarm_durf_niet", Act.AFRAID),
        ("alarm_klopt_niet", Act.CLEARED),
        ("alarm_bagatel", Act.AGAIN),
        ("alarm_gaat_bellen", Act.WILL_CALL),
        ("bevestig", Act.WILL_CALL),
        ("waarom", Act.WHY),
        ("nlu_fallback", Act.AGAIN),
        ("onzin", Act.AGAIN),
        ("ontken", Act.AGAIN),
    ],
)
def test_what_the_classifier_hears_counts_too(intent: str, act: Act) -> None:
    assert Talk().says(URGENT).says("zeg dat", intent).act is act


@pytest.mark.parametrize("intent", ["alarm_gebeld", "alarm_klopt_niet"])
def test_a_guess_of_the_classifier_ends_no_alarm(intent: str) -> None:
    before = Talk().says(URGENT).open
    assert TALK.step(before, Said("zeg dat", intent, confidence=0.45)).open
    assert TALK.step(before, Said("zeg dat", intent, confidence=0.45)).act not in {Act.CALLED, Act.CLEARED}
    assert TALK.step(before, Said("nee ik voel daar niks", intent="alarm_klopt_niet")).act is not Act.CLEARED


@pytest.mark.parametrize(
    ("act_of_net", "act"),
    [("bagatel", Act.AGAIN), ("gaat_bellen", Act.WILL_CALL), ("geen_gehoor", Act.NOBODY), ("durf_niet", Act.AFRAID)],
)
def test_what_the_net_hears_counts_where_it_is_sure(act_of_net: str, act: Act) -> None:
    assert Talk().says(URGENT).says("zeg dat", acts={act_of_net: 0.9}).act is act
    assert Talk().says(URGENT).says("zeg dat", acts={act_of_net: 0.4, "vertel": 0.5}).act is None


@pytest.mark.parametrize("intent", ["alarm_gebeld", "alarm_niemand", "alarm_durf_niet", "alarm_klopt_niet"])
def test_a_button_under_an_alarm_is_answered_whatever_went_before(intent: str) -> None:
    act = Talk().says(URGENT).presses(intent).act
    assert act is Talk().presses(intent).act is not None


@pytest.mark.parametrize("intent", ["alarm_gebeld", "alarm_niemand", "alarm_durf_niet", "alarm_klopt_niet"])
def test_what_is_typed_without_an_alarm_is_no_reply_to_one(intent: str) -> None:
    assert Talk().says("zeg dat", intent).act is None


@pytest.mark.parametrize("alarm", [URGENT, CHEST, DESPAIR, SLAP])
def test_an_urgent_alarm_stays_above_every_reply(alarm: str) -> None:
    talk = Talk().says(alarm)
    first = talk.kept
    for text in (
        "mag ik fietsen?",
        "wat is artrose?",
        "wat kost een behandeling?",
        "en zwemmen?",
        "hoe laat zijn jullie open?",
    ):
        talk.says(text)
        assert (talk.act, talk.reminded, talk.kept) == (None, True, first)
    assert talk.says("dank je wel", "bedankt").reminded


def test_an_alarm_of_today_stays_for_two_replies_and_the_goodbye() -> None:
    talk = Talk().says(TODAY)
    reminded = [
        talk.says(text).reminded for text in ("mag ik fietsen?", "wat is artrose?", "wat kost dat?", "en zwemmen?")
    ]
    assert reminded == [True, True, False, False]
    assert talk.act is None
    assert talk.says("doei", "afscheid").reminded


def test_who_is_left_alone_about_today_is_not_nagged_for_an_unclear_word() -> None:
    talk = Talk().says(TODAY).says("mag ik fietsen?").says("wat is artrose?")
    assert talk.says("asdf", "nlu_fallback").act is None
    assert talk.says("ik heb gebeld").act is Act.CALLED


@pytest.mark.parametrize("said", ["ik heb gebeld", "ben net bij de huisarts geweest", "dat klopt niet"])
def test_once_it_is_settled_the_talk_goes_on(said: str) -> None:
    talk = Talk().says(URGENT).says(said).says("mag ik fietsen?")
    assert (talk.act, talk.reminded, talk.kept) == (None, False, ())


@pytest.mark.parametrize(
    "said", ["ik ga bellen", "er neemt niemand op", "ach valt wel mee", "ik durf niet te bellen", "waarom?"]
)
def test_what_does_not_settle_it_keeps_it(said: str) -> None:
    talk = Talk().says(URGENT).says(said)
    assert talk.kept == (WATER,)
    assert talk.says("mag ik fietsen?").reminded


@pytest.mark.parametrize("said", ["ben vorige week bij de huisarts geweest", "heb drie weken geleden gebeld"])
def test_a_visit_of_long_ago_settles_nothing(said: str) -> None:
    assert Talk().says(URGENT).says(said).kept == (WATER,)


def test_worse_since_the_call_is_an_alarm_anew() -> None:
    talk = Talk().says(TODAY).says("ik heb gebeld").says(URGENT)
    assert (talk.act, talk.kept) == (Act.ALARM, (WATER,))


def test_a_new_sign_under_an_alarm_is_said_with_it() -> None:
    talk = Talk().says(TODAY).says(SLAP)
    assert (talk.act, talk.kept) == (Act.ALARM, ("NEU01_klapvoet", "INF01_koorts"))


def test_the_sign_again_is_said_again_and_what_is_done_about_it_is_answered() -> None:
    assert Talk().says(URGENT).says("ik kan echt niet plassen").act is Act.ALARM
    assert Talk().says(URGENT).says("ik kan echt niet plassen maar krijg niemand te pakken").act is Act.NOBODY


def test_a_denial_of_one_sign_leaves_the_other() -> None:
    talk = Talk().says("ik kan niet plassen en mijn voet klapt").says("o nee ik kan wel gewoon plassen hoor")
    assert talk.kept == ("NEU01_klapvoet",)
    assert talk.open
    assert WATER in talk.open.denied


def test_a_doubt_about_what_is_in_sight_is_no_new_question() -> None:
    talk = Talk().says(URGENT).says("ach ik drink wat meer, het plassen gaat moeilijk maar komt wel op gang")
    assert talk.act in {Act.AGAIN, Act.ALARM}
    assert talk.kept == (WATER,)


def test_a_question_under_an_alarm_keeps_that_alarm_in_sight() -> None:
    talk = Talk().says(TODAY).says("alles is doof")
    assert (talk.act, talk.last.signs) == (Act.QUESTION, ("CES05_rijbroek",))
    assert "INF01_koorts" in talk.kept
    talk.says("nee")
    assert (talk.act, talk.last.signs) == (Act.ALARM, ("INF01_koorts",))


def test_despair_in_what_plays_an_alarm_down_does_not_put_the_alarm_aside() -> None:
    talk = Talk().says(CHEST).says("Ach, het zal de leeftijd wel zijn, ik wil niemand tot last zijn.")
    assert talk.act in {Act.AGAIN, Act.AFRAID}
    assert talk.last.signs[0] == "CAR01_hart"
    assert "PSY02_verkapt" in talk.last.signs
    assert talk.kept[0] == "CAR01_hart"


# ---- what settles nothing ----


@pytest.mark.parametrize(
    "said",
    [
        "ik heb jullie gebeld voor een afspraak",
        "de fysio heeft er vorige week naar gekeken",
        "ik had jullie al eens gebeld",
        "ik til veel voor mijn werk",
        "vorig jaar heb ik een scan gehad",
        "moet ik zeggen dat het dringend is?",
        "mag ik vandaag langskomen bij jullie?",
        "wat kost een afspraak?",
        "ik heb nooit gebeld met een dokter",
        "de dokter heb ik niet gebeld",
        "mijn been doet ook pijn",
    ],
)
def test_what_only_sounds_like_it_settles_nothing(said: str) -> None:
    assert Talk().says(URGENT).says(said).kept == (WATER,)


# ---- who is ill ----


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("mijn moeder kan niet meer plassen", "moeder"),
        ("m'n vader heeft rugpijn en koorts, 39", "vader"),
        ("mijn man kan zijn voet niet optillen", "man"),
        ("mijn vrouw zegt dat mijn voet klapt", None),
        ("ik kan niet plassen, mijn moeder belt de dokter", None),
        ("mijn dochter typt nu, ik heb koorts en rugpijn", None),
        (URGENT, None),
    ],
)
def test_who_is_ill_is_remembered(text: str, who: str | None) -> None:
    talk = Talk().says(text)
    assert talk.act is Act.ALARM
    assert talk.open
    assert talk.open.who == who
    assert talk.says("mag fietsen wel?").open
    assert talk.open.who == who


# ---- signs over turns ----


@pytest.mark.parametrize(
    "texts",
    [
        ("ik slik xarelto", "nu is mijn been slap"),
        ("mijn benen", "zijn allebei slap"),
        ("ik krijg chemo", "ik heb koude rillingen en 39,1"),
        ("ik slik xarelto", "mag ik fietsen", "nu is mijn been slap"),
    ],
)
def test_a_sign_over_messages_is_heard(texts: tuple[str, ...]) -> None:
    talk = Talk()
    for text in texts:
        talk.says(text)
    assert talk.act is Act.ALARM


@pytest.mark.parametrize(
    "texts",
    [
        ("mag ik fietsen", "en zwemmen"),
        ("ik slik xarelto", "mijn been is niet slap"),
        ("nu is mijn been slap",),
        ("mijn rug doet pijn", "het is weekend"),
    ],
)
def test_what_is_no_sign_together_is_left_alone(texts: tuple[str, ...]) -> None:
    assert not over_turns(RULES, reversed(texts[:-1]), texts[-1])


# ---- pairs: the same sign said otherwise keeps its level, and the same answer its meaning ----

SIGNS = {
    "spoed_nu": "ik kan niet meer plassen",
    "vandaag": "ik heb rugpijn en 39 koorts",
    "112": "ik heb pijn op mijn borst",
}
FRAMES = [
    "{}",
    "hallo, {}",
    "Goedemiddag, {}. Alvast bedankt.",
    "ik ben 34. {}",
    "ik ben een vrouw van 81. {}",
    "{}, mijn man zegt dat het meevalt",
    "{}, zal wel niks zijn",
    "mag ik fietsen? {}",
    "{}. mag ik fietsen?",
    "kheb een vraagske, {} amai",
]


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("level", "sign"), SIGNS.items())
def test_what_stands_around_a_sign_does_not_lower_it(level: str, sign: str, frame: str) -> None:
    talk = Talk().says(frame.format(sign))
    assert talk.act is Act.ALARM
    assert talk.open
    assert talk.open.level == level


@pytest.mark.parametrize("frame", ["{}", "{}!!", "ok {}", "dank je, {}", "{} hoor", "NOU {}"])
@pytest.mark.parametrize(
    ("said", "act"),
    [("ik ga bellen", Act.WILL_CALL), ("er neemt niemand op", Act.NOBODY), ("ik durf niet te bellen", Act.AFRAID)],
)
def test_what_stands_around_an_answer_does_not_change_it(said: str, act: Act, frame: str) -> None:
    assert Talk().says(URGENT).says(frame.format(said)).act is act


# ---- what may be answered ----


@pytest.mark.parametrize(
    "topic", ["sport", "pijnstillers", "werk_ziekmelden", "rugpijn_duur", "wanneer_huisarts", "hernia_wat"]
)
def test_what_could_do_harm_waits_while_an_alarm_is_urgent(topic: str) -> None:
    talk = Talk().says(URGENT)
    assert talk.open
    assert not may_answer(talk.open, topic)
    assert not may_answer(talk.open.to_json(), topic)
    assert may_answer(talk.says("ik heb gebeld").open, topic)
    assert may_answer(Talk().says(TODAY).open, topic)
    assert may_answer(None, topic)


@pytest.mark.parametrize("topic", ["afspraak_contact", "praktisch", "vergoeding", None])
def test_what_does_no_harm_is_answered(topic: str | None) -> None:
    assert may_answer(Talk().says(URGENT).open, topic)


def test_only_practical_topics_do_not_wait() -> None:
    allowed = yaml.safe_load((FOLDER / "talk.yml").read_text(encoding="utf-8"))["mag_wel"]
    assert len(allowed) == len(set(allowed))
    assert not {"wanneer_huisarts", "spit_wat", "uitstraling_been", "injectie"} & set(allowed)


# ---- the slot and the file ----


def test_the_slot_keeps_all_of_it() -> None:
    talk = Talk().says("mijn moeder heeft koorts en rugpijn. En alles is doof.").says("nee")
    assert talk.open
    written = json.loads(json.dumps(talk.open.to_json()))
    assert OpenAlarm.of(written) == talk.open
    assert written["settled"] is None
    assert talk.says("ik heb gebeld").open
    assert talk.open.to_json()["settled"] == "called"


@pytest.mark.parametrize("slot", [None, {}, {"signs": ["CES01_niet_plassen"]}, {"state": "onbekend"}])
def test_what_is_no_alarm_of_ours_is_none(slot: dict[str, object] | None) -> None:
    assert OpenAlarm.of(slot) is None


def test_a_sign_that_is_gone_from_the_content_is_kept_as_urgent() -> None:
    gone = OpenAlarm(signs=("WEG01",), state=State.SAID, level="spoed_nu")
    step = TALK.step(gone, Said("mag ik fietsen?", QUESTION))
    assert step.open
    assert step.open.kept == ("WEG01",)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda groups: groups.pop("gebeld"), "'gebeld' is missing"),
        (lambda groups: groups.update(gebelt=["ja"]), "'gebelt' is missing or not known"),
        (lambda groups: groups.update(gebeld=[".."]), "no word"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, spoil: object, problem: str) -> None:
    groups = yaml.safe_load((FOLDER / "talk.yml").read_text(encoding="utf-8"))
    spoil(groups)  # type: ignore[operator]
    path = tmp_path / "talk.yml"
    path.write_text(yaml.safe_dump(groups, allow_unicode=True), encoding="utf-8")
    with pytest.raises(AlarmContentError, match=problem):
        Ear(path, CONTENT)
