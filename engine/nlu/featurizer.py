"""Rasa featurizer that adds the sentence vector of `engine.encoder`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.encoder import SentenceEncoder, open_encoder
from engine.nlu.labels import is_part
from engine.nlu.vector_cache import VectorCache


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sentence features of shape (1, 384) for training, kept between trainings (`VectorCache`).

    For a patient's message it does nothing: `TopicClassifier` has it encoded where it needs that.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {**DenseFeaturizer.get_default_config(), "cache": "var/cache/vectors.npz"}

    @classmethod
    def required_components(cls) -> list[type]:
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(execution_context.node_name, config, open_encoder())

    def __init__(self, name: str, config: dict[str, Any], encoder: SentenceEncoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the cache path may be new."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        with VectorCache(Path(self._config["cache"]), self._encoder) as cache:
            # No head reads the vector of a line that is a part of another.
            lines = [m for m in training_data.training_examples if m.get(TEXT) and not is_part(m)]
            for message, vector in zip(lines, cache.vectors([message.get(TEXT) for message in lines])):
                self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        return messages

    def _add(self, message: Message, vector: NDArray[Any]) -> None:
        message.add_features(Features(vector[None], FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
