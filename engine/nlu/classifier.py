"""The intent classifier: a linear support-vector machine on character n-grams, words, lemmas and the sentence vector.

A lighter one, on characters and words, answers by itself where it is sure. Which features and which classifier were
measured against others: docs/decisions/0005-classifier.md; the two in a row: docs/decisions/0012-speed.md.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
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
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from alarm.words import fold
from engine.encoder import SentenceEncoder, open_encoder
from engine.nlu.questions import questions
from engine.nlu.tfidf import LineWeights
from engine.nlu.tokenizer import tokens

logger = logging.getLogger(__name__)
Weighed = tuple[np.ndarray, np.ndarray]  # of one view: which features, and the weight of each
_ANY = r"\S+"  # the views are words with spaces between already
SECOND_QUESTION = "tweede_vraag"  # entity: the topic of a second question in the message
MOST_QUESTIONS = 3  # of one message
_QUESTION, _ALARM = "vraag_", "alarm_"
_LIGHT = 2  # the first views, which cost next to nothing: characters and words


_BESIDE = ThreadPoolExecutor(1, "encoder")


def _vectorizers() -> list[TfidfVectorizer]:
    """One for each view of a line: its characters, its words, its lemmas; the dear one last."""
    return [
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY, min_df=2, sublinear_tf=True, dtype=np.float32),
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=_ANY, min_df=2, sublinear_tf=True, dtype=np.float32),
    ]


@dataclass
class LinearModel:
    """What training yields. `weights` is (features, intents) float16, `mean` the mean sentence vector.

    A model without a `mean` reads no sentence vector, and only as many views as it has vectorizers.
    """

    vectorizers: list[TfidfVectorizer]
    weights: np.ndarray
    bias: np.ndarray
    intents: list[str]
    temperature: float
    mean: np.ndarray | None = None

    def __post_init__(self) -> None:
        self._weigh = [LineWeights(vectorizer) for vectorizer in self.vectorizers]

    def save(self, folder: Path, name: str, known: int = 0) -> None:
        """Write arrays and word lists, those of the first `known` vectorizers left out. No pickle, so that a model file
        cannot run code.
        """
        own = self.vectorizers[known:]
        arrays = {f"idf{i}": vectorizer.idf_ for i, vectorizer in enumerate(own)}
        if self.mean is not None:
            arrays["mean"] = self.mean
        np.savez(folder / f"{name}.npz", weights=self.weights, bias=self.bias, **arrays)
        words = [sorted(v.vocabulary_, key=v.vocabulary_.__getitem__) for v in own]
        about = {"vocabularies": words, "intents": self.intents, "temperature": self.temperature}
        (folder / f"{name}.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str, known: Sequence[TfidfVectorizer] = ()) -> LinearModel:
        """Read what `save` wrote; `known` are the vectorizers it left out. Raises FileNotFoundError."""
        about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(folder / f"{name}.npz") as arrays:
            own = _vectorizers()[len(known) : len(known) + len(about["vocabularies"])]
            for i, (vectorizer, words) in enumerate(zip(own, about["vocabularies"])):
                vectorizer.vocabulary_ = {word: index for index, word in enumerate(words)}
                vectorizer.idf_ = arrays[f"idf{i}"]
            mean = arrays.get("mean")
            rest = (arrays["weights"], arrays["bias"], about["intents"], about["temperature"], mean)
            return cls([*known, *own], *rest)

    def weigh(self, views: Sequence[str], first: int = 0) -> list[Weighed]:
        """The features that occur in views, those of the vectorizers from `first` on, and how much each weighs."""
        return [weigh(view) for weigh, view in zip(self._weigh[first:], views)]

    def probabilities(self, weighed: list[Weighed], vector: np.ndarray | None = None) -> np.ndarray:
        """Calibrated probabilities, shape (intents,). Touches only the rows of features that occur."""
        scores = self.bias.copy()
        offset = 0
        for vectorizer, (where, weights) in zip(self.vectorizers, weighed):
            scores += weights @ self.weights[offset + where].astype(np.float32)
            offset += len(vectorizer.vocabulary_)
        if self.mean is not None and vector is not None:
            scores += _centred(vector[None], self.mean)[0] @ self.weights[offset:].astype(np.float32)
        return softmax(scores * self.temperature)


def _centred(vectors: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """e5's vectors share a large common part; without it cosines spread from .8-.9 to the whole range."""
    moved = vectors - mean
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


