"""Start without the libraries that this bot never uses: TensorFlow, the other channels, the test reports.

Rasa 3.6.21 imports all of them whatever the configuration names; most are not even installed here
(requirements/rasa.overrides). Without them Rasa's process takes 595 MB in place of
887 at start, and 14.6 s of processor in place of 26.0 until it is ready (both measured on a busy machine).

How: a finder in front of `sys.meta_path` says that TensorFlow is not installed, and hands out stand-ins for the few
modules of Rasa that import it, or another large library, at their top. A stand-in has every name; each is a class that
raises `LeftOut` as soon as something is really done with it. A configuration that names a component outside
`COMPONENTS` (DIET, say) switches all this off, and needs an environment of its own (bench/stock.lock).
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import MutableSequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

# Said not to be installed. What can do without (thinc, for one) then does.
WITHHELD = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "keras", "jax"})
# Import one of WITHHELD or another large library.
ALWAYS = frozenset(
    {
        "boto3",
        "boto3.dynamodb",
        "boto3.dynamodb.conditions",
        "botocore",
        "botocore.exceptions",
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.nlu.featurizers.dense_featurizer.lm_featurizer",
        "rasa.nlu.selectors.response_selector",
        "rasa.utils.plotting",
        "rasa.utils.tensorflow.callback",
        "rasa.utils.tensorflow.data_generator",
        "sanic.server.protocols.websocket_protocol",  # these two import websockets, of which no wheel fits
        "sanic.server.websockets.impl",
        *(
            f"rasa.core.channels.{name}"
            for name in (
                *("botframework", "callback", "console", "facebook", "hangouts", "mattermost", "rasa_chat"),
                *("rocketchat", "slack", "socketio", "telegram", "twilio", "twilio_voice", "webexteams"),
            )
        ),
    }
)
# Reports and cross-validation; RulePolicy uses the first while it trains.
SERVING = frozenset({"rasa.core.test", "rasa.nlu.test"})
# Rasa's own components that need none of this: where each is.
COMPONENTS = {
    "EntitySynonymMapper": "rasa.nlu.extractors.entity_synonyms",
    "FallbackClassifier": "rasa.nlu.classifiers.fallback_classifier",
    "RegexEntityExtractor": "rasa.nlu.extractors.regex_entity_extractor",
    "RulePolicy": "rasa.core.policies.rule_policy",
}
REGISTRY = "rasa.engine.recipes.default_components"
_NAME = re.compile(r"^\s*-\s*name:\s*[\"']?([\w.]+)", re.MULTILINE)


class LeftOut(RuntimeError):
    """Something was used that `light_imports` left out."""


class _Names(type):
    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent

    def __call__(cls, *_: Any, **__: Any) -> Any:
        raise LeftOut("not loaded, to save memory: add it to engine/patches/light_imports.py")


class Absent(metaclass=_Names):
    """Stands for anything of a module that was left out: can be named, subclassed and imported, not used."""

    @staticmethod
    def name() -> str:
        """Rasa asks every channel class for its name."""
        return "absent"


class AbsentError(Exception):
    """Stands for any exception of a module that was left out: it can be named in an `except`, and never comes."""


class StandIn(ModuleType):
    """A module in which every name is `Absent`, or `AbsentError` where it is the name of an exception."""

    __path__: MutableSequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return AbsentError if name.endswith(("Error", "Exception")) else Absent


class _StandInLoader(Loader):
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _RegistryLoader(_StandInLoader):
    """In place of Rasa's list of all components: importing a component registers it."""

    def exec_module(self, module: ModuleType) -> None:
        parts = {name: getattr(importlib.import_module(where), name) for name, where in COMPONENTS.items()}
        module.__dict__.update(parts, DEFAULT_COMPONENTS=list(parts.values()))


class _Finder(MetaPathFinder):
    def __init__(self, stand_ins: frozenset[str]) -> None:
        self._stand_ins = stand_ins

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name.partition(".")[0] in WITHHELD:
            raise ModuleNotFoundError(f"{name} is left out by engine/patches/light_imports.py", name=name)
        if name == REGISTRY:
            return ModuleSpec(name, _RegistryLoader())
        return ModuleSpec(name, _StandInLoader()) if name in self._stand_ins else None


def apply(serving: bool, config: Path = Path("config.yml")) -> bool:
    """Install the finder, unless `config` names a component of Rasa outside COMPONENTS; whether it was installed.

    Raises LeftOut when Rasa has been imported already, as it would then be too late.
    """
    named = {name for name in _NAME.findall(config.read_text(encoding="utf-8")) if "." not in name}
    if not named <= COMPONENTS.keys():
        return False
    if "rasa" in sys.modules:
        raise LeftOut("light_imports.apply() has to come before the first import of Rasa")
    sys.meta_path.insert(0, _Finder(ALWAYS | SERVING if serving else ALWAYS))
    return True
