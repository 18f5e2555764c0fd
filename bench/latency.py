"""Milliseconds from message to answer, end to end with one client, beside the bot of `rasa init` with Rasa's defaults.

Ours goes through the public server, Rasa, the action server and two databases; stock Rasa answers on its REST channel
with its default pipeline (DIET, TED) from canned responses. `make bench`, about four minutes.
"""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.system import free_port, temporary_system
from bot.training import RASA_PYTHON, ROOT
from settings import settings

MESSAGES = 200
WARM_UP = 10
STOCK_LINES = ("hello", "i am very sad", "yes", "are you a bot?", "goodbye", "great, thanks", "no, not really")


def measure(send: Callable[[str], object], lines: list[str]) -> list[float]:
    """Milliseconds of each message after the warm-up."""
    times = []
    for index in range(WARM_UP + MESSAGES):
        started = time.perf_counter()
        send(lines[index % len(lines)])
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def ours() -> list[float]:
    """Our system with questions of the development set, ten messages a conversation."""
    with (ROOT / "tests/evaluation/topics.tsv").open(encoding="utf-8") as file:
        lines = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    with temporary_system(settings()) as system, httpx.Client(base_url=system.url, timeout=20) as client:
        conversation: dict[str, str] = {}

        def send(text: str) -> None:
            nonlocal conversation
            client.post(
                f"/api/conversations/{conversation['id']}/messages",
                json={"text": text},
                headers={"Authorization": f"Bearer {conversation['token']}"},
            ).raise_for_status()

        times = []
        for start in range(0, WARM_UP + MESSAGES, 10):
            conversation = client.post("/api/conversations", json={"practice": "demo", "consent": True}).json()
            for text in lines[start * 3 : start * 3 + 30 : 3]:
                started = time.perf_counter()
                send(text)
                times.append((time.perf_counter() - started) * 1000)
        return times[WARM_UP:]


@contextmanager
def stock() -> Iterator[str]:
    """The bot of `rasa init`, trained and running; the address of its REST channel."""
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    rasa = [str(RASA_PYTHON), "-W", "ignore", "-m", "rasa"]
    with tempfile.TemporaryDirectory(prefix="stock-rasa-") as folder:
        init = [*rasa, "init", "--no-prompt", "--init-dir", folder]
        subprocess.run(init, env=quiet, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (Path(folder) / "credentials.yml").write_text("rest:\n")
        port = free_port()
        run = [*rasa, "run", "--port", str(port), "-i", "127.0.0.1"]
        process = subprocess.Popen(run, cwd=folder, env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            until = time.monotonic() + 120
            while time.monotonic() < until:
                try:
                    httpx.post(f"{url}/webhooks/rest/webhook", json={"sender": "x", "message": "hello"}, timeout=30)
                    break
                except httpx.HTTPError:
                    time.sleep(0.5)
            yield f"{url}/webhooks/rest/webhook"
        finally:
            process.terminate()
            process.wait(20)


def line(name: str, times: list[float]) -> str:
    """p50 and p95 of one set-up."""
    ordered = sorted(times)
    return f"{name:28s} p50 {statistics.median(ordered):6.1f} ms   p95 {ordered[int(len(ordered) * 0.95)]:6.1f} ms"


def main() -> None:
    """Measure both and print them."""
    mine = ours()
    with stock() as address, httpx.Client(timeout=30) as client:
        theirs = measure(
            lambda text: client.post(address, json={"sender": "bench", "message": text}).raise_for_status(),
            list(STOCK_LINES),
        )
    print(line("Ruggesteun, end to end", mine))
    print(line("stock Rasa (rasa init), REST", theirs))
    print(f"ratio of p50: {statistics.median(mine) / statistics.median(theirs):.2f}")


if __name__ == "__main__":
    main()
