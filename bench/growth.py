"""How cost grows: twice the intents and twice the lines (in the classifier), ten times the content, 1,000 practices.

The model grows from half to the whole of our real data: made-up lines would be too much alike.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from bench import measures, processes, sides
from bot.training import RASA_PYTHON, ROOT
from settings import Settings

PRACTICES = 1_000
CONTENT = 10


@dataclass(frozen=True)
class Served:
    """One size of content: milliseconds of a message, MB of all processes, seconds to the first answer."""

    p50: float
    cpu: float
    memory: float
    cold_start: float


def model() -> dict[str, dict[str, float]]:
    """Seconds to fit and milliseconds to score at half and whole size, from engine/growth.py in Rasa's Python."""
    command = [str(RASA_PYTHON), "-W", "ignore", "-m", "engine.growth"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def content(settings: Settings, lines: list[str], folder: Path) -> dict[str, dict[str, float]]:
    """Our system with the content as it is, with ten times the topics, and with 1,000 practices."""
    plain = folder / "plain"
    shutil.copytree(ROOT / "content", plain, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    topics, practices = folder / "topics", folder / "practices"
    shutil.copytree(plain, topics)
    shutil.copytree(plain, practices)
    for path in sorted((plain / "topics").glob("*.yml")):
        _copies(path, topics / "topics", CONTENT - 1, "_")
    _copies(plain / "practices" / "demo.yml", practices / "practices", PRACTICES, "-")
    sizes = {"as it is": plain, "content x 10": topics, "1,000 practices": practices}
    return {name: asdict(_serve(settings, root, lines)) for name, root in sizes.items()}


def _copies(path: Path, target: Path, count: int, link: str) -> None:
    text = path.read_text(encoding="utf-8")
    for number in range(count):
        name = f"{path.stem}{link}{number}"
        (target / f"{name}.yml").write_text(text.replace(f"id: {path.stem}\n", f"id: {name}\n", 1), encoding="utf-8")


def _serve(settings: Settings, root: Path, lines: list[str]) -> Served:
    with sides.ours(settings, content=root) as side:
        times = measures.latency([side], lines, rounds=4, each=50)["ours"]
        return Served(times.p50, times.cpu, processes.megabytes(side.pids), side.cold_start)
