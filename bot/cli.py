"""The `ruggesteun` command."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import shutil
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from alarm import AlarmContentError, Detector, load_alarm_content
from alarm.check import Remark, check, training_lines
from answers import measure
from bot import evaluate as evaluation
from bot import figures, safety
from bot.channels.kanaal import kanaal
from bot.praat import Terminal, talk
from bot.rasa import RasaClient
from bot.retention import clean, forget_wiped
from bot.storage import advice
from bot.system import NotStarted, System, port_in_use, temporary_system
from bot.training import RASA_PYTHON, TrainingFailed, is_trained
from bot.training import train as train_model
from content import ContentError, Library
from content.checks import check_texts
from practices.commands import make_key, practice_app, sign_off
from settings import Settings, settings
from store import Store, upgrade
from store.rasa_talks import delete_rasa_talks, slots_of

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(practice_app, name="praktijk")
app.command("aftekenen")(sign_off)
app.command("sleutel")(make_key)
app.command("kanaal")(kanaal)
console = Console(stderr=True)
SAFETY_TABLE = Path("docs/safety-table.md")


def _fail(message: str) -> None:
    console.print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def _make_model(chosen: Settings, force: bool = False) -> None:
    if is_trained(chosen) and not force:
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    what = "Training the model: two to four minutes the first time on two cores"
    log = chosen.var / "logs" / "train.log"
    try:
        if console.is_terminal:
            with Progress(*columns, console=console, transient=True) as progress:
                task = progress.add_task(what, total=None)
                train_model(chosen, log, lambda line: progress.update(task, description=f"Training: {line}"))
        else:  # a line for each step, which a person can follow in a file
            console.print(what, markup=False)
            train_model(chosen, log, lambda line: console.print(f"  {line}", markup=False, highlight=False))
    except TrainingFailed as error:
        _fail(f"Training failed; the whole output is in {log}:\n{error}")
    console.print("The model is ready.")


@app.command()
def train(force: Annotated[bool, typer.Option(help="Also when nothing changed.")] = False) -> None:
    """Train the model, if what it is made from has changed."""
    _make_model(settings(), force)


@app.command()
def serve() -> None:
    """Start everything and keep it running until Ctrl-C."""
    chosen = settings()
    for name, port in (("port", chosen.port), ("rasa_port", chosen.rasa_port), ("actions_port", chosen.actions_port)):
        if port_in_use(port):
            _fail(f"Port {port} is in use. Stop what uses it, or set RUGGESTEUN_{name.upper()} to another number.")
    _check(chosen)
    _make_model(chosen)
    system = System(chosen)
    system.start()

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell starts background jobs with it ignored
        signal.signal(number, stop)
    try:
        what = "Starting Rasa, the action server and the public server"
        if not console.is_terminal:  # a status shows nothing in a file
            console.print(f"{what} ...", markup=False)
        with console.status(what):
            system.wait_ready()
        console.print(f"Ruggesteun is ready: http://localhost:{chosen.port}   (Ctrl-C stops everything)")
        system.wait()
    except NotStarted as error:
        _fail(f"The system did not start.\n{error}")
    except KeyboardInterrupt:
        console.print("Stopping ...")
    finally:
        system.stop()


def _check(chosen: Settings) -> None:
    try:
        Library.load(chosen.content)
        load_alarm_content(chosen.content / "alarm")
    except (ContentError, AlarmContentError) as error:
        _fail(f"De inhoud heeft fouten:\n{error}")


@app.command("check-content")
def check_content() -> None:
    """Check every text and every alarm pattern; name file, line and mend."""
    chosen = settings()
    _check(chosen)
    problems = check_texts(chosen.content)
    for problem in problems:
        print(problem)
    if problems:
        _fail(f"{len(problems)} problemen gevonden.")
    console.print("De inhoud is in orde.")


@app.command("check-alarms")
def check_alarms(
    data: Annotated[Path, typer.Option(help="Folder with training lines to count over.")] = Path("data/nlu"),
    soort: Annotated[str, typer.Option(help="Only remarks that hold this text, for instance 'nooit'.")] = "",
) -> None:
    """Say which alarm patterns do nothing, are not needed or silence an alarm; exit 1 for a mistake."""
    chosen = settings()
    _check(chosen)
    content = load_alarm_content(chosen.content / "alarm")
    with console.status("Counting over the training lines: some twenty seconds"):
        reports = check(content, Detector(content), training_lines(data))
    for report in reports:
        if soort in report.remark.value:
            print(report)
    for remark, count in Counter(report.remark for report in reports).items():
        console.print(f"{count} x {remark.value}", highlight=False)
    if any(report.remark in (Remark.WRONG, Remark.KILLED) for report in reports):
        _fail("Herstel eerst de voorbeelden die niet kloppen en de patronen die altijd worden weggenomen.")


@app.command("safety-table")
def safety_table(out: Annotated[Path, typer.Option(help="Where to leave the table.")] = SAFETY_TABLE) -> None:
    """Write the table of signs, urgencies and texts; exit 1 where a text says a sign otherwise than the sign itself."""
    chosen = settings()
    _check(chosen)
    library, alarms = Library.load(chosen.content), load_alarm_content(chosen.content / "alarm")
    out.write_text(safety.table(library, alarms), encoding="utf-8")
    found = safety.disagreements(library, alarms, chosen.content)
    for line in found:
        print(line)
    if found:
        _fail(f"{len(found)} teksten zeggen een teken anders dan het teken zelf.")
    console.print(f"{out} is geschreven.")


@app.command("check-answers")
def check_answers() -> None:
    """Leave each wording of the answers out in turn and count how often its answer is still found."""
    chosen = settings()
    _check(chosen)
    print("\n".join(measure.report(Library.load(chosen.content))))


@app.command()
def ask(
    question: str,
    as_json: Annotated[bool, typer.Option("--json", help="Print the object that `evaluate` writes.")] = False,
) -> None:
    """Put one message to the system and show the answer."""
    answers = _answers([[[evaluation.Turn(question)]]], show_bar=False)[0]
    answer = answers[0][0]
    if as_json:
        print(json.dumps(answer, ensure_ascii=False))
        return
    print(answer["reply"])
    print(f"[{answer['kind']} {answer['topic'] or '-'} {answer['urgency']} {answer['confidence']}]")


@app.command()
def praat(
    praktijk: Annotated[str, typer.Option(help="Which practice answers; else the one of the settings.")] = "",
    plan: Annotated[
        bool, typer.Option("--plan", help="Show what is remembered and what each reply is made of.")
    ] = False,
) -> None:
    """Talk in the terminal: type a message or the number of a button; an empty line ends it."""
    chosen = settings()
    _make_model(chosen)
    try:
        with (
            temporary_system(chosen) as system,
            # Plain HTTP on this machine: without verify=False all root certificates would be read first.
            httpx.Client(base_url=system.url, timeout=30, verify=False) as client,  # noqa: S501
        ):
            store_url = system.settings.rasa_store_url
            look = (lambda talk: slots_of(store_url, talk)) if plan else None
            talk(Terminal(client, praktijk or chosen.practice, print, look), input)
    except NotStarted as error:
        _fail(f"The system did not start.\n{error}")
    except httpx.HTTPError as error:
        _fail(f"The system failed: {error!r}")


@app.command("evaluate")
def evaluate_file(
    file: Annotated[Path | None, typer.Argument(help="A .tsv of questions or a .jsonl of dialogues.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where to leave the JSON lines, one a turn.")] = None,
    misses: Annotated[bool, typer.Option(help="Also print every line that went wrong.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All development sets: write docs/figures.md, and hold the floors.")
    ] = False,
) -> None:
    """Put every line of a .tsv or every dialogue of a .jsonl to the system, write the answers, print the figures."""
    if everything:
        _evaluate_all()
        return
    if file is None:
        _fail("Say which file, or --all.")
        return
    try:
        conversations = evaluation.read(file)
    except (OSError, UnicodeDecodeError, evaluation.BadFile) as error:
        _fail(str(error))
        return
    started = time.monotonic()
    answers = _answers([conversations], show_bar=True)[0]
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", encoding="utf-8") as target:
            for given in answers:
                for answer in given:
                    target.write(json.dumps(answer, ensure_ascii=False) + "\n")
    signs = load_alarm_content(settings().content / "alarm").signs
    levels = {name: sign.urgency.code for name, sign in signs.items()}
    result = evaluation.count(conversations, answers, levels)
    for line in evaluation.summary(result):
        print(line)
    print(f"seconds {time.monotonic() - started:.0f}")
    if misses:
        print("\n".join(result.misses))


def _evaluate_all() -> None:
    floors = figures.read_floors()
    sets = {name: evaluation.read(figures.FLOORS.parent / name) for name in floors}
    answers = _answers(list(sets.values()), show_bar=True)
    found, below = {}, []
    for (name, conversations), given in zip(sets.items(), answers, strict=True):
        found[name] = list(figures.rates(evaluation.count(conversations, given)))
        below += figures.broken(name, {rate.name: rate for rate in found[name]}, floors[name])
    about = {
        "written": datetime.now(UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
    }
    figures.PAGE.write_text(figures.page(found, about), encoding="utf-8")
    print(f"{figures.PAGE} is written.")
    if below:
        _fail("Below the floors of tests/evaluation/floors.yml:\n" + "\n".join(below))


def _answers(sets: list[list[list[evaluation.Turn]]], show_bar: bool) -> list[list[list[dict[str, Any]]]]:
    """From a system of our own on free ports, so that evaluation never mixes with patients."""
    chosen = settings()
    _make_model(chosen)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with temporary_system(chosen) as system, Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("conversations", total=sum(map(len, sets)), visible=show_bar)
            return [
                asyncio.run(evaluation.run(system.url, chosen.practice, each, lambda: progress.advance(task)))
                for each in sets
            ]
    except NotStarted as error:
        _fail(f"The system did not start.\n{error}")
    except httpx.HTTPError as error:
        _fail(f"The system failed during the evaluation: {error!r}")
    raise AssertionError("unreachable")


@app.command()
def opruimen(
    gesprek: Annotated[str | None, typer.Option(help="Wis alleen dit gesprek (zijn id), hier en bij Rasa.")] = None,
    grondig: Annotated[
        bool, typer.Option(help="Herschrijf daarna de bestanden (PostgreSQL: alles wacht zolang).")
    ] = False,
) -> None:
    """Delete what is past its term, or one conversation, and report in Dutch. Exit code 1: not all could be deleted."""
    try:
        lines, complete = asyncio.run(_clean_up(settings(), gesprek, grondig))
    except (SQLAlchemyError, OSError) as error:
        _fail(advice(error))
        return
    print("\n".join(lines))
    raise typer.Exit(0 if complete else 1)


async def _clean_up(chosen: Settings, conversation: str | None, thorough: bool) -> tuple[list[str], bool]:
    await asyncio.to_thread(upgrade, chosen.store_url)
    rasa = RasaClient(chosen.rasa_url, chosen.actions_url, chosen.shared_secret(), chosen.rasa_seconds)
    runs = port_in_use(chosen.rasa_port)

    async def without_rasa(before: datetime) -> int:
        return await asyncio.to_thread(delete_rasa_talks, chosen.rasa_store_url, before.timestamp(), thorough)

    async with Store.open(chosen.store_url) as store:
        try:
            if conversation is not None:
                await store.forget_conversation(conversation)
                waiting = await forget_wiped(store, rasa)
                lines = [f"Gesprek {conversation} is gewist."]
                if waiting:
                    lines.append("Rasa moet het nog vergeten. Dat gebeurt vanzelf zodra Rasa draait.")
                complete = waiting == 0
            else:
                now = datetime.now(UTC)
                report = await clean(chosen, store, rasa, now, None if runs else without_rasa)
                lines, complete = report.lines(), report.complete
            if thorough:
                rewritten = await store.rewrite()
                lines.append("De bestanden zijn herschreven." if rewritten else "De bestanden zijn NIET herschreven.")
                complete = complete and rewritten
        finally:
            await rasa.close()
    return lines, complete


@app.command()
def doctor() -> None:
    """Look at this installation and say what is missing and what to do."""
    chosen = settings()
    fine = True

    def line(good: bool, text: str, mend: str = "") -> None:
        nonlocal fine
        fine = fine and good
        console.print(f"{'ok  ' if good else 'FOUT'} {text}{'' if good or not mend else '. ' + mend}", markup=False)

    line(sys.version_info[:2] == (3, 12), f"Python {sys.version.split()[0]}", "Run `make setup`")
    line(RASA_PYTHON.is_file(), "Rasa's environment", "Run `make setup`")
    line(is_trained(chosen), "a model made from the present data", "Run `make train`")
    free = shutil.disk_usage(chosen.var if chosen.var.exists() else Path.cwd()).free / 2**30
    line(free > 1, f"{free:.0f} GB disk free", "Make room: 1 GB at least")
    try:
        Library.load(chosen.content)
        load_alarm_content(chosen.content / "alarm")
        line(True, "content")
    except (ContentError, AlarmContentError) as error:
        line(False, f"content: {error}")
    for name, port in (("public", chosen.port), ("Rasa", chosen.rasa_port), ("action", chosen.actions_port)):
        console.print(f"     {name} port {port}: {'in use' if port_in_use(port) else 'free'}")
    if port_in_use(chosen.port):
        try:
            report = httpx.get(f"http://127.0.0.1:{chosen.port}/health", timeout=5).json()
            line(report.get("status") == "ok", f"running system: {report}")
        except (httpx.HTTPError, ValueError):
            line(False, f"what runs on port {chosen.port} is not Ruggesteun", "Set RUGGESTEUN_PORT to another number")
    raise typer.Exit(0 if fine else 1)


if __name__ == "__main__":
    app()
