"""`python -m bench`: everything in one go, or the parts that are named. Results: var/bench/results.json and speed.svg.

A part that is measured replaces its figures in the results; the others stay, with the time of their own measurement.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bench import chart, growth, lines, measures, processes, report, sides, stock, training
from bot.training import ROOT
from settings import Settings, settings

PARTS = ("messages", "training", "growth")
CHART = ROOT / "docs" / "speed.svg"


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PARTS)}; all when left out.")] = None,
    rounds: Annotated[int, typer.Option(help="Rounds of each latency; the set-ups take turns.")] = 10,
    each: Annotated[int, typer.Option(help="Messages a round.")] = 30,
    seconds: Annotated[float, typer.Option(help="Seconds of each load with 16 clients.")] = 10,
    diet_epochs: Annotated[int, typer.Option(help="Of stock's DIET; its default of 100 takes hours.")] = 2,
    draw: Annotated[bool, typer.Option(help="Also write docs/speed.svg.")] = False,
) -> None:
    """Measure stock Rasa and ours beside each other."""
    chosen = settings()
    folder = chosen.var.resolve() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.json"
    found: dict[str, Any] = json.loads(results.read_text()) if results.is_file() else {"stock": {}, "ours": {}}
    project = _stock_project(folder, diet_epochs, found)
    for part in only or PARTS:
        {"messages": _messages, "training": _training, "growth": _growth}[part](
            chosen, project, found, rounds, each, seconds
        )
        found.setdefault("measured", {})[part] = {
            "at": datetime.now(UTC).isoformat(timespec="minutes"),
            "load_before_and_after_is_others": round(os.getloadavg()[2], 1),
        }
        results.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    found["machine"] = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    results.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    title = "Ruggesteun beside stock Rasa (grey); the line is the aim"
    drawn = chart.svg([row for row in report.rows(found) if row.limit], title)
    (CHART if draw else folder / "speed.svg").write_text(drawn, encoding="utf-8")
    print(report.table(found))


def _stock_project(folder: Path, diet_epochs: int, found: dict[str, Any]) -> Path:
    """The trained stock set-up, kept between runs for as long as the training data is the same."""
    digest = stock.digest(diet_epochs)
    project, mark = folder / "stock", folder / "stock.json"
    known = json.loads(mark.read_text()) if mark.is_file() else {}
    if known.get("digest") != digest or not stock.model(project).is_file():
        print(f"training stock Rasa, {diet_epochs} epochs of DIET")
        shutil.rmtree(project, ignore_errors=True)
        stock.build(project, diet_epochs)
        known = {"digest": digest, **asdict(stock.train(project))}
        mark.write_text(json.dumps(known))
    found["stock"] |= {
        "training_cold": known["wall"],
        "training_cold_cpu": known["cpu"],
        "training_warm": known["wall"],  # Rasa trains all of DIET again for one line
        "training_warm_cpu": known["cpu"],
        "diet_epochs": diet_epochs,
        "diet_epoch_seconds": stock.epoch_seconds(project),
        "model": stock.model(project).stat().st_size / 2**20,
    }
    return project


def _messages(chosen: Settings, project: Path, found: dict[str, Any], rounds: int, each: int, seconds: float) -> None:
    with sides.ours(chosen) as ours, sides.stock_rasa(project) as stocks:
        both = (stocks, ours)
        for side in both:
            found[side.name] |= {
                "cold_start": side.cold_start,
                "cold_start_cpu": processes.cpu_seconds(side.pids),
                "memory_at_start": processes.megabytes(side.pids),
            }
        for name, asked in (("short", lines.short()), ("long", lines.long())):
            for side_name, times in measures.latency(both, asked, rounds, each).items():
                found[side_name] |= {f"{name}_{key}": value for key, value in asdict(times).items()}
        for side_name, rate in measures.throughput(both, lines.short(), 16, seconds, 3).items():
            found[side_name]["throughput"] = rate
        for side_name, (early, late) in measures.ageing(both, lines.short(), 3).items():
            found[side_name] |= {"message_5": early, "message_200": late}
        for side in both:
            found[side.name]["memory"] = processes.megabytes(side.pids)
    found["ours"]["model"] = chosen.model.stat().st_size / 2**20


def _training(chosen: Settings, project: Path, found: dict[str, Any], rounds: int, each: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-training-") as folder:
        cold, warm = training.ours(chosen, Path(folder) / "project")
    found["ours"] |= {
        "training_cold": cold.wall,
        "training_cold_cpu": cold.cpu,
        "training_warm": warm.wall,
        "training_warm_cpu": warm.cpu,
    }


def _growth(chosen: Settings, project: Path, found: dict[str, Any], rounds: int, each: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
        found["growth"] = growth.content(chosen, lines.short(), Path(folder)) | growth.model()


if __name__ == "__main__":
    typer.run(main)
