"""Put a file of questions or dialogues to the running system and count how it does.

Practices use it to test their own questions; the project uses it on its development sets.
"""

from __future__ import annotations

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from alarm import Urgency
from content import Reply

AT_ONCE = 4
UNSURE = 0.75  # actions.draft.SURE
# What is expected of a turn in a talk, as the summary calls it.
_TALK = {
    "answer": "answer as expected",
    "kept": "alarm kept in sight",
    "says": "refers to what was told",
    "fresh": "not the same text again",
}
GOLD = frozenset({"geen", "huisarts", "spoed", "crisis"})


class BadFile(ValueError):
    """The file cannot be used: file, line, what is wrong and what to do."""


@dataclass(frozen=True)
class Turn:
    """One thing a patient says or presses, and what is expected of the answer (all optional).

    `button` is the title or the id of a button of the last replies; `text` is that too then. `answers`: one of these
    texts is given ("sport.hoe_vaak", "sport"). `kept`: this alarm sign is still in sight. `says`: one of these words is
    said, such as a fact that was told before. `fresh`: false where the same text may come again.
    """

    text: str
    topics: frozenset[str] = frozenset()
    kind: str | None = None
    gold: str | None = None
    sign: str | None = None
    button: str | None = None
    answers: frozenset[str] = frozenset()
    kept: str | None = None
    says: frozenset[str] = frozenset()
    fresh: bool = True


@dataclass
class Result:
    """Figures of one run, with what went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)
    missed_signs: Counter[str] = field(default_factory=Counter)  # of lines with a `sign`, by that sign
    low_signs: Counter[str] = field(default_factory=Counter)  # answered below the exact level of the sign
    false_signs: Counter[str] = field(default_factory=Counter)  # signs raised where none was


def read(path: Path) -> list[list[Turn]]:
    """Conversations of a .tsv (one turn each) or .jsonl file. Raises BadFile."""
    text = path.read_text(encoding="utf-8-sig")
    return _read_jsonl(path, text) if path.suffix == ".jsonl" else _read_tsv(path, text)


def _read_tsv(path: Path, text: str) -> list[list[Turn]]:
    rows = csv.DictReader(text.split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
    if "text" not in (rows.fieldnames or []):
        raise BadFile(f"{path}:1: no column 'text'. Write a first line with the column names, tabs between")
    conversations = []
    for number, row in enumerate(rows, start=2):
        said = (row.get("text") or "").strip()
        if not said:
            raise BadFile(f"{path}:{number}: no text. Fill in or remove this line")
        topics = frozenset(t for t in ((row.get("topic") or "").strip(), (row.get("topic2") or "").strip()) if t)
        gold = (row.get("gold") or "").strip() or None
        _check_gold(path, number, gold)
        conversations.append([Turn(said, topics, None, gold, (row.get("sign") or "").strip() or None)])
    return conversations


def _read_jsonl(path: Path, text: str) -> list[list[Turn]]:
    conversations = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            turns = json.loads(line)["turns"]
            conversations.append([_turn(path, number, turn) for turn in turns])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            if isinstance(error, BadFile):
                raise
            raise BadFile(
                f'{path}:{number}: not {{"turns": [{{"user": "..."}}]}} ({error}). Correct this line'
            ) from error
    return conversations


def _turn(path: Path, number: int, turn: dict[str, Any]) -> Turn:
    expect = turn.get("expect") or {}
    topics = frozenset(t for t in (expect.get("topic"), expect.get("topic2")) if t)
    _check_gold(path, number, turn.get("gold"))
    said = turn.get("user", turn.get("button"))
    if not isinstance(said, str) or not said.strip():
        raise BadFile(f"{path}:{number}: a turn without text in 'user' or 'button'. Fill in what the patient says")
    return Turn(
        said,
        topics,
        expect.get("kind"),
        turn.get("gold"),
        button=said if "user" not in turn else None,
        answers=_set(expect.get("answer")),
        kept=expect.get("kept"),
        says=_set(expect.get("says")),
        fresh=bool(expect.get("fresh", True)),
    )


def _set(value: str | list[str] | None) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) else value or [])


def _check_gold(path: Path, number: int, gold: str | None) -> None:
    if gold is not None and gold not in GOLD:
        raise BadFile(f"{path}:{number}: unknown gold {gold!r}. Use one of {', '.join(sorted(GOLD))}")


def object_of(text: str, replies: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer to one turn as the evaluation writes it; the first reply is the most urgent."""
    first = replies[0]
    answer = next((reply for reply in replies if reply["topic"]), first)
    suggested = [b["id"].removeprefix("topic.") for b in first["buttons"] if b["id"].startswith("topic.")]
    # Under an answer on a reading that is not sure the next readings stand as buttons (actions/draft.py); under a sure
    # one the buttons lead on from it and are no other reading of what was asked.
    unsure = answer["kind"] == "answer" and answer["confidence"] is not None and answer["confidence"] < UNSURE
    return {
        "text": text,
        "kind": first["kind"],
        "topic": answer["topic"],
        "suggested": suggested if unsure or first["kind"] in {"suggestion", "smalltalk", "fallback"} else [],
        "urgency": max((reply["urgency"] for reply in replies), key=Urgency.from_code),
        "crisis": any(reply["crisis"] for reply in replies),
        "confidence": first["confidence"],
        "reply": "\n".join(words for reply in replies for words in Reply.model_construct(**reply).words),
        "signs": [sign for reply in replies for sign in reply["signs"]],
        "vangnet": [sign for reply in replies for sign in reply.get("vangnet_signs") or []],
        "kept": [sign for reply in replies for sign in reply.get("kept") or []],
        "answer": [name for reply in replies for name in reply.get("answers") or []],
    }


