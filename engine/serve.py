"""Run Rasa: `python -m engine.serve MODEL PORT`, on loopback, with the patches and without its HTTP API."""

from __future__ import annotations

import sys

from engine.patches import light_imports
from engine.quiet import be_quiet


def main() -> None:
    """Load the model and listen on 127.0.0.1."""
    be_quiet()
    light_imports.apply(serving=True)
    model, port = sys.argv[1], int(sys.argv[2])
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    from engine import patches

    patches.apply()
    serve_application(
        model_path=model,
        interface="127.0.0.1",
        port=port,
        credentials="credentials.yml",
        endpoints=AvailableEndpoints.read_endpoints("endpoints.yml"),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
