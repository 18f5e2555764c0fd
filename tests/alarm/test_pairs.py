"""The same sign said otherwise keeps its level (CheckList): another age, sex, name, manner, excuse or question.

Rules only: what no model has to be trained for. A crisis with a means named is never lower than one without.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from alarm import Detector, Scan, Urgency

# Plain statements of one sign each, over all levels.
SAID = [
    "ik kan niet meer plassen",
    "ik verlies zomaar plas",
    "ik voel niets meer tussen mijn benen",
    "mijn benen zijn allebei slap",
    "ik krijg mijn voet niet meer omhoog",
    "ik heb minder kracht in mijn been",
    "ik heb koorts en rugpijn",
    "ik heb prostaatkanker en pijn in mijn rug",
    "ik heb druk op mijn borst",
    "ik krijg geen lucht",
    "ik heb bloed gebraakt",
    "ik wil niet meer leven",
    "mijn kuit is dik en pijnlijk",
    "ik ben zwanger en verlies bloed",
]


def level(scan: Scan) -> tuple[Urgency, bool]:
    """How urgent, counting what is asked as what is said: the question names the same sign."""
    signs = (*scan.alarms, *scan.questions)
    return max((sign.urgency for sign in signs), default=Urgency.GEEN), any(sign.crisis for sign in signs)


def of_another(who: str, his: str) -> Callable[[str], str]:
    """The sentence said of somebody else: "mijn vader kan niet meer plassen"."""
    verbs = {"kan": "kan", "voel": "voelt", "heb": "heeft", "krijg": "krijgt", "verlies": "verliest", "wil": "wil"}

    def said(text: str) -> str:
        first, *rest = text.split()
        if first == "mijn":
            return " ".join(["de", *rest, "van", who])
        words = [verbs.get(rest[0], "is" if rest[0] == "ben" else rest[0]), *rest[1:]]
        return " ".join(
            [who, *(his if word == "mijn" else "verliest" if word == "verlies" else word for word in words)]
        )

    return said


def spelt(**spellings: str) -> Callable[[str], str]:
    return lambda text: " ".join(spellings.get(word, word) for word in text.split())


WAYS: list[tuple[str, Callable[[str], str]]] = [
    ("age in front", lambda text: f"ik ben 34 jaar, {text}"),
    ("old age in front", lambda text: f"81 ben ik en {text}"),
    ("age behind", lambda text: f"{text}, man 52"),
    ("name", lambda text: f"hoi met Fatima, {text}"),
    ("other name", lambda text: f"Jan-Willem hier. {text}"),
    ("polite", lambda text: f"Goedemorgen mevrouw, neemt u mij niet kwalijk, {text}. Met vriendelijke groet"),
    ("rude", lambda text: f"verdomme {text}!!!"),
    ("capitals", str.upper),
    ("no mark", lambda text: f"{text} wat nu"),
    ("thanks", lambda text: f"bedankt voor de uitleg. {text}"),
    ("Flemish", spelt(ik="k", niet="nie", mijn="mijne")),
    ("phone", spelt(niet="nt", mijn="mn", geen="gn")),
    ("excuse of the husband", lambda text: f"{text}, mijn man zegt dat het meevalt"),
    ("excuse first", lambda text: f"het zal wel niks zijn maar {text}"),
    ("excuse of age", lambda text: f"{text}, zal de leeftijd wel zijn"),
    ("excuse of a cause", lambda text: f"{text}, komt vast van het liggen"),
    ("excuse of a pill", lambda text: f"{text}. Dat zal de tramadol wel zijn."),
    ("waits", lambda text: f"{text}, ik kijk het nog een dagje aan"),
    ("before a question", lambda text: f"{text}. Hoe laat zijn jullie open?"),
    ("after a question", lambda text: f"Mag ik fietsen met rugpijn? {text}"),
    ("in the same breath as a question", lambda text: f"{text}, welk kussen raden jullie aan"),
    ("story before", lambda text: f"Zaterdag de schuur opgeruimd met mijn zwager en een biertje na. {text}"),
    ("story behind", lambda text: f"{text}. De hond ligt naast me en snapt er niks van."),
    ("long known back", lambda text: f"Ik heb al jaren rugpijn, dat weet de huisarts. {text}"),
    ("of the father", of_another("mijn vader", "zijn")),
    ("of the mother", of_another("mijn moeder", "haar")),
    ("of the partner", of_another("mijn man", "zijn")),
]


@pytest.mark.parametrize("text", SAID)
@pytest.mark.parametrize("way", [pytest.param(way, id=name) for name, way in WAYS])
def test_the_same_sign_said_otherwise_keeps_its_level(detector: Detector, text: str, way: Callable[[str], str]) -> None:
    before, after = level(detector.scan(text)), level(detector.scan(way(text)))
    assert before[0] >= Urgency.VANDAAG or before[1], text
    assert after[0] >= before[0], way(text)
    assert after[1] >= before[1], way(text)


SLIPS = [
    ("ik kan niet meer plassen", "ik kan niet meer plasssen"),
    ("ik kan mijn ontlasting niet ophouden", "ik kan mijn ontlastng niet ophouden"),
    ("ik heb koorts en rugpijn", "ik heb korots en rugpijn"),
    ("het is verdoofd tussen mijn benen", "het is verdofd tussen mijn benen"),
    ("ik denk aan zelfmoord", "ik denk aan zelfmoort"),
    ("ik heb prostaatkanker en rugpijn", "ik heb prostaatkanker en rugpjin"),
    ("ik krijg mijn voet niet meer omhoog", "ik krijg mijn voet niet meer omhoogg"),
    ("mijn moeder is bewusteloos", "mijn moeder is bewustloos"),
]


@pytest.mark.parametrize(("right", "slip"), SLIPS)
def test_a_slip_of_the_finger_keeps_the_level(detector: Detector, right: str, slip: str) -> None:
    assert level(detector.scan(right)) not in {(Urgency.GEEN, False), (Urgency.AFSPRAAK, False)}
    assert level(detector.scan(slip)) == level(detector.scan(right))


CRISIS = ["ik wil dood", "ik wil niet meer leven", "ik denk aan zelfmoord", "ik maak er een einde aan"]
MEANS = [
    "ik heb de pillen klaargelegd",
    "ik sta op het perron",
    "het touw is gekocht",
    "mijn afscheidsbrief ligt klaar",
]


@pytest.mark.parametrize("text", CRISIS)
@pytest.mark.parametrize("means", MEANS)
@pytest.mark.parametrize("joint", [". ", ", ", " en "])
def test_a_crisis_with_a_means_is_never_lower(detector: Detector, text: str, means: str, joint: str) -> None:
    alone = detector.scan(text)
    assert alone.crisis
    for said in (text + joint + means, means + joint + text):
        scan = detector.scan(said)
        assert scan.crisis, said
        assert scan.urgency >= alone.urgency, said