@dataclass
class Cascade:
    """Two models: `light` reads characters and words, `full` also lemmas and the sentence vector, which cost ten times
    as much. The full one is asked where the light one is not sure of an ordinary intent.
    """

    light: LinearModel
    full: LinearModel
    sure_above: float  # probability of the light model's best intent
    calm_below: float  # its probability of all alarm intents together

    def __post_init__(self) -> None:
        self.intents = self.full.intents
        self._alarms = np.array([name.startswith(_ALARM) for name in self.intents])

    def probabilities(
        self, text: str, words: list[Token], vector: Callable[[str], np.ndarray], *, careful: bool = False
    ) -> np.ndarray:
        """Calibrated probabilities of a message, shape (intents,).

        `vector` gives its sentence vector; with `careful` it is not left to the light model.
        """
        weighed = self.light.weigh((fold(text), _words(words)))
        if not careful:
            first = self.light.probabilities(weighed)
            if first.max() >= self.sure_above and first[self._alarms].sum() < self.calm_below:
                return first
        # The encoder works outside Python's lock, so the lemmas cost no time beside it.
        encoding = _BESIDE.submit(vector, text)
        # Both models weigh characters and words alike: the vectorizers are the same.
        weighed += self.full.weigh((_lemmas(words),), _LIGHT)
        return self.full.probabilities(weighed, encoding.result())

    def at_first_sight(self, text: str, words: list[Token]) -> np.ndarray:
        """Probabilities by the light model alone, shape (intents,)."""
        return self.light.probabilities(self.light.weigh((fold(text), _words(words))))

    def save(self, folder: Path) -> None:
        self.light.save(folder, "light")
        self.full.save(folder, "full", known=len(self.light.vectorizers))

    @classmethod
    def load(cls, folder: Path, sure_above: float, calm_below: float) -> Cascade:
        """Read what `save` wrote. Raises FileNotFoundError."""
        light = LinearModel.load(folder, "light")
        return cls(light, LinearModel.load(folder, "full", light.vectorizers), sure_above, calm_below)


def fit(views: list[tuple[str, str, str]], vectors: np.ndarray, intents: list[str], config: dict[str, Any]) -> Cascade:
    """Train on lines. `vectors` is (lines, 384). The temperatures come from lines that a trial did not see, though some
    of these share a part with one that it saw (`MessageComposer`).
    """
    labels = np.array(intents)
    vectorizers = _vectorizers()
    parts = [v.fit_transform([view[i] for view in views]) for i, v in enumerate(vectorizers)]
    mean = vectors.mean(axis=0)
    light, full = hstack(parts[:_LIGHT]).tocsr(), hstack([*parts, csr_matrix(_centred(vectors, mean))]).tocsr()
    train, held_out = train_test_split(
        np.arange(len(labels)), test_size=config["calibration_share"], stratify=labels, random_state=0
    )

    def machine(features: csr_matrix, rows: np.ndarray | slice) -> LinearSVC:
        return LinearSVC(C=config["C"], random_state=0).fit(features[rows], labels[rows])

    with ThreadPoolExecutor(2) as pool:  # liblinear works outside Python's lock
        jobs = [pool.submit(machine, features, rows) for features in (full, light) for rows in (slice(None), train)]
        machines = [job.result() for job in jobs]
    models = []
    for features, final, tried in ((full, *machines[:2]), (light, *machines[2:])):
        temperature = _temperature(tried.decision_function(features[held_out]), tried.classes_, labels[held_out])
        # Half precision: half the memory, and no change in any answer.
        weights = np.ascontiguousarray(final.coef_.T, dtype=np.float16)
        names = [str(name) for name in final.classes_]
        models.append((weights, final.intercept_.astype(np.float32), names, temperature))
    return Cascade(
        LinearModel(vectorizers[:_LIGHT], *models[1]),
        LinearModel(vectorizers, *models[0], mean),
        config["sure_above"],
        config["calm_below"],
    )


def _temperature(scores: np.ndarray, classes: np.ndarray, labels: np.ndarray) -> float:
    """What to multiply scores by before softmax: the likeliest on lines that were not trained on."""
    gold = np.searchsorted(classes, labels)

    def loss(temperature: float) -> float:
        return float(-log_softmax(scores * temperature, axis=1)[np.arange(len(gold)), gold].mean())

    return float(minimize_scalar(loss, bounds=(0.5, 20), method="bounded").x)


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
            "C": 0.5,
            "calibration_share": 0.25,  # of the lines, held out to fit the temperatures
            "ranking_length": 12,
            "second_above": 0.8,
            "sure_above": 0.9,
            "calm_below": 0.01,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Cascade | None = None,
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
            model = Cascade.load(folder, limits["sure_above"], limits["calm_below"])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = fit(
            [views_of(m.get(TEXT), m.get(TOKENS_NAMES[TEXT])) for m in examples],
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
            words = message.get(TOKENS_NAMES[TEXT])
            scan = message.get("alarm_scan")
            # Where the rules found anything, denied or not, the net's view on it counts: the full model gives it.
            careful = bool(scan and scan.findings)
            chances = self._model.probabilities(message.get(TEXT), words, self._encoder.encode, careful=careful)
            best = np.argsort(-chances)[: self._config["ranking_length"]]
            ranking = [{"name": self._model.intents[i], "confidence": float(chances[i])} for i in best]
            alarms = {name: float(chances[i]) for i, name in enumerate(self._model.intents) if name.startswith(_ALARM)}
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
            chances = self._model.at_first_sight(question, tokens(question))
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


def views_of(text: str, words: list[Token]) -> tuple[str, str, str]:
    """What the three vectorizers read of a line: its characters, its words, its lemmas."""
    return fold(text), _words(words), _lemmas(words)


def _words(found: list[Token]) -> str:
    return " ".join(fold(token.text) for token in found)


def _lemmas(found: list[Token]) -> str:
    return " ".join(fold(token.lemma) for token in found if token.text[0].isalnum())


def _vector(message: Message) -> np.ndarray:
    _, sentence = message.get_dense_features(TEXT)
    return sentence.features[0]
