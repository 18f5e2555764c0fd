"""The Dutch spaCy pipeline and one lemma step behind it.

`nl_core_news_sm` 3.7 is used where it is installed, else the stand-in that ships with the project
(engine/spacy_nl/README.md). Only token, part of speech, morphology and lemma are read, which both give alike.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from functools import lru_cache

import simplemma
import spacy
from spacy.lang.nl import Dutch
from spacy.language import Language
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc, Token

OFFICIAL = "nl_core_news_sm"
STAND_IN = "nl_ruggesteun_slim"
_UNUSED = ("parser", "ner", "tagger", "senter", "attribute_ruler", "lemmatizer")
_RULED = frozenset({"NOUN", "VERB", "ADJ", "AUX"})


class NoDutchPipeline(RuntimeError):
    """Neither spaCy pipeline is installed."""


def pipeline_name() -> str:
    """The pipeline that is used here. Raises NoDutchPipeline when there is none."""
    for name in (OFFICIAL, STAND_IN):
        if importlib.util.find_spec(name) is not None:
            return name
    raise NoDutchPipeline(f"Run `make setup`: it installs the wheel in engine/spacy_nl/ ({OFFICIAL} 3.7.0 will do too)")


class LemmaStep:
    """Dictionary forms: rule table for nouns, verbs and adjectives, simplemma where that is silent."""

    def __init__(self) -> None:
        nlp = Dutch()
        rules = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
        assert isinstance(rules, Lemmatizer)
        self._rules = rules
        self._rules.initialize()
        index = self._rules.lookups.get_table("lemma_index")
        # spaCy has lists here and searches them from the front: sets save 4 % of a message's time.
        for part in list(index.keys()):
            index[part] = frozenset(index[part])
        self._known = {part: index.get(part, frozenset()) for part in ("noun", "verb", "adj")}

    def __call__(self, token: Token) -> str:
        """The lemma of one token, lower case, without "_"."""
        text = token.text.lower()
        if token.pos_ in _RULED:
            lemmas = self._rules.rule_lemmatize(token)
            if lemmas and (lemmas[0] != text or self._knows(text, token.pos_)):
                return str(lemmas[0]).lower().replace("_", "")
            backoff = simplemma.lemmatize(text, lang="nl").lower()
            if backoff != text:
                return backoff
        return (token.lemma_ or text).lower().replace("_", "")

    def _knows(self, text: str, part_of_speech: str) -> bool:
        return text in self._known.get(part_of_speech.lower(), ())


class DutchPipeline:
    """spaCy pipeline plus lemma step, loaded once a process."""

    def __init__(self) -> None:
        self.name = pipeline_name()
        self._nlp: Language = spacy.load(self.name, exclude=list(_UNUSED) if self.name == OFFICIAL else [])
        self.version = str(self._nlp.meta["version"])
        self.lemma = LemmaStep()

    def __call__(self, text: str) -> Doc:
        return self._nlp(text)

    def words(self, text: str) -> Doc:
        """The words alone: the first and cheapest step. `read` does the others."""
        return self._nlp.make_doc(text)

    def read(self, doc: Doc) -> None:
        """Add parts of speech and lemmas to a doc of `words`."""
        self._nlp(doc)

    def many(self, texts: Iterable[str]) -> Iterator[Doc]:
        """Docs of many texts, in order: several times faster than one by one."""
        return self._nlp.pipe(texts, batch_size=256)

    def lemmas(self, text: str) -> list[str]:
        """Lemmas of all words of a text."""
        return [self.lemma(token) for token in self(text)]


@lru_cache(maxsize=1)
def dutch() -> DutchPipeline:
    """The pipeline of this process. Raises NoDutchPipeline."""
    return DutchPipeline()
