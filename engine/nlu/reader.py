"""What a message says, as far as it was learned: its topic, the alarm it holds, its act, whether it goes on.

For each task several linear heads on different views (`engine.nlu.linear`) are mixed. The light heads read characters
and words only and answer by themselves where they are sure and calm; lemmas and the sentence vector cost ten times as
much. What was measured against what: docs/decisions/0005-classifier.md and 0012-speed.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.nlu.tokenizers.tokenizer import Token
from scipy.sparse import csr_matrix, hstack

from alarm.words import fold
from engine.nlu.context import SHORT, Staying, alone
from engine.nlu.labels import CALM, QUESTION, Line
from engine.nlu.linear import CHARS, LEMMAS, VECTOR, WORDS, Features, Head, Seen, Task, fit_head, mixed
from engine.progress import counted, say

_BESIDE = ThreadPoolExecutor(1, "encoder")
LEAST_OF_CLASS = 6  # lines of an alarm class; a rarer one is learned as its group's commonest level
WITH_QUESTION = 6_000  # ordinary lines that teach the act "vraag": all of them would drown the other acts
LIGHT = (CHARS, WORDS)
# The heads: task, views and C of each. For alarms the sentence vector counts only where most words are unknown: of a
# Dutch story it hears the tone, and took harmless ones for alarms (docs/decisions/0005-classifier.md); but it knows
# other languages, of which the words are not known.
HEADS: dict[str, tuple[str, tuple[str, ...], float]] = {
    "topic": ("intents", LIGHT, 0.5),
    "topic_lemmas": ("intents", (LEMMAS,), 0.7),
    "topic_vector": ("intents", (VECTOR,), 5.0),
    "alarm": ("alarms", LIGHT, 0.5),
    "alarm_words": ("alarms", (WORDS,), 1.0),
    "alarm_lemmas": ("alarms", (LEMMAS,), 1.0),
    "alarm_vector": ("alarms", (VECTOR,), 5.0),
    "act": ("acts", LIGHT, 0.5),
}
# Shares of the heads where all are asked. PARTS is the light topic head on the parts of the message, their mean.
PARTS = 0.2
TOPIC = {"topic": 0.4, "topic_lemmas": 0.2, "topic_vector": 0.2}
ALARM = {"alarm": 0.34, "alarm_words": 0.33, "alarm_lemmas": 0.33}
ALARM_FOREIGN = {"alarm": 0.2, "alarm_vector": 0.8}
KNOWN = 0.86  # share of the words that have to be known for a message to be read as Dutch
ALARM_LIGHT = {"alarm": 0.5, "alarm_words": 0.5}


@dataclass(frozen=True)
class Reading:
    """Probabilities by class of each task; `alarms` has "<level>:<group>" and CALM."""

    intents: NDArray[Any]
    alarms: NDArray[Any]
    acts: NDArray[Any]
    seen: Seen  # the light views, for `Reader.goes_on`


@dataclass
class Reader:
    """The heads by name, as HEADS names them. `sure_above` and `calm_above` are probabilities of the light heads."""

    features: Features
    heads: dict[str, Head]
    staying: Staying
    sure_above: float
    calm_above: float

    def __post_init__(self) -> None:
        self.intents = self.heads["topic"].classes
        self.alarms = self.heads["alarm"].classes
        self.acts = self.heads["act"].classes
        self._at = {name: i for i, name in enumerate(self.intents)}
        self._calm = self.alarms.index(CALM)

    def read(
        self,
        text: str,
        words: list[Token],
        vector: Callable[[str], NDArray[Any]],
        parts: Sequence[Reading] = (),
        *,
        careful: bool = False,
    ) -> Reading:
        """Read a message. `vector` gives its sentence vector, `parts` are readings of its parts at first sight.

        With `careful` it is not left to the light heads.
        """
        first = self.at_first_sight(text, words)
        if not careful and first.intents.max() >= self.sure_above and first.alarms[self._calm] >= self.calm_above:
            return first
        # The encoder works outside Python's lock, so the lemmas cost no time beside it.
        encoding = _BESIDE.submit(vector, text)
        lemmas = self.features.weigh(LEMMAS, lemmas_of(words))
        seen = {**first.seen, LEMMAS: lemmas, VECTOR: self.features.vector(encoding.result())}
        logs = [self.heads[name].logs(seen) for name in TOPIC]
        of_parts = np.mean([part.intents for part in parts], axis=0) if parts else first.intents
        intents = mixed([*logs, np.log(of_parts + 1e-9)], [*TOPIC.values(), PARTS])
        known = self.features.known(WORDS, words_of(words))
        alarms = self._mixed(ALARM if known >= KNOWN else ALARM_FOREIGN, seen)
        return Reading(intents, alarms, first.acts, first.seen)

    def at_first_sight(self, text: str, words: list[Token]) -> Reading:
        """By the light heads alone: of a part, or before the dear ones are asked."""
        seen = {CHARS: self.features.weigh(CHARS, fold(text)), WORDS: self.features.weigh(WORDS, words_of(words))}
        intents, acts = (np.exp(self.heads[name].logs(seen)) for name in ("topic", "act"))
        return Reading(intents, self._mixed(ALARM_LIGHT, seen), acts, seen)

    def _mixed(self, shares: Mapping[str, float], seen: Seen) -> NDArray[Any]:
        return mixed([self.heads[name].logs(seen) for name in shares], list(shares.values()))

    def goes_on(self, reading: Reading, running: str, count: int) -> float:
        """Probability that a message of `count` words is about the running intent; 0 for one that is not SHORT."""
        if count > SHORT or running not in self._at:
            return 0.0
        return self.staying.probability(reading.seen, _alone(reading.intents, self._at[running], count))

    def in_context(self, intents: NDArray[Any], running: str, stays: float) -> NDArray[Any]:
        """The probabilities of intents, with that of the running one set to `stays`."""
        at = self._at[running]
        rest = intents.copy()
        rest[at] = 0
        rest *= (1 - stays) / max(float(rest.sum()), 1e-9)
        rest[at] = stays
        return rest

    def save(self, folder: Path) -> None:
        """Write all of it into a folder."""
        self.features.save(folder)
        self.staying.save(folder)
        for name, head in self.heads.items():
            head.save(folder, name)

    @classmethod
    def load(cls, folder: Path, sure_above: float, calm_above: float) -> Reader:
        """Read what `save` wrote. Raises FileNotFoundError."""
        heads = {name: Head.load(folder, name) for name in HEADS}
        return cls(Features.load(folder), heads, Staying.load(folder), sure_above, calm_above)


def fit(
    lines: Sequence[Line], views: Sequence[Mapping[str, str]], vectors: NDArray[Any], config: Mapping[str, Any]
) -> Reader:
    """Train all heads. `views` as `views_of` gives them; `vectors` is (lines, 384), zeros for a line that is a part."""
    say(f"fitting: the features of {len(lines):,} lines")
    features, matrices = Features.fit(views, vectors)
    held_out = np.random.default_rng(0).random(len(lines)) < config["calibration_share"]
    tasks = {"intents": _intents(lines, config["also_weight"]), "alarms": _alarms(lines), "acts": _acts(lines)}
    with ThreadPoolExecutor(2) as pool:  # liblinear works outside Python's lock
        made = pool.map(lambda head: fit_head(matrices, head[1], tasks[head[0]], head[2], held_out), HEADS.values())
        heads = {name: head for head, name in zip(counted(made, len(HEADS), "fitting", "heads"), HEADS)}
    say("fitting: what goes on with a subject")
    light = hstack([matrices[view] for view in LIGHT]).tocsr()
    staying = _staying(lines, views, light, heads["topic"], held_out)
    return Reader(features, heads, staying, config["sure_above"], config["calm_above"])


def _task(labels: Sequence[tuple[int, str, float]]) -> Task:
    rows, classes, weights = zip(*labels)
    return Task(np.array(rows), np.array(classes), np.array(weights, dtype=np.float64))


def _intents(lines: Sequence[Line], also_weight: float) -> Task:
    """A second subject counts as a line of that intent too, with less weight. A follow-up says no intent by itself."""
    labels = []
    for row, line in enumerate(lines):
        if line.intent is None or line.act == "vervolg":
            continue
        labels.append((row, line.intent, 1.0))
        if line.also is not None and line.also != line.intent:
            labels.append((row, line.also, also_weight))
    return _task(labels)


def _alarms(lines: Sequence[Line]) -> Task:
    count: dict[str, int] = {}
    for line in lines:
        count[line.alarm] = count.get(line.alarm, 0) + 1
    commonest: dict[str, str] = {}
    for name in sorted(count, key=lambda name: count[name]):
        commonest[name.partition(":")[2]] = name
    names = [x.alarm if count[x.alarm] >= LEAST_OF_CLASS else commonest[x.alarm.partition(":")[2]] for x in lines]
    return _task([(row, name, 1.0) for row, name in enumerate(names) if count[name] >= LEAST_OF_CLASS])


def _acts(lines: Sequence[Line]) -> Task:
    told = [(row, line.act, 1.0) for row, line in enumerate(lines) if line.act and line.act != "vraag"]
    asked = [(row, line.act, 1.0) for row, line in enumerate(lines) if line.act == "vraag"]
    return _task([*told, *Random(0).sample(asked, min(len(asked), WITH_QUESTION))])


def _staying(
    lines: Sequence[Line],
    views: Sequence[Mapping[str, str]],
    light: csr_matrix,
    topic: Head,
    held_out: NDArray[Any],
) -> Staying:
    """Learned from what people typed after an answer, and from short ordinary lines put after any answer.

    Of those only such as `topic` has not seen: of a line that it knows it is too sure.
    """
    random = Random(0)
    asked = [line.intent for line in lines if line.intent and line.intent.startswith(QUESTION)]
    at = {name: i for i, name in enumerate(topic.classes)}
    weights = np.vstack([topic.weights[view] for view in LIGHT]).astype(np.float32)
    rows, dense, stays = [], [], []

    def add(row: int, running: str, stayed: bool) -> None:
        if running not in at:
            return
        scores = (np.asarray(light[row] @ weights).ravel() + topic.bias) * topic.temperature
        chances = np.exp(scores - scores.max())
        rows.append(row)
        dense.append(_alone(chances / chances.sum(), at[running], len(views[row][WORDS].split())))
        stays.append(stayed)

    for row, line in enumerate(lines):
        if line.running is not None and line.act == "vervolg":
            add(row, line.running, line.intent == line.running)
        elif held_out[row] and line.intent and not line.running and len(views[row][WORDS].split()) <= SHORT:
            running = random.choice(asked)
            add(row, running, line.intent == running)
    if not any(stays) or all(stays):  # no follow-ups in the data: nothing goes on
        return Staying({view: np.zeros(len(topic.weights[view]), dtype=np.float32) for view in LIGHT}, np.zeros(4), -20)
    sizes = {view: len(topic.weights[view]) for view in LIGHT}
    return Staying.fit(light[rows], sizes, np.stack(dense), stays)


def _alone(intents: NDArray[Any], at: int, count: int) -> NDArray[Any]:
    best = float(np.max(np.delete(intents, at), initial=0.0))
    return alone(float(intents[at]), best, count)


def views_of(text: str, words: list[Token]) -> dict[str, str]:
    """What the text views of a line are."""
    return {CHARS: fold(text), WORDS: words_of(words), LEMMAS: lemmas_of(words)}


def words_of(found: list[Token]) -> str:
    """The words of a line with spaces between."""
    return " ".join(fold(token.text) for token in found)


def lemmas_of(found: list[Token]) -> str:
    """The dictionary forms of its words."""
    return " ".join(fold(token.lemma) for token in found if token.text[0].isalnum())
