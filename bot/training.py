"""Train when, and only when, something the model is made from has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from settings import Settings

ROOT = Path(__file__).resolve().parents[1]
RASA_PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
_INPUTS = (
    "config.yml",
    "domain.yml",
    "data",
    "engine/nlu",
    "engine/encoder",
    "engine/dutch.py",
    "alarm/words.py",
    "requirements/rasa.lock",
)


class TrainingFailed(RuntimeError):
    """Rasa could not train; the message is the end of what it printed."""


def inputs_digest() -> str:
    """One digest over everything the model is made from."""
    digest = hashlib.sha256()
    for name in _INPUTS:
        path = ROOT / name
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    # Another spaCy pipeline gives other lemmas.
    digest.update(
        str(sorted(path.name for path in RASA_PYTHON.parents[1].glob("lib/*/site-packages/nl_core_news_sm*"))).encode()
    )
    return digest.hexdigest()


def is_trained(settings: Settings) -> bool:
    """Whether the model is there and made from the inputs as they are now."""
    mark = settings.model.with_suffix(".inputs")
    return settings.model.is_file() and mark.is_file() and mark.read_text() == inputs_digest()


def train(settings: Settings, log: Path) -> None:
    """Train; Rasa's output goes to `log`. Raises TrainingFailed. The old model stays until the new one is whole."""
    before = inputs_digest()
    draft = settings.var.resolve() / "training"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Training uses both cores where serving keeps to one.
    environment = {**os.environ, **settings.process_environment(), "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    environment["RUGGESTEUN_ENCODER_DIR"] = str((settings.var / "encoder").resolve())
    with log.open("w", encoding="utf-8") as file:
        result = subprocess.run(
            [str(RASA_PYTHON), "-W", "ignore", "-m", "engine.train", str(draft)],
            cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if result.returncode != 0:
        raise TrainingFailed("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]))
    settings.model.parent.mkdir(parents=True, exist_ok=True)
    (draft / settings.model.name).replace(settings.model)
    settings.model.with_suffix(".inputs").write_text(before)
