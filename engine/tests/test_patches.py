"""The patches do what Rasa's own code does, and fail here as soon as that code changes."""

from __future__ import annotations

import ast
import asyncio
import hashlib
import inspect
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import jsonschema
import pytest
import rasa
from aiohttp import web
from aiohttp.test_utils import TestServer
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import rule_policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.patches import (
    RASA_VERSION,
    action_call,
    action_result,
    debug_copies,
    event_types,
    graph_run,
    model_package,
    rule_lookup,
)
from engine.patches.light_imports import COMPONENTS

# sha256 of the source under each patch, as it stands in Rasa 3.6.21. When one of these fails, read what changed, mend
# the patch or drop it, and put the new digest here.
REPLACED: list[tuple[Callable[..., Any], str]] = [
    (RemoteAction._validate_action_result, "f8cdb4be68123961"),
    (RemoteAction._action_call_format, "428795b944f22edb"),
    (RemoteAction.run, "ccabf6f1160d527a"),
    (EndpointConfig.request, "ccdb778aed8208e2"),
    (EndpointConfig.session, "e55aa13d9d4fb4bc"),
    (Event.resolve_by_type, "b5cf570fa7f286c7"),
    (DaskGraphRunner.run, "45f0f52f574f3aa9"),
    (LocalModelStorage.create_model_package, "160e32783576d3df"),
    (processor.MessageProcessor._check_for_unseen_features, "286ab49de966bc0e"),
    (RulePolicy._get_possible_keys, "2915fd81711e194c"),
    (RulePolicy._is_rule_applicable, "64a108b016b46e57"),
    (RulePolicy._does_rule_match_state, "d3109c1a97de319c"),
]


def digest(function: Callable[..., Any]) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16]


def test_the_version_is_the_one_the_patches_are_for() -> None:
    assert rasa.__version__ == RASA_VERSION


@pytest.mark.parametrize(("function", "known"), REPLACED, ids=lambda value: getattr(value, "__qualname__", ""))
def test_what_is_replaced_has_not_changed(function: Callable[..., Any], known: str) -> None:
    assert digest(function) == known


# ---- action_result ----

ANSWERS: list[tuple[Any, bool]] = [
    ({}, True),
    ({"events": [], "responses": []}, True),
    ({"events": [{"event": "slot", "name": "topic", "value": "sport"}], "responses": [{"custom": {}}]}, True),
    ({"events": [{"event": "slot", "name": "shown", "value": {"a": 1}}]}, True),
    ({"events": [{"event": "action", "name": "action_listen"}]}, True),
    ({"events": [{"event": "slot"}]}, False),
    ({"events": [{"event": "no such event"}]}, False),
    ({"events": [{}]}, False),
    ({"events": [7]}, False),
    ({"events": [{"event": ["slot"]}]}, False),
    ({"events": {}}, False),
    ({"responses": ["text"]}, False),
    ([], False),
    (None, False),
]


@pytest.mark.parametrize(("answer", "good"), ANSWERS)
def test_an_action_result_is_judged_as_rasa_judges_it(answer: Any, good: bool) -> None:
    action = RemoteAction("action_answer", None)
    for check in (RemoteAction._validate_action_result, action_result._validate_action_result):
        if good:
            assert check(action, answer) is True
        else:
            with pytest.raises(jsonschema.ValidationError):
                check(action, answer)


# ---- event_types ----


def test_events_are_found_by_the_same_name() -> None:
    names = {cls.type_name for cls in rasa.shared.utils.common.all_subclasses(Event)}
    assert {"user", "bot", "action", "slot"} <= names
    for name in [*names, "topic"]:
        assert event_types.resolve_by_type(name) is Event.resolve_by_type(name)
    assert event_types.resolve_by_type("unknown", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="unknown"):
        event_types.resolve_by_type("unknown")


# ---- graph_run ----


