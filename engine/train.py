"""Train the model: `python -m engine.train OUTPUT_FOLDER`. Prints the path of the model."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.patches import light_imports
from engine.quiet import be_quiet


def main() -> None:
    """Train on config.yml, domain.yml and data/ of the working folder."""
    be_quiet()
    light_imports.apply(serving=False)
    from rasa.api import train

    output = Path(sys.argv[1])
    result = train("domain.yml", "config.yml", "data", output=str(output), fixed_model_name="ruggesteun")
    if result.code != 0 or result.model is None:
        sys.exit(result.code or 1)
    print(result.model)


if __name__ == "__main__":
    main()
