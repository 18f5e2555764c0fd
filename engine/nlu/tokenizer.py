"""Rasa tokenizer on the Dutch spaCy pipeline: every token knows its lemma."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.tokens import Doc

from engine.dutch import dutch, pipeline_name
from engine.progress import counted


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DutchTokenizer(Tokenizer):
    """Words and dictionary forms (`engine.dutch`). Which spaCy pipeline is used is part of the model's fingerprint."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    @staticmethod
    def required_packages() -> list[str]:
        return ["spacy", "simplemma"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchTokenizer:
        dutch()  # load at start, not at the first message
        return cls({**config, "spacy_pipeline": pipeline_name()})

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        lines = [message for message in training_data.training_examples if message.get(TEXT)]
        docs = dutch().many(_plain(message.get(TEXT)) for message in lines)
        for doc, message in zip(counted(docs, len(lines), "tokenizing"), lines):
            message.set(TOKENS_NAMES[TEXT], _tokens(doc))
        for message in training_data.training_examples:
            for attribute in (INTENT, ACTION_NAME):
                if message.get(attribute):
                    message.set(TOKENS_NAMES[attribute], self._split_name(message, attribute))
        return training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return tokens(message.get(attribute))


def tokens(text: str) -> list[Token]:
    """Words of a text; their dictionary forms are looked for when one is asked for, as most messages need none."""
    sentence = _Sentence(dutch().words(_plain(text)))
    return [_Word(token.text, token.idx, sentence, token.i) for token in sentence.doc if token.text.strip()]


class _Sentence:
    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self._read = False

    def lemma(self, index: int) -> str:
        if not self._read:
            dutch().read(self.doc)
            self._read = True
        return dutch().lemma(self.doc[index])


class _Word(Token):
    """A token whose lemma comes on demand."""

    def __init__(self, text: str, start: int, sentence: _Sentence, index: int) -> None:
        self._sentence, self._index = sentence, index
        super().__init__(text, start)

    @property
    def lemma(self) -> str:
        return self._sentence.lemma(self._index)

    @lemma.setter
    def lemma(self, value: str) -> None:
        """Rasa's constructor sets one; it is not the dictionary form."""


def _plain(text: str) -> str:
    """Lower case, as capitals and phone typing mislead a pipeline trained on written language; length is kept."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


def _tokens(doc: Doc) -> list[Token]:
    lemma = dutch().lemma
    return [Token(token.text, token.idx, lemma=lemma(token)) for token in doc if token.text.strip()]
