"""What training costs: ours from nothing and after a small change, in a folder of its own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from bench.cost import Cost, run
from bot.training import RASA_PYTHON, ROOT
from settings import Settings

_LINKED = ("config.yml", "domain.yml", "content")
_NEW_LINE = "    - mag ik met deze rug naar de braderie\n"  # any line that is not in the data


def ours(settings: Settings, folder: Path) -> tuple[Cost, Cost]:
    """Training with no cache at all (the encoder is converted too), then again after one new line.

    Raises CalledProcessError; the output of both is in `folder`.
    """
    folder.mkdir(parents=True)
    for name in _LINKED:
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "data", folder / "data")
    environment = {
        **os.environ,
        **settings.process_environment(),
        "PYTHONPATH": str(ROOT),
        "RUGGESTEUN_ENCODER_DIR": str(folder / "var" / "encoder"),
        "OMP_NUM_THREADS": "2",
        "OPENBLAS_NUM_THREADS": "2",
    }
    command = [str(RASA_PYTHON), "-W", "ignore", "-m", "engine.train", "models"]
    cold = run(command, folder, environment, folder / "cold.log")
    changed = folder / "data" / "nlu" / "bewegen.yml"
    lines = changed.read_text(encoding="utf-8").splitlines(keepends=True)
    first = next(index for index, line in enumerate(lines) if line.startswith("    - "))
    changed.write_text("".join([*lines[:first], _NEW_LINE, *lines[first:]]), encoding="utf-8")
    warm = run(command, folder, environment, folder / "warm.log")
    return cold, warm
