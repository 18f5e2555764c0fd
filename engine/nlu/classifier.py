"""Rasa's intent classifier: an adapter of `engine.nlu.reader`, which is trained and asked here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.encoder import SentenceEncoder, open_encoder
from engine.nlu.labels import CALM, OUTSIDE, QUESTION, line_of
from engine.nlu.parts import Part, parts
from engine.nlu.questions import questions
from engine.nlu.reader import Reader, Reading, fit, views_of
from engine.nlu.tokenizer import tokens
from engine.progress import say

SECOND_QUESTION = "tweede_vraag"  # entity: the topic of a second question in the message
MOST_QUESTIONS = 3  # of one message
NET, READING = "alarm_net", "reading"  # on the message: for the alarm detector; for the actions
LEAST = 0.01  # a probability below this is not passed on
OF_PART = 2  # topics that are passed on of a part
VECTOR_SIZE = 384


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking` with calibrated confidences."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "also_weight": 0.5,  # of a line's second subject, as one of its first
            "calibration_share": 0.08,  # of the lines, held out to fit the temperatures
            "ranking_length": 12,
            "second_above": 0.8,
            "sure_above": 0.9,
            "calm_above": 0.99,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Reader | None = None,
    ) -> None:
        self._config = {**self.get_default_config(), **config}
        self._encoder: SentenceEncoder = open_encoder()
        self._storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        limits = {**cls.get_default_config(), **config}
        with model_storage.read_from(resource) as folder:
            model = Reader.load(folder, limits["sure_above"], limits["calm_above"])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = fit(
            [line_of(m) for m in examples],
            [views_of(m.get(TEXT), m.get(TOKENS_NAMES[TEXT])) for m in examples],
            np.stack([_vector(m) for m in examples]),
            self._config,
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        say("fitting: done; the rules of the talk and the packing are left")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not message.get(TEXT):
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                continue
            self._read(self._model, message)
        return messages

    def _read(self, model: Reader, message: Message) -> None:
        text, words = message.get(TEXT), message.get(TOKENS_NAMES[TEXT])
        scan = message.get("alarm_scan")
        # Where the rules found anything, denied or not, the net's view on it counts: the full heads give it.
        careful = bool(scan and scan.findings)
        pieces = [(part, model.at_first_sight(part.text, tokens(part.text))) for part in parts(text)]
        of_parts = [read for _, read in pieces]
        found = model.read(text, words, self._encoder.encode, of_parts, careful=careful)
        running = f"{QUESTION}{(message.get(METADATA) or {}).get('topic')}"
        stays = model.goes_on(found, running, len(words))
        intents = model.in_context(found.intents, running, stays) if stays else found.intents
        best = np.argsort(-intents)[: self._config["ranking_length"]]
        ranking = [{"name": model.intents[i], "confidence": float(intents[i])} for i in best]
        first, second = self._two_questions(model, text) if not stays else (None, None)
        if second:
            entity = {"entity": SECOND_QUESTION, "value": second.removeprefix(QUESTION), "start": 0, "end": 0}
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(INTENT, first or ranking[0], add_to_output=True)
        message.set(NET, _net(model, found, pieces))
        outside = sum(float(chance) for name, chance in zip(model.intents, found.intents) if name in OUTSIDE)
        reading = {
            "acts": _chances(model.acts, found.acts),
            "second": second.removeprefix(QUESTION) if second else None,
            "in_scope": round(1 - outside, 4),
            "context": bool(stays > 0.5),
            "parts": [_of_part(model, part, read) for part, read in pieces],
        }
        message.set(READING, reading, add_to_output=True)

    def _two_questions(self, model: Reader, text: str) -> tuple[dict[str, Any] | None, str | None]:
        """The intent of the first of two questions on two topics, and the intent of the second; (None, None) else."""
        asked = questions(text)[:MOST_QUESTIONS]
        if len(asked) < 2:
            return None, None
        found: dict[str, float] = {}
        for question in asked:
            chances = model.at_first_sight(question, tokens(question)).intents
            best = int(np.argmax(chances))
            name = model.intents[best]
            if name.startswith(QUESTION) and chances[best] >= self._config["second_above"]:
                found.setdefault(name, float(chances[best]))
        if len(found) < 2:
            return None, None
        first, second = list(found)[:2]
        return {"name": first, "confidence": found[first]}, second

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _net(model: Reader, found: Reading, pieces: list[tuple[Part, Reading]]) -> dict[str, Any]:
    """Chances of "<level>:<group>" in the whole message and in each of its parts."""
    return {
        "whole": _alarms(model, found),
        "parts": [{"start": part.start, "end": part.end, "chances": _alarms(model, read)} for part, read in pieces],
    }


def _alarms(model: Reader, reading: Reading) -> dict[str, float]:
    return {name: chance for name, chance in _chances(model.alarms, reading.alarms).items() if name != CALM}


def _chances(names: list[str], chances: NDArray[Any]) -> dict[str, float]:
    return {names[i]: round(float(chances[i]), 4) for i in np.flatnonzero(chances >= LEAST)}


def _of_part(model: Reader, part: Part, reading: Reading) -> dict[str, Any]:
    """The act and the likeliest topics of a part."""
    asked = [(name, float(c)) for name, c in zip(model.intents, reading.intents) if name.startswith(QUESTION)]
    best = sorted(asked, key=lambda pair: -pair[1])[:OF_PART]
    return {
        "start": part.start,
        "end": part.end,
        "act": model.acts[int(np.argmax(reading.acts))],
        "topics": [[name.removeprefix(QUESTION), round(chance, 4)] for name, chance in best],
    }


def _vector(message: Message) -> NDArray[Any]:
    _, sentence = message.get_dense_features(TEXT)
    return np.zeros(VECTOR_SIZE, dtype=np.float32) if sentence is None else np.asarray(sentence.features[0])
