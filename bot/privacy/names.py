"""Names where somebody says their own: "ik heet", "mijn naam is", "ik ben", a signature.

After "mijn naam is" nearly everything is a name. After "ik ben" nearly nothing is ("ik ben incontinent"): there a word
must be no Dutch word, or stand among the given names that are Dutch words too (words.yml). Whether it is a Dutch word,
the package simplemma knows; a slip of the finger ("zwnager") and a compound ("herniapatient") are told from a name by
what they are near to or made of.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from simplemma import is_known
from wordfreq import zipf_frequency

LABEL = "[naam]"
_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_TOKEN = re.compile(rf"(?:(?:[^\W\d_]\.){{1,4}}|{_WORD}|['’]t\b)")
_GAP = re.compile(r"[ \u00a0]{1,2}")

# After these a name follows, whatever it looks like.
_SURE = re.compile(
    r"(?<!\w)(?:"
    r"(?:mijn|mijne|mijnen|mn|m['’]n|me|mij|men|mun) (?:\w{2,10} )?(?:voor|achter|roep)?naam(?: is|:| =) ?(?:de )?"
    r"|(?:ik|['’]?k) ?heet(?: ook| trouwens| overigens)? |heet ik |kheet "
    r"|(?:voor|achter)?naam ?[:=] ?"
    r"|(?:je|u|ge) spreekt met )",
    re.IGNORECASE,
)
# After these it may be a name.
_PERHAPS = re.compile(
    r"(?<!\w)(?:"
    r"(?:ik|['’]?k) ben(?: de| den)? |(?:ik|k)ben (?:de |den )?|ben ik "
    r"|(?:noem|noemen|noemt) (?:me|mij)(?: maar| gewoon| altijd)? "
    r"|(?:mijn|mijne|mijnen|mn|m['’]n|me|mij) naam |ik noem "
    r"|(?:man|vrouw|zoon|zoontje|dochter|dochtertje|kind|moeder|vader|broer|zus|vriend|vriendin|partner|baby|opa|oma|hij|"
    r"zij|ze) heet(?:te)? )",
    re.IGNORECASE,
)
# After these a capital is enough.
_ADDRESS = re.compile(
    r"(?<!\w)(?:"
    r"(?:met )?(?:vriendelijke |lieve |hartelijke )?(?:groet|groeten|groetjes|grtjes|grt|gr|mvg|mvrgr|liefs)"
    r"(?: van)?[.,!]{0,2}\s{1,3}"
    r"|(?:mevrouw|meneer|mevr\.?|mw\.?|dhr\.?|de heer|juffrouw|dokter|dr\.) )",
    re.IGNORECASE,
)
_LETTERS = string.ascii_lowercase + "ëéïöü"
_MOST_WORDS = 5
_COMMON = 5.0  # zipf: one in ten thousand words; "mijn naam is niet ..."
_COMMON_CAPITAL = 4.5  # "Groeten, Bedankt voor de hulp"
_SHORT = 3  # an unknown word of so few letters after "ik ben" is rather "gwn" or "ni" than a name
_TYPO_LENGTH = 6  # shorter words have names among their neighbours
_LONG = 8  # letters; names this long are near to no word
_TYPO_ZIPF, _LONG_TYPO_ZIPF = 3.4, 1.5  # slips are made in words that people use
_TAIL, _HEAD = 5, 3  # letters that the parts of a compound have at least
# "ik ben Pilates docent", "Ik ben Scheuermann patient"
_ROLE = re.compile(
    r"[ -](?:pati[eë]nte?|lijder|docente?|instructeur|instructrice|therapeute?|student|leraar|lerares|trainer|coach|"
    r"fan)\b",
    re.IGNORECASE,
)
# What ends like this is a word, whether the package knows it or not: "tetraplegisch", "fibromyalgiepatient".
_ENDING = re.compile(
    r"(?:ische?|pati[eë]nte?|i[eë]f|ieve|eerd|idaal|ieel|aanse?|enaar|loos|loze|baar|lijke?|vrij|itis|algie|plegie|"
    r"pathie|therapie|medewerk(?:er|ster)|trainer|docente?|werk(?:er|ster)|chauffeur|kundige|tigste|(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig|['’]er)$"
)
# "Hoi, Anna hier"
_HERE = re.compile(
    rf"(?:^|(?<!\w)(?:hoi|hallo|hey|hee|dag|goede\w+)[ ,!]{{1,3}})(?={_WORD}(?: {_WORD}){{0,2}} hier(?!\w))",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"(?:se|sch|aans|isch|ische|aan|ees|ier|i[eë]r|lander|dammer|naar|ling)$")


_Begins = Callable[[re.Match[str], bool], bool]


@dataclass(frozen=True)
class _Words:
    given_names: frozenset[str]
    surnames: frozenset[str]
    no_names: frozenset[str]
    after_naam: frozenset[str]
    particles: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    lists = yaml.safe_load(Path(__file__).with_name("words.yml").read_text(encoding="utf-8"))
    return _Words(**{name: frozenset(str(words).split()) for name, words in lists.items()})


def without_names(text: str) -> str:
    """Names that somebody says to be theirs become "[naam]"; "ik ben incontinent" and "ik heb Bechterew" stay whole."""
    cased = not text.isupper()
    for cue, begins in ((_SURE, _is_surely_name), (_ADDRESS, _is_signature), (_PERHAPS, _is_name), (_HERE, _is_name)):
        pieces: list[str] = []
        done = 0
        for found in cue.finditer(text):
            if found.start() < done:
                continue
            end = _end_of_name(text, found.end(), begins, cased)
            if cue is _HERE and end is not None and not text.startswith(" hier", end):
                continue  # "hoi ben nieuw hier"
            if end is not None:
                pieces += (text[done : found.end()], LABEL)
                done = end
        text = "".join((*pieces, text[done:]))
    return text


def _end_of_name(text: str, start: int, begins: _Begins, cased: bool) -> int | None:
    """Where the name that begins at `start` ends; None when there is none."""
    tokens = _tokens(text, start)
    first = next(tokens, None)
    while first is not None and begins is not _is_name and _folded(first[0]) in _words().particles:
        first = next(tokens, None)  # "mijn naam is van der Berg"
    if first is None or not begins(first, cased):
        return None
    end = first.end()
    after_particle = False
    for token in tokens:
        word = _folded(token[0])
        if word in _words().particles and not (token[0][0].isupper() and cased):
            after_particle = True  # belongs to the name only when more of it follows
            continue
        if not (_is_further(token, cased) or (after_particle and _is_after_particle(text, end, token))):
            break
        end = token.end()
        after_particle = False
    return end


def _tokens(text: str, start: int) -> Iterator[re.Match[str]]:
    """The words from `start` on, as long as only a space is between them."""
    for _ in range(_MOST_WORDS):
        token = _TOKEN.match(text, start)
        if token is None:
            return
        yield token
        gap = _GAP.match(text, token.end())
        if gap is None:
            return
        start = gap.end()


def _is_surely_name(token: re.Match[str], cased: bool) -> bool:
    word = _folded(token[0])
    words = _words()
    if word in words.given_names or token[0].endswith("."):
        return True
    if word in words.no_names or word in words.after_naam:
        return False
    if token[0][0].isupper() and cased:
        return True
    return zipf_frequency(word, "nl") < _COMMON or not _is_dutch(token[0])


def _is_name(token: re.Match[str], cased: bool) -> bool:
    written, word = token[0], _folded(token[0])
    words = _words()
    if word in words.no_names or _ROLE.match(token.string, token.end()):
        return False
    if word in words.given_names:
        return True
    if _ENDING.search(word):
        return False
    if "-" in word and any(part in words.no_names or _is_dutch(part) for part in word.split("-")):
        return word.split("-")[0] in words.given_names
    if _is_dutch(written):
        return False
    if written[0].isupper() and cased and not written.isupper():
        return not _ORIGIN.search(word) or not _is_made_of_words(word)
    if len(word) <= _SHORT:  # "thi lan nguyen"
        following = list(_tokens(token.string, token.end() + 1))[:2]
        return any(_is_further(other, cased) for other in following) and not _is_slip_or_compound(word)
    return not _is_slip_or_compound(word)


def _is_signature(token: re.Match[str], cased: bool) -> bool:
    word = _folded(token[0])
    capital = cased and token[0][0].isupper() and word not in _words().no_names
    return _is_name(token, cased) or (capital and zipf_frequency(word, "nl") < _COMMON_CAPITAL)


def _is_further(token: re.Match[str], cased: bool) -> bool:
    written, word = token[0], _folded(token[0])
    words = _words()
    if word in words.no_names:
        return False
    if word in words.given_names or word in words.surnames or written.endswith("."):
        return True
    if written[0].isupper() and cased:
        return True
    return len(word) > _SHORT and not _is_dutch(written) and not _is_slip_or_compound(word)


def _is_after_particle(text: str, end_of_name: int, token: re.Match[str]) -> bool:
    # "sjoerd de boer", but "rianne van de administratie" and "danique en de rug": a known word only after "de" alone.
    between = text[end_of_name : token.start()].split()
    return [_folded(word) for word in between] in (["de"], ["van", "den"], ["van", "der"]) and zipf_frequency(
        _folded(token[0]), "nl"
    ) < _COMMON


@lru_cache(maxsize=4096)
def _is_dutch(written: str) -> bool:
    lower = written.lower().replace("’", "'")
    return is_known(lower, lang="nl") or is_known(_folded(written), lang="nl")


@lru_cache(maxsize=1024)
def _is_slip_or_compound(word: str) -> bool:
    return (
        not re.search("[aeiouy]", word)
        or _is_made_of_words(word)
        or _is_often_said(_once(word), _TYPO_ZIPF)
        or (
            len(word) >= _TYPO_LENGTH
            and any(
                _is_often_said(near, _LONG_TYPO_ZIPF if len(word) >= _LONG else _TYPO_ZIPF)
                for near in _neighbours(word)
            )
        )
    )


def _is_made_of_words(word: str) -> bool:
    return any(
        (word[at:] in _words().no_names or is_known(word[at:], lang="nl"))
        and (word[:at] in _words().no_names or is_known(word[:at], lang="nl"))
        for at in range(_HEAD, len(word) - _TAIL + 1)
    )


def _once(word: str) -> str:
    """The word with every letter said once: "zieek", "moeee"."""
    return re.sub(r"(.)\1+", r"\1", word)


def _is_often_said(word: str, zipf: float) -> bool:
    return word not in _words().given_names and is_known(word, lang="nl") and zipf_frequency(word, "nl") >= zipf


def _neighbours(word: str) -> Iterator[str]:
    """The words one slip away: a letter too many, too few, another, or two swapped."""
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for letter in _LETTERS:
            yield word[:at] + letter + word[at + 1 :]
            yield word[:at] + letter + word[at:]


def _folded(written: str) -> str:
    """Lower case, without accents."""
    plain = written.lower().replace("ı", "i").replace("ł", "l").replace("ø", "o").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
