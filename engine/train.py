"""Train the model: `python -m engine.train OUTPUT_FOLDER`. Prints the path of the model."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from engine import progress
from engine.patches import light_imports
from engine.quiet import be_quiet

CACHE = Path("var/cache/rasa")
ROOT = Path(__file__).resolve().parents[1]
CODE = (
    "engine/nlu",
    "engine/encoder",
    "engine/dutch.py",
    "engine/dialogue",
    "alarm/words.py",
    "requirements/rasa.lock",
)


def keep_cache_of_this_code() -> None:
    """Have Rasa cache what it trained for this code alone.

    It takes a component for the same when its class and settings are, whatever has changed in the module around it.
    """
    digest = hashlib.sha256()
    for name in CODE:
        for path in sorted((ROOT / name).rglob("*.py")) or [ROOT / name]:
            digest.update(path.read_bytes())
    mine = CACHE / digest.hexdigest()[:16]
    for other in CACHE.glob("*"):
        if other != mine and other.is_dir():
            shutil.rmtree(other)
    mine.mkdir(parents=True, exist_ok=True)
    os.environ["RASA_CACHE_DIRECTORY"] = str(mine)


def main() -> None:
    """Train on config.yml, domain.yml and data/ of the working folder."""
    be_quiet()
    progress.speak()
    keep_cache_of_this_code()  # before Rasa is imported
    light_imports.apply(serving=False)
    from rasa.api import train

    from engine.patches import model_package

    model_package.apply()
    progress.say("reading the training data")
    output = Path(sys.argv[1])
    result = train("domain.yml", "config.yml", "data", output=str(output), fixed_model_name="ruggesteun")
    if result.code != 0 or result.model is None:
        sys.exit(result.code or 1)
    print(result.model)


if __name__ == "__main__":
    main()
