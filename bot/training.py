"""Train when, and only when, something the model is made from has changed."""

from __future__ import annotations

import hashlib
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

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


_MARK = "progress: "  # engine/progress.py
_SILENCE = 30.0  # seconds without a line before it is said that the training goes on


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


def train(settings: Settings, log: Path, tell: Callable[[str], None] = lambda line: None) -> None:
    """Train; Rasa's output goes to `log`, and what it is doing to `tell`, a line at least every half minute.

    Raises TrainingFailed. The old model stays until the new one is whole.
    """
    before = inputs_digest()
    draft = settings.var.resolve() / "training"
    log.parent.mkdir(parents=True, exist_ok=True)
    # Training uses both cores where serving keeps to one.
    environment = {**os.environ, **settings.process_environment(), "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    environment["RUGGESTEUN_ENCODER_DIR"] = str((settings.var / "encoder").resolve())
    with log.open("w", encoding="utf-8") as file:
        code = follow([str(RASA_PYTHON), "-W", "ignore", "-m", "engine.train", str(draft)], environment, file, tell)
    if code != 0:
        raise TrainingFailed("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]))
    settings.model.parent.mkdir(parents=True, exist_ok=True)
    (draft / settings.model.name).replace(settings.model)
    settings.model.with_suffix(".inputs").write_text(before)


def follow(command: list[str], environment: dict[str, str], log: IO[str], tell: Callable[[str], None]) -> int:
    """Run a command to its end: all that it prints goes to `log`, its lines of progress to `tell`. Its exit code."""
    started = time.monotonic()
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        threading.Thread(target=_read, args=(process, lines), daemon=True).start()
        last = "starting Rasa"
        tell(last)
        try:
            while True:
                try:
                    line = lines.get(timeout=_SILENCE)
                except queue.Empty:
                    tell(f"{last} (still busy, {time.monotonic() - started:.0f} s in all)")
                    continue
                if line is None:
                    break
                log.write(line)
                log.flush()
                if line.startswith(_MARK):
                    last = line.removeprefix(_MARK).strip()
                    tell(last)
        except BaseException:
            process.terminate()
            raise
    return process.returncode


def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)