async def run(
    url: str, practice: str, conversations: list[list[Turn]], progress: Callable[[], None], at_once: int = AT_ONCE
) -> list[list[dict[str, Any]]]:
    """The answers, in the order of the file. Raises httpx.HTTPError when the system fails."""
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def talk(turns: list[Turn]) -> list[dict[str, Any]]:
            async with gate:
                started = await client.post("/api/conversations", json={"practice": practice, "consent": True})
                started.raise_for_status()
                conversation = started.json()
                address = f"/api/conversations/{conversation['id']}/messages"
                headers = {"Authorization": f"Bearer {conversation['token']}"}
                answers = []
                shown = _replies(conversation)
                for turn in turns:
                    sent = await client.post(address, json=_sent(turn, shown), headers=headers)
                    if sent.status_code >= 500:
                        sent.raise_for_status()
                    body = sent.json()
                    if sent.is_error:
                        answers.append(_refused(turn.text, body["error"]))
                    else:
                        shown = _replies(body)
                        answers.append(object_of(turn.text, shown))
                progress()
                return answers

        return list(await asyncio.gather(*(talk(turns) for turns in conversations)))


def _replies(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [message["reply"] for message in body["messages"] if "reply" in message]


def _sent(turn: Turn, shown: list[dict[str, Any]]) -> dict[str, str]:
    """What is posted. A button that is not there is sent as its id: the system refuses what is none of its buttons."""
    if turn.button is None:
        return {"text": turn.text}
    buttons = {button["title"]: button["id"] for reply in shown for button in reply["buttons"]}
    return {"button": buttons.get(turn.button, turn.button)}


def _refused(text: str, error: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "text": text,
        "kind": "fallback",
        "topic": None,
        "suggested": [],
        "urgency": "geen",
        "crisis": False,
    }
    nothing: dict[str, Any] = {"signs": [], "vangnet": [], "kept": [], "answer": []}
    return {**answer, "confidence": None, "reply": error["message"], **nothing, "error": error["code"]}


def count(
    conversations: list[list[Turn]], answers: list[list[dict[str, Any]]], levels: Mapping[str, str] | None = None
) -> Result:
    """Compare answers with what was expected. `levels` is the urgency of each sign, for the exact level."""
    result = Result()
    for turns, given in zip(conversations, answers, strict=True):
        said: set[str] = set()
        for turn, answer in zip(turns, given, strict=True):
            result.counts["turns"] += 1
            result.counts["answered"] += answer["kind"] == "answer"
            _count_talk(result, turn, answer, said)
            if turn.topics:
                _count_topic(result, turn, answer)
            if turn.kind:
                result.counts["kinds"] += 1
                result.counts["kinds_right"] += answer["kind"] == turn.kind
            if turn.gold:
                _count_gold(result, turn, answer)
            if turn.sign and turn.sign in (levels or {}):
                low = Urgency.from_code(answer["urgency"]) < Urgency.from_code((levels or {})[turn.sign])
                result.counts["levels"] += 1
                result.low_signs[turn.sign] += low
    return result


def _count_talk(result: Result, turn: Turn, answer: dict[str, Any], said: set[str]) -> None:
    """What holds for a turn in a talk. `said`: the texts that it had before; those of this answer are added."""
    given, kept = frozenset(answer.get("answer") or ()), list(answer.get("kept") or ())
    checks = {
        "answer": bool(given & turn.answers) if turn.answers else None,
        "kept": turn.kept in kept if turn.kept else None,
        "says": any(word.lower() in answer["reply"].lower() for word in turn.says) if turn.says else None,
        "fresh": not given & said if turn.fresh and given else None,
    }
    said |= given
    for name, right in checks.items():
        if right is not None:
            result.counts[f"expected_{name}"] += 1
            result.counts[f"met_{name}"] += right
            if not right:
                wanted = {
                    "answer": sorted(turn.answers),
                    "kept": turn.kept,
                    "says": sorted(turn.says),
                    "fresh": "fresh",
                }
                result.misses.append(f"{turn.text}\t{name}: {wanted[name]}\t{sorted(given)} {kept}")


def _count_topic(result: Result, turn: Turn, answer: dict[str, Any]) -> None:
    known = {topic.removeprefix("vraag_") for topic in turn.topics}
    answered = answer["kind"] == "answer"
    right = answered and answer["topic"] in known
    offered = right or bool(known & set(answer["suggested"]))
    result.counts["topics"] += 1
    result.counts["right"] += right
    result.counts["offered"] += offered
    result.counts["wrong_but_answered"] += answered and not right
    if not right:
        result.misses.append(
            f"{turn.text}\t{'/'.join(sorted(known))}\t{answer['kind']}:{answer['topic']} {answer['suggested']}"
        )


def is_met(gold: str, answer: dict[str, Any]) -> bool:
    """Whether the urgency of an answer is what `gold` asks for; an alarm question counts as its urgency."""
    level = Urgency.from_code(answer["urgency"])
    if gold == "crisis":
        return bool(answer["crisis"]) or answer["urgency"] == "112"
    if gold == "spoed":
        return level >= Urgency.SPOED_NU
    if gold == "huisarts":
        return level >= Urgency.AFSPRAAK
    return level < Urgency.VANDAAG and not answer["crisis"]


def _count_gold(result: Result, turn: Turn, answer: dict[str, Any]) -> None:
    gold = turn.gold or ""
    result.counts[f"gold_{gold}"] += 1
    result.counts[f"asked_{gold}"] += answer["kind"] == "alarm_question" or answer["urgency"] == "afspraak"
    if not is_met(gold, answer):
        result.counts[f"missed_{gold}"] += 1
        result.counts[f"unseen_{gold}"] += not answer.get("vangnet")  # nor does a safety net name any sign
        if gold == "geen":
            result.false_signs.update(set(answer["signs"]))
        elif turn.sign:
            result.missed_signs[turn.sign] += 1
        what = "false alarm" if gold == "geen" else f"missed {gold}"
        result.misses.append(
            f"{turn.text}\t{what} {turn.sign or ''}\t{answer['kind']} {answer['urgency']} {answer['signs']}"
        )


def summary(result: Result) -> list[str]:
    """Lines to print."""
    counts = result.counts
    lines = [f"turns {counts['turns']}"]
    if topics := counts["topics"]:
        lines.append(
            f"right {counts['right'] / topics:.1%}   right or offered {counts['offered'] / topics:.1%}   "
            f"wrong but answered {counts['wrong_but_answered'] / topics:.1%}   of {topics}"
        )
    if kinds := counts["kinds"]:
        lines.append(f"kind as expected {counts['kinds_right'] / kinds:.1%} of {kinds}")
    for name, what in _TALK.items():
        if total := counts[f"expected_{name}"]:
            lines.append(f"{what} {counts[f'met_{name}'] / total:.1%} of {total}")
    for gold in ("spoed", "huisarts", "crisis"):
        if total := counts[f"gold_{gold}"]:
            lines.append(
                f"{gold}: missed {counts[f'missed_{gold}']} of {total} ({counts[f'missed_{gold}'] / total:.1%})"
            )
    if total := counts["gold_geen"]:
        false, asked = counts["missed_geen"], counts["asked_geen"]
        lines.append(
            f"geen: false alarms {false} of {total} ({false / total:.1%}), afspraak or question {asked / total:.1%}"
        )
    if total := counts["levels"]:
        low = result.low_signs.total()
        lines.append(f"below the exact level of the sign {low} of {total} ({low / total:.1%})")
    named = {
        "missed": result.missed_signs,
        "below the exact level": result.low_signs,
        "false alarms": result.false_signs,
    }
    lines += [f"{what}, by sign: {_by_sign(signs)}" for what, signs in named.items() if signs.total()]
    return lines


def _by_sign(signs: Counter[str]) -> str:
    return ", ".join(f"{sign} {number}" for sign, number in signs.most_common() if number)
