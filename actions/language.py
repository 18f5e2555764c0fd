"""Which of the languages we have a line for a message is in. Small and sure enough: the line is three sentences."""

from __future__ import annotations

import re

# Words that are frequent in one of these languages and not in the others.
_WORDS = {
    "en": "the is my i and have can you do with what how it pain back hurts for please speak english sport",
    "de": "ich und der die das mein nicht habe kann mit ist rücken schmerzen wie was deutsch bitte für ein",
    "tr": "ve bir bu için ne nasıl var sırt ağrı ağrım ağrıyor belim bel çok mi mı türkçe ben yapabilir miyim",
    "pl": "i nie się jest mam mnie boli plecy ból czy jak co po polsku mogę kręgosłup krzyża proszę",
    "fr": "je le la les et mon mal dos est que pour avec pas vous bonjour français puis ai des une faire",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_ARABIC = re.compile(r"[\u0600-\u06ff]")


def guess_language(text: str) -> str:
    """A key of `andere_taal` in content/smalltalk.yml; English where none is likelier."""
    if _ARABIC.search(text):
        return "ar"
    words = re.findall(r"[^\W\d_]+", text.lower())
    hits = {language: sum(word in known for word in words) for language, known in _SETS.items()}
    best = max(hits, key=lambda language: (hits[language], language == "en"))
    # One word can be of many languages: "mi" is Turkish and Spanish.
    return best if hits[best] > 1 or len(words) == 1 else "en"
