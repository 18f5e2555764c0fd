"""Print the Dutch words that may not be taken for a typing mistake of a pattern word (content/alarm/lookalikes.txt).

    python content/alarm/make_lookalikes.py > /tmp/l && mv /tmp/l content/alarm/lookalikes.txt

The matcher forgives one mistake in a pattern word of six letters or more. A word that people really use ("passen",
"bevallen") is not a mistake for its neighbour ("plassen", "gevallen"). This script takes every such pattern word from
the alarm package, and prints the words of the package wordfreq (Dutch, zipf 2.5 or more) within one edit of it, one a
line, sorted. Left out: words that patterns hold themselves, words that differ only in their ending ("verdoofd",
"verdoofde": the same thing is meant), and the frequent misspellings in MISSPELT. Run it after every change of words.

Needs wordfreq, so the app environment; run it from the root of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

from wordfreq import iter_wordlist, zipf_frequency

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from alarm import AlarmContent, load_alarm_content  # noqa: E402
from alarm.patterns import MIN_TYPO_LENGTH, Phrase, typo_keys, within_one_edit  # noqa: E402
from alarm.words import fold  # noqa: E402

MIN_ZIPF = 2.5
ENDINGS = ("", "e", "n", "en", "s", "t", "d", "de", "te", "end")
# Frequent in wordfreq, but a misspelling, another spelling or a form of a word we mean.
MISSPELT = frozenset(
    [
        "aleen",
        "depressie",
        "electrisch",
        "electrische",
        "heftiger",
        "laaste",
        "onstaan",
        "smorgens",
        "snachts",
        "waneer",
    ]
)

# Too rare for wordfreq, and typed by people with back pain.
RARE = frozenset(["bilpijn", "reanimaties", "rielen"])


def pattern_words(content: AlarmContent) -> set[str]:
    """Every single form in word groups, signs and language cues, stars kept."""
    phrases: list[Phrase] = [p for group in (*content.concepts.values(), *content.cues.values()) for p in group]
    for sign in content.signs.values():
        for pattern in (*sign.patterns, *sign.ask, *sign.unless):
            phrases += [element for element in pattern.elements if isinstance(element, Phrase)]
    return {form for phrase in phrases for alternatives in phrase.words for form in alternatives}


def same_stem(a: str, b: str) -> bool:
    """Whether two words differ only in their ending."""
    stem = 0
    while stem < min(len(a), len(b)) and a[stem] == b[stem]:
        stem += 1
    return a[stem:] in ENDINGS and b[stem:] in ENDINGS


def lookalikes(forms: set[str]) -> list[str]:
    """Real words within one edit of a form and not meant by it."""
    literal = {form for form in forms if "*" not in form}
    starts = tuple(form[:-1] for form in forms if form.endswith("*") and not form.startswith("*"))
    ends = tuple(form[1:] for form in forms if form.startswith("*") and not form.endswith("*"))
    near: dict[str, set[str]] = {}
    for form in literal:
        if len(form) >= MIN_TYPO_LENGTH:
            for key in typo_keys(form):
                near.setdefault(key, set()).add(form)
    found = set()
    for word in iter_wordlist("nl"):
        if zipf_frequency(word, "nl") < MIN_ZIPF:
            break  # the list is sorted, the most frequent first
        word = fold(word)
        if len(word) < MIN_TYPO_LENGTH - 1 or not word.isalpha() or word in literal or word in MISSPELT:
            continue
        if word.startswith(starts) or word.endswith(ends):
            continue
        close = {f for key in typo_keys(word) for f in near.get(key, ()) if within_one_edit(word, f)}
        if close and not any(same_stem(word, form) for form in close):
            found.add(word)
    return sorted(found | RARE)


if __name__ == "__main__":
    print("\n".join(lookalikes(pattern_words(load_alarm_content(FOLDER)))))