class Adds:
    """Stands for a graph node: gives back its name and what it makes of its inputs."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name, self.log = name, log

    def __call__(self, *inputs: Any) -> tuple[str, Any]:
        self.log.append(self.name)
        return self.name, (self.name, *inputs)


def runner(needs: dict[str, list[str]], targets: list[str], log: list[str]) -> DaskGraphRunner:
    nodes = {
        name: SchemaNode(
            needs={f"input{i}": need for i, need in enumerate(of)},
            uses=Adds,
            constructor_name="create",
            fn="run",
            config={},
            is_target=name in targets,
        )
        for name, of in needs.items()
    }
    made = DaskGraphRunner.__new__(DaskGraphRunner)
    made._graph_schema = GraphSchema(nodes)
    made._instantiated_nodes = {name: Adds(name, log) for name in nodes}
    made._execution_context = SimpleNamespace()
    return made


DIAMOND = {
    "read": ["message"],
    "left": ["read"],
    "right": ["read", "tracker"],
    "join": ["left", "right"],
    "idle": ["read"],
}
INPUTS = {"message": ["hoi"], "tracker": "t"}


@pytest.mark.parametrize("targets", [None, ["join"], ["left"], ["join", "idle"], ["left", "right"]])
def test_a_graph_gives_what_dask_gives(targets: list[str] | None) -> None:
    ours, theirs = [], []  # type: list[str], list[str]
    found = graph_run.run(runner(DIAMOND, ["join"], ours), dict(INPUTS), targets)
    assert found == DaskGraphRunner.run(runner(DIAMOND, ["join"], theirs), dict(INPUTS), targets)
    assert sorted(ours) == sorted(theirs)  # each node once, and no other nodes


def test_a_second_run_takes_the_new_inputs() -> None:
    made = runner(DIAMOND, ["join"], [])
    graph_run.run(made, {"message": 1, "tracker": 2})
    assert graph_run.run(made, {"message": 3, "tracker": 4}) == DaskGraphRunner.run(made, {"message": 3, "tracker": 4})


def test_an_input_that_looks_like_a_node_is_refused() -> None:
    with pytest.raises(GraphRunError):
        graph_run.run(runner(DIAMOND, ["join"], []), {"message": "left", "tracker": 1})


def test_an_error_in_a_node_is_a_graph_error() -> None:
    made = runner(DIAMOND, ["join"], [])

    def fail(*_: Any) -> Any:
        raise RuntimeError("broken")

    made._instantiated_nodes["left"] = fail
    with pytest.raises(GraphRunError):
        graph_run.run(made, dict(INPUTS))


# ---- debug_copies ----


@pytest.mark.parametrize("module", [processor, rule_policy])
def test_copies_are_made_for_debug_lines_only(module: Any) -> None:
    tree = ast.parse(inspect.getsource(module))
    debug_lines = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "structlogger.debug"
    ]
    inside = {id(part) for line in debug_lines for part in ast.walk(line)}
    used = [
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("copy.")
    ]
    assert used, "nothing left to patch"
    assert all(id(node) in inside for node in used)
    assert module in debug_copies.MODULES


# ---- action_call ----

DOMAIN = Domain.load("domain.yml")


def call(handle: Any, seconds: float = 2.0) -> tuple[Any, list[Any]]:
    """Two calls of an action on a stand-in for the action server; the last answer, and the ports they came from."""

    async def work() -> tuple[Any, list[Any]]:
        ports: list[Any] = []

        async def remember(request: web.Request) -> web.StreamResponse:
            ports.append(request.transport.get_extra_info("peername")[1])  # type: ignore[union-attr]
            return await handle(request)  # type: ignore[no-any-return]

        app = web.Application()
        app.router.add_post("/webhook", remember)
        async with TestServer(app) as server:
            endpoint = EndpointConfig(str(server.make_url("/webhook")), headers={"X-Secret": "s"})
            try:
                session = action_call._session(endpoint)
                session._timeout = aiohttp.ClientTimeout(total=seconds)
                await action_call._request(endpoint, json={"a": 1}, method="post", timeout=300, compress=False)
                return await action_call._request(endpoint, json={"a": 2}), ports
            finally:
                await session.close()

    return asyncio.run(work())


def test_a_connection_is_kept_and_the_secret_goes_along() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.json_response({"got": await request.json(), "secret": request.headers["X-Secret"]})

    answer, ports = call(echo)
    assert answer == {"got": {"a": 2}, "secret": "s"}
    assert len(ports) == 2
    assert len(set(ports)) == 1


def test_an_error_of_the_action_server_is_rasas_own_error() -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"action_name": "x", "error": "nee"}, status=400)

    with pytest.raises(ClientResponseError) as caught:
        call(refuse)
    assert caught.value.status == 400
    assert "nee" in caught.value.text


def test_an_action_server_that_hangs_is_given_up() -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    with pytest.raises(aiohttp.ClientError):
        call(hang, seconds=0.1)


def test_the_body_is_rasas_but_for_the_domain_and_what_no_action_reads() -> None:
    said = [UserUttered("hoi", {"name": "groet"}), SlotSet("topic", "sport"), BotUttered("hallo")]
    tracker = DialogueStateTracker.from_events("a", [*said, UserUttered("dag", {"name": "groet"})], slots=DOMAIN.slots)
    action = RemoteAction("action_answer", EndpointConfig("http://x"))
    ours, theirs = action_call._action_call_format(action, tracker, DOMAIN), action._action_call_format(tracker, DOMAIN)
    assert ours.pop("domain") == {}
    assert theirs.pop("domain")
    events = [event for event in theirs["tracker"]["events"] if event["event"] in {"user", "bot"}]
    theirs["tracker"]["events"] = [{k: v for k, v in event.items() if k != "parse_data"} for event in events]
    assert ours == theirs
    assert ours["tracker"]["latest_message"]["intent"]["name"] == "groet"
    assert ours["tracker"]["slots"]["topic"] == "sport"


# ---- rule_lookup ----


LISTENED = {"prev_action": {"action_name": "action_listen"}}


def key(*states: dict[str, Any]) -> str:
    return json.dumps(states, sort_keys=True)


LOOKUP = {
    key({**LISTENED, "user": {"intent": "groet"}}): "action_smalltalk",
    key({**LISTENED, "user": {"intent": "should_not_be_set"}}): "action_suggest",
    key(LISTENED, {"prev_action": {"action_name": "action_smalltalk"}}): "action_listen",
    key({**LISTENED, "user": {"intent": "groet"}}, {"prev_action": {"action_name": "action_answer"}}): "action_listen",
    key({"user": {"intent": "groet"}}): "action_welcome",
    key({}, {**LISTENED, "slots": {"topic": [1.0]}}): "action_more",
    key({**LISTENED, "user": {"intent": "groet"}, "slots": {"topic": "should_not_be_set"}}): "action_first",
}
STATES: list[dict[str, Any]] = [
    {},
    {**LISTENED, "user": {"intent": "groet"}},
    {**LISTENED, "user": {"intent": "groet"}, "slots": {"topic": (1.0,)}},
    {**LISTENED, "user": {"intent": "bedankt"}},
    {"prev_action": {"action_name": "action_smalltalk"}, "user": {"intent": "groet"}},
    {"prev_action": {"action_name": "action_answer"}, "user": {"intent": "groet"}},
    {"user": {"intent": "groet"}},
]


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4])
def test_the_rules_that_fit_are_those_that_rasa_finds(length: int) -> None:
    policy = RulePolicy.__new__(RulePolicy)
    found = 0
    for states in itertools.product(STATES, repeat=length):
        ours = rule_lookup._get_possible_keys(policy, LOOKUP, list(states))
        assert ours == RulePolicy._get_possible_keys(policy, LOOKUP, list(states))
        found += bool(ours)
    assert found


# ---- model_package ----


def test_a_model_packed_fast_is_read_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(bytes(range(256)) * 400)
    with model_package.FastTar.open(tmp_path / "model.tar.gz", "w:gz") as packed:
        packed.add(tmp_path / "weights", arcname="weights")
    assert (tmp_path / "model.tar.gz").read_bytes()[8] == 4  # gzip's mark for "fastest"
    with model_package._plain.open(tmp_path / "model.tar.gz", "r:gz") as packed:
        assert packed.extractfile("weights").read() == bytes(range(256)) * 400


# ---- light_imports: each in a process of its own, as these tests have imported Rasa already ----


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_serving_loads_none_of_what_is_left_out() -> None:
    heavy = ("tensorflow", "keras", "matplotlib", "twilio", "slack_sdk", "onnxruntime.quantization", "onnx")
    loaded = python(
        "import sys\n"
        "from engine.patches import light_imports\n"
        "assert light_imports.apply(serving=True)\n"
        "import engine.patches; engine.patches.apply()\n"
        "import rasa.core.run, rasa.engine.recipes.default_components as registry\n"
        "import engine.nlu.classifier, engine.nlu.featurizer, engine.dialogue.alarm_policy\n"
        "import rasa.graph_components.validators.default_recipe_validator\n"
        f"print([name for name in {heavy!r} if name in sys.modules])\n"
        "print(sorted(part.__name__ for part in registry.DEFAULT_COMPONENTS))\n"
    )
    assert loaded.splitlines() == ["[]", str(sorted(COMPONENTS))]


def test_a_configuration_with_diet_gets_all_of_rasa() -> None:
    python(
        "import tempfile, pathlib, sys\n"
        "from engine.patches import light_imports\n"
        "config = pathlib.Path(tempfile.mkdtemp()) / 'config.yml'\n"
        "config.write_text('pipeline:\\n  - name: DIETClassifier\\n')\n"
        "before = list(sys.meta_path)\n"
        "assert not light_imports.apply(serving=True, config=config)\n"
        "assert sys.meta_path == before\n"
    )


def test_what_was_left_out_says_so_when_it_is_used() -> None:
    said = python(
        "from engine.patches import light_imports\n"
        "light_imports.apply(serving=True)\n"
        "from rasa.core.channels.telegram import TelegramInput\n"
        "try:\n    TelegramInput('token')\n"
        "except light_imports.LeftOut as error:\n    print(error)\n"
    )
    assert "light_imports.py" in said


def test_it_is_too_late_once_rasa_is_imported() -> None:
    python(
        "import rasa\n"
        "from engine.patches import light_imports\n"
        "try:\n    light_imports.apply(serving=True)\n"
        "except light_imports.LeftOut:\n    pass\n"
        "else:\n    raise SystemExit('not noticed')\n"
    )


def test_each_component_that_is_named_light_is_where_it_is_said_to_be() -> None:
    from rasa.engine.recipes import default_components

    known = {part.__name__: part.__module__ for part in default_components.DEFAULT_COMPONENTS}
    assert COMPONENTS.items() <= known.items()
