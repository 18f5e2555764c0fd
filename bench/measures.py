"""Measurements on running set-ups. Rounds alternate between them, so that other work on the machine hits all alike."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from bench import processes
from bench.sides import Side

TALK = 10  # messages, then a new conversation
EARLY, LATE, AROUND = 5, 200, 2  # the 5th and the 200th message, with two on either side


@dataclass(frozen=True)
class Times:
    """Milliseconds a message, at one client. `cpu` is processor time of all processes of the set-up a message."""

    p50: float
    p95: float
    cpu: float
    messages: int

    @classmethod
    def of(cls, times: Sequence[float], cpu: float) -> Times:
        """From the milliseconds of every message and the processor seconds of all together."""
        ordered = sorted(times)
        return cls(
            statistics.median(ordered), ordered[int(len(ordered) * 0.95)], cpu * 1000 / len(ordered), len(ordered)
        )


def latency(sides: Sequence[Side], lines: list[str], rounds: int, each: int) -> dict[str, Times]:
    """One client: `rounds` times `each` messages to each set-up in turn, after one round that does not count."""
    times: dict[str, list[float]] = {side.name: [] for side in sides}
    cpu = dict.fromkeys(times, 0.0)
    feed = {side.name: itertools.cycle(lines) for side in sides}
    for number in range(rounds + 1):
        for side in sides:
            before = processes.cpu_seconds(side.pids)
            found = _say(side, list(itertools.islice(feed[side.name], each)))
            if number:
                times[side.name] += found
                cpu[side.name] += processes.cpu_seconds(side.pids) - before
    return {name: Times.of(found, cpu[name]) for name, found in times.items()}


def _say(side: Side, lines: list[str]) -> list[float]:
    times = []
    for index, line in enumerate(lines):
        if index % TALK == 0:
            talk = side.talk()
        started = time.perf_counter()
        talk.say(line)
        times.append((time.perf_counter() - started) * 1000)
    return times


def throughput(sides: Sequence[Side], lines: list[str], clients: int, seconds: float, rounds: int) -> dict[str, float]:
    """Messages a second with so many clients at once: the median of the rounds."""
    found: dict[str, list[float]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            found[side.name].append(_load(side, lines, clients, seconds))
    return {name: statistics.median(rates) for name, rates in found.items()}


def _load(side: Side, lines: list[str], clients: int, seconds: float) -> float:
    counts = [0] * clients
    errors: list[Exception] = []
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        try:
            feed = itertools.cycle(lines[number:] + lines[:number])
            while time.monotonic() < until:
                talk = side.talk()
                for line in itertools.islice(feed, TALK):
                    talk.say(line)
                    counts[number] += time.monotonic() < until
        except Exception as error:  # handed on below: an exception would end unseen in its thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return sum(counts) / seconds


def ageing(sides: Sequence[Side], lines: list[str], talks: int) -> dict[str, tuple[float, float]]:
    """Milliseconds around the 5th and the 200th message of a conversation: medians over `talks` conversations."""
    found: dict[str, tuple[list[float], list[float]]] = {side.name: ([], []) for side in sides}
    for side in [side for _ in range(talks) for side in sides]:
        talk = side.talk()
        for number, line in zip(range(1, LATE + AROUND + 1), itertools.cycle(lines)):
            started = time.perf_counter()
            talk.say(line)
            took = (time.perf_counter() - started) * 1000
            for where, middle in zip(found[side.name], (EARLY, LATE)):
                if abs(number - middle) <= AROUND:
                    where.append(took)
    return {name: (statistics.median(early), statistics.median(late)) for name, (early, late) in found.items()}
