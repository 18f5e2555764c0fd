"""The stock set-up beside which ours is measured: Rasa's default pipeline on our training data.

Stock means: DIETClassifier, ResponseSelector, TEDPolicy, MemoizationPolicy and RulePolicy with their defaults, the REST
channel, the tracker store in memory, and rasa-sdk's own server with an action that answers the same text.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from bench.cost import Cost, run
from bot.system import free_port
from bot.training import RASA_PYTHON, ROOT
from content import Library

FILES = Path(__file__).parent / "stock_rasa"
DIET_EPOCHS = 100  # Rasa's default: hours on two cores with our lines
_RASA = (str(RASA_PYTHON), "-W", "ignore", "-m", "rasa")
READY_SECONDS = 900  # seconds on a busy machine; a minute on a quiet one


@dataclass(frozen=True)
class Stock:
    """A running stock set-up. `pids` are its two processes, `cold_start` the seconds until its first answer."""

    url: str
    pids: tuple[int, ...]
    cold_start: float


def _environment() -> dict[str, str]:
    return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_HOST": "127.0.0.1"}


def build(folder: Path, diet_epochs: int = DIET_EPOCHS) -> None:
    """Write the project into a new folder: our data and domain, stock configuration, our texts as answers.

    Fewer `diet_epochs` make the training shorter and its answers worse, and change nothing in the cost of a message.
    """
    folder.mkdir(parents=True)
    shutil.copy(FILES / "actions.py", folder / "actions.py")
    configuration = (FILES / "config.yml").read_text(encoding="utf-8")
    (folder / "config.yml").write_text(configuration.replace("{diet_epochs}", str(diet_epochs)), encoding="utf-8")
    shutil.copy(ROOT / "domain.yml", folder / "domain.yml")
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "data" / "stories" / "verhalen.yml").write_text(_stories(), encoding="utf-8")
    (folder / "answers.json").write_text(json.dumps(_answers(), ensure_ascii=False), encoding="utf-8")
    (folder / "credentials.yml").write_text("rest:\n")


def digest(diet_epochs: int) -> str:
    """Changes when what the stock model is made from changes."""
    found = hashlib.sha256(f"{diet_epochs}".encode())
    files = [FILES / "config.yml", ROOT / "domain.yml", *(ROOT / "data").rglob("*.yml")]
    for path in sorted(files):
        found.update(path.read_bytes())
    return found.hexdigest()


def _stories() -> str:
    """The rules once more as stories, one an intent: TEDPolicy learns from stories only, and we have none."""
    rules = yaml.safe_load((ROOT / "data/stories/regels.yml").read_text(encoding="utf-8"))["rules"]
    stories = []
    for rule in rules:
        asked, *rest = rule["steps"]
        for step in asked.get("or", [asked]):
            if step["intent"] != "nlu_fallback":
                stories.append({"story": f"verhaal {step['intent']}", "steps": [step, *rest]})
    return str(yaml.safe_dump({"version": "3.1", "stories": stories}, allow_unicode=True))


def _answers() -> dict[str, str]:
    library = Library.load(ROOT / "content")
    practice = library.practices["demo"]
    texts = {f"vraag_{name}": practice.fill(topic.answer) for name, topic in library.topics.items()}
    texts |= {name: practice.fill(wordings[0]) for name, wordings in library.smalltalk.items()}
    return {name: "\n\n".join(paragraphs) for name, paragraphs in texts.items()}


def train(folder: Path) -> Cost:
    """Train from nothing. Raises CalledProcessError."""
    shutil.rmtree(folder / ".rasa", ignore_errors=True)
    return run([*_RASA, "train", "--fixed-model-name", "stock"], folder, _environment(), folder / "train.log")


def epoch_seconds(folder: Path) -> float | None:
    """Seconds an epoch of DIET took, as its progress bar says; None when the log of the training has none."""
    log = (folder / "train.log").read_text(encoding="utf-8", errors="replace")
    found = re.search(r"Epochs: 100%\|[^|]*\| (\d+)/\1 \[(?:(\d+):)?(\d+):(\d+)<", log)
    if found is None:
        return None
    epochs, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return (hours * 3600 + minutes * 60 + seconds) / epochs


def model(folder: Path) -> Path:
    """The trained model of a project."""
    return folder / "models" / "stock.tar.gz"


@contextmanager
def running(folder: Path) -> Iterator[Stock]:
    """Start the two processes and wait for a first answer. Raises TimeoutError."""
    port, actions_port = free_port(), free_port()
    (folder / "endpoints.yml").write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n")
    actions = [str(RASA_PYTHON), "-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]
    rasa = [*_RASA, "run", "-m", str(model(folder)), "--port", str(port), "-i", "127.0.0.1"]
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    started = time.monotonic()
    with (folder / "run.log").open("wb") as log:
        processes = [
            subprocess.Popen(command, cwd=folder, env=_environment(), stdout=log, stderr=log)
            for command in (actions, rasa)
        ]
    try:
        _wait(url, processes)
        yield Stock(url, tuple(process.pid for process in processes), time.monotonic() - started)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("a process of the stock set-up stopped; see run.log in its folder")
        try:
            answer = httpx.post(url, json={"sender": "first", "message": "mag ik sporten?"}, timeout=60)
            if answer.status_code == 200 and answer.json():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the stock set-up did not answer")
