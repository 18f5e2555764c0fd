"""The intent classifier: a linear support-vector machine on character n-grams, words, lemmas and the sentence vector.

Which features and which classifier were measured against others: docs/decisions/0005-classifier.md.
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from scipy.special import log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from alarm.words import fold
from engine.encoder import SentenceEncoder, open_encoder
from engine.nlu.questions import questions
from engine.nlu.tfidf import LineWeights
from engine.nlu.tokenizer import tokens

logger = logging.getLogger(__name__)
_ANY = r"\S+"  # the views are words with spaces between already
_ARRAYS, _WORDS = "classifier.npz", "classifier.json"
SECOND_QUESTION = "tweede_vraag"  # entity: the topic of a second question in the message
MOST_QUESTIONS = 3  # of one message; each costs one encoding
_QUESTION = "vraag_"


def _vectorizers() -> list[TfidfVectorizer]:
    """One for each view of a line: its characters, its words, its lemmas."""
    return [
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY, sublinear_tf=True, dtype=np.float32),
    ]


@dataclass
class LinearModel:
    """What training yields. `weights` is (features, intents) float32, `mean` the mean sentence vector."""

    vectorizers: list[TfidfVectorizer]
    mean: np.ndarray
    weights: np.ndarray
    bias: np.ndarray
    intents: list[str]
    temperature: float

    def __post_init__(self) -> None:
        self._weigh = [LineWeights(vectorizer) for vectorizer in self.vectorizers]

    def save(self, folder: Path) -> None:
        """Write arrays and word lists: no pickle, so that a model file cannot run code."""
        idf = {f"idf{i}": vectorizer.idf_ for i, vectorizer in enumerate(self.vectorizers)}
        # Half precision on disk: half the size to pack and unpack, and no change in any answer.
        weights = self.weights.astype(np.float16)
        np.savez(folder / _ARRAYS, mean=self.mean, weights=weights, bias=self.bias, **idf)
        words = [sorted(v.vocabulary_, key=v.vocabulary_.__getitem__) for v in self.vectorizers]
        about = {"vocabularies": words, "intents": self.intents, "temperature": self.temperature}
        (folder / _WORDS).write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read what `save` wrote. Raises FileNotFoundError."""
        about = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS) as arrays:
            vectorizers = _vectorizers()
            for i, (vectorizer, words) in enumerate(zip(vectorizers, about["vocabularies"])):
                vectorizer.vocabulary_ = {word: index for index, word in enumerate(words)}
                vectorizer.idf_ = arrays[f"idf{i}"]
            return cls(
                vectorizers,
                arrays["mean"],
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                about["intents"],
                about["temperature"],
            )

    def scores(self, views: tuple[str, str, str], vector: np.ndarray) -> np.ndarray:
        """Decision values of one line, shape (intents,). Touches only the rows of features that occur."""
        total = self.bias.copy()
        offset = 0
        for vectorizer, weigh, view in zip(self.vectorizers, self._weigh, views):
            where, weights = weigh(view)
            total += weights @ self.weights[offset + where]
            offset += len(vectorizer.vocabulary_)
        total += _centred(vector[None], self.mean)[0] @ self.weights[offset:]
        return total

    def probabilities(self, views: tuple[str, str, str], vector: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, shape (intents,)."""
        return softmax(self.scores(views, vector) * self.temperature)


def _centred(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """e5's vectors share a large common part; without it cosines spread from .8-.9 to the whole range."""
    moved = vectors - mean
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def fit(
    views: list[tuple[str, str, str]], vectors: np.ndarray, intents: list[str], config: dict[str, Any]
) -> LinearModel:
    """Train on lines. `vectors` is (lines, 384). The temperature comes from held-out folds, so it is honest."""
    labels = np.array(intents)
    vectorizers = _vectorizers()
    parts = [v.fit_transform([view[i] for view in views]) for i, v in enumerate(vectorizers)]
    mean = vectors.mean(axis=0)
    features = hstack([*parts, csr_matrix(_centred(vectors, mean))]).tocsr()

    def machine() -> LinearSVC:
        return LinearSVC(C=config["C"], random_state=0)

    def try_fold(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return test, machine().fit(features[train], labels[train]).decision_function(features[test])

    folds = StratifiedKFold(config["calibration_folds"], shuffle=True, random_state=0)
    with ThreadPoolExecutor(2) as pool:  # liblinear works outside Python's lock
        last = pool.submit(machine().fit, features, labels)
        tries = [pool.submit(try_fold, train, test) for train, test in folds.split(features, labels)]
        final = last.result()
    held_out = np.zeros((len(labels), len(final.classes_)))
    for done in tries:
        test, scores = done.result()
        held_out[test] = scores
    gold = np.searchsorted(final.classes_, labels)

    def loss(temperature: float) -> float:
        return float(-log_softmax(held_out * temperature, axis=1)[np.arange(len(gold)), gold].mean())

    best = minimize_scalar(loss, bounds=(0.5, 20), method="bounded")
    return LinearModel(
        vectorizers,
        mean,
        np.ascontiguousarray(final.coef_.T, dtype=np.float32),
        final.intercept_.astype(np.float32),
        [str(name) for name in final.classes_],
        float(best.x),
    )


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
        return {"C": 0.5, "calibration_folds": 3, "ranking_length": 12, "second_above": 0.8}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
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
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = fit(
            [_views(m) for m in examples],
            np.stack([_vector(m) for m in examples]),
            [m.get(INTENT) for m in examples],
            self._config,
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None or not message.get(TEXT):
                message.set(INTENT, {"name": None, "confidence": 0.0}, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                continue
            chances = self._model.probabilities(_views(message), _vector(message))
            best = np.argsort(-chances)[: self._config["ranking_length"]]
            ranking = [{"name": self._model.intents[i], "confidence": float(chances[i])} for i in best]
            alarms = {
                name: float(chances[i]) for i, name in enumerate(self._model.intents) if name.startswith("alarm_")
            }
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            message.set("alarm_chances", alarms)
            first, second = self._two_questions(message.get(TEXT))
            if second:
                found = {"entity": SECOND_QUESTION, "value": second.removeprefix(_QUESTION), "start": 0, "end": 0}
                message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
            message.set(INTENT, first or ranking[0], add_to_output=True)
        return messages

    def _two_questions(self, text: str) -> tuple[dict[str, Any] | None, str | None]:
        """The intent of the first of two questions on two topics, and the intent of the second; (None, None) else."""
        asked = questions(text)[:MOST_QUESTIONS]
        if len(asked) < 2 or self._model is None:
            return None, None
        found: dict[str, float] = {}
        for question in asked:
            chances = self._model.probabilities(_views_of(question, tokens(question)), self._encoder.encode(question))
            best = int(np.argmax(chances))
            name = self._model.intents[best]
            if name.startswith(_QUESTION) and chances[best] >= self._config["second_above"]:
                found.setdefault(name, float(chances[best]))
        if len(found) < 2:
            return None, None
        first, second = list(found)[:2]
        return {"name": first, "confidence": found[first]}, second

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data


def _views(message: Message) -> tuple[str, str, str]:
    return _views_of(message.get(TEXT), message.get(TOKENS_NAMES[TEXT]))


def _views_of(text: str, found: list[Token]) -> tuple[str, str, str]:
    """What the three vectorizers read of a line: its characters, its words, its lemmas."""
    words = " ".join(fold(token.text) for token in found)
    lemmas = " ".join(fold(token.lemma) for token in found if token.text[0].isalnum())
    return fold(text), words, lemmas


def _vector(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0]
