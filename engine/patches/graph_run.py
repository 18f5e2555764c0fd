"""Run the prediction graph node after node, in an order worked out once.

Rasa 3.6.21 builds a dask graph anew at each run, three runs a message (understand, act, listen), and hands it to dask's
scheduler for threads, with a queue and a pool for one node at a time: 7 % of a message's time.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

_Inputs = dict[str, Any]


def _order(schema: GraphSchema, targets: list[str]) -> list[str]:
    """The nodes that the targets need, each behind what it needs itself. Names of inputs are left out."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered or name not in schema.nodes:
            return
        for needed in schema.nodes[name].needs.values():
            visit(needed)
        ordered[name] = None

    for target in targets:
        visit(target)
    return list(ordered)


def run(self: DaskGraphRunner, inputs: _Inputs | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """As Rasa's: the output of each target by name. Raises GraphRunError."""
    wanted = targets or self._graph_schema.target_names
    given = inputs or {}
    for name, value in given.items():
        if isinstance(value, str) and value in self._graph_schema.nodes:
            raise GraphRunError(f"Input value '{value}' of '{name}' clashes with a node name.")
    orders: dict[tuple[str, ...], list[str]] = self.__dict__.setdefault("_orders", {})
    order = orders.get(tuple(wanted))
    if order is None:
        order = orders[tuple(wanted)] = _order(self._graph_schema, wanted)
    results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in given.items()}
    try:
        for name in order:
            if name not in results:  # an input with the name of a node stands in for it
                needs = self._graph_schema.nodes[name].needs.values()
                # A name without output is passed on as it is: the node says which input is missing.
                results[name] = self._instantiated_nodes[name](*(results.get(need, need) for need in needs))
        return dict(results[name] for name in wanted)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error


def apply() -> None:
    """Patch this process. Only for serving: in training nodes may be many and large, and dask lets go of them."""
    DaskGraphRunner.run = run
