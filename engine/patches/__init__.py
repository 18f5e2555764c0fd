"""Changes to Rasa 3.6.21 that a configuration cannot make: one module each, saying what it mends and what it gained.

`light_imports.apply()` comes before the first import of Rasa, `apply()` after it. engine/tests/test_patches.py fails
when the code of Rasa under a patch is no longer the code it was written for. Figures: docs/decisions/0012-speed.md.
"""

from __future__ import annotations

RASA_VERSION = "3.6.21"


def apply() -> None:
    """Patch this process for serving. Imports Rasa."""
    from engine.patches import (
        action_call,
        action_result,
        debug_copies,
        event_types,
        graph_run,
        rule_lookup,
        unseen_features,
    )

    for patch in (action_call, action_result, debug_copies, event_types, graph_run, rule_lookup, unseen_features):
        patch.apply()
