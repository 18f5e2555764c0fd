"""`ruggesteun praktijk ...`, `aftekenen` and `sleutel`. Messages are for practice staff: Dutch."""

from __future__ import annotations

import asyncio
import datetime
import getpass
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from alarm import AlarmContentError, load_alarm_content
from content import ContentError, LiveLibrary, OwnText, Practice
from content.library import Mistake, line_of
from practices import files
from practices.book import Book, Installed
from practices.signing import subjects
from settings import settings
from store import BadKey, NoKey, Store, Subject, Vault, new_key, upgrade

practice_app = typer.Typer(no_args_is_help=True, help="Praktijken toevoegen, bekijken, inlezen en nakijken.")
_console = Console(stderr=True)
_REGISTRATION = re.compile(r"(?=(?:\D*\d){5})[0-9A-Za-z ./-]{5,20}")  # BIG and RIZIV have 11 digits, others fewer

Door = Annotated[str, typer.Option("--door", help="Wie dit doet; komt in het logboek.")]
PracticeId = Annotated[str, typer.Argument(metavar="PRAKTIJK", help="De korte naam, zoals in het adres van de chat.")]


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "onbekend"


@practice_app.command("add")
def add(
    practice: PracticeId,
    naam: Annotated[str, typer.Option(prompt="Naam van de praktijk")],
    telefoon: Annotated[str, typer.Option(prompt="Telefoonnummer")],
    beroep: Annotated[str, typer.Option(help="fysiotherapie of oefentherapie")] = "fysiotherapie",
    land: Annotated[str, typer.Option(help="NL of BE")] = "NL",
    door: Door = "",
) -> None:
    """Voeg een praktijk toe. Zij begint als proef, tot alles is ingevuld en afgetekend."""
    try:
        fields = {"id": practice, "naam": naam, "telefoon": telefoon, "beroep": beroep, "land": land}
        made = Practice.model_validate(fields)
    except ValidationError as error:
        _fail("\n".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in error.errors()))

    async def work(store: Store, book: Book) -> None:
        if book.get(practice):
            _fail(f"{practice} is er al. Verander die met: ruggesteun praktijk export {practice} {practice}.yml")
        await store.practices.save(files.row_of(made), door or _who())
        await book.refresh()
        print(f"{practice} is toegevoegd, als proef.")
        _print_points(_known(book, practice))
        print(f"Vul de rest in: ruggesteun praktijk export {practice} {practice}.yml, en daarna import.")

    _run(work)


@practice_app.command("list")
def list_all() -> None:
    """Laat alle praktijken zien, en of ze klaar zijn."""

    async def work(store: Store, book: Book) -> None:
        table = Table("praktijk", "naam", "staat in", "stand", "nog te doen", box=None)
        for found in book.all():
            state = "proef" if found.tried_out else "klaar"
            place = "database" if found.stored else "bestand"
            table.add_row(found.practice.id, found.practice.naam, place, state, str(len(found.open_points)))
        Console(width=120).print(table)

    _run(work)


@practice_app.command("show")
def show(practice: PracticeId) -> None:
    """Laat de gegevens van een praktijk zien, haar kanalen, en wat er nog moet gebeuren."""

    async def work(store: Store, book: Book) -> None:
        found = _known(book, practice)
        print(files.write(found.practice, await _texts(store, practice)), end="")
        channels = await store.channels.of_practice(practice)
        for kind, enabled in sorted(channels.items()):
            print(f"# kanaal {kind}: {'aan' if enabled else 'uit'}")
        _print_points(found)

    _run(work)


@practice_app.command("import")
def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="BESTAND...", help="YAML-bestanden, een per praktijk.")],
    door: Door = "",
) -> None:
    """Lees praktijken in. Met een fout in een van de bestanden wordt er niets ingelezen."""
    library = _library().current()
    read, mistakes = [], []
    for path in paths:
        try:
            read.append(files.read(path, library))
        except ContentError as error:
            mistakes += error.mistakes
    if mistakes:
        _fail("\n".join(map(str, mistakes)) + "\nEr is niets ingelezen.")

    async def work(store: Store, book: Book) -> None:
        for file in read:
            actor = door or _who()
            is_new = await store.practices.save(files.row_of(file.practice()), actor)
            before = await store.practices.texts(file.id)
            for topic in sorted({*before, *file.eigen_teksten}):
                own = file.eigen_teksten.get(topic)
                await store.practices.set_text(file.id, topic, files.body_of(own) if own else None, actor)
            await book.refresh()
            print(f"{file.id} is {'toegevoegd' if is_new else 'bijgewerkt'}.")
            _print_points(_known(book, file.id))

    _run(work)


@practice_app.command("export")
def export(
    practice: PracticeId,
    path: Annotated[Path | None, typer.Argument(metavar="[BESTAND]", help="Leeg: op het scherm.")] = None,
    door: Door = "",
) -> None:
    """Schrijf een praktijk naar een YAML-bestand. Geheimen van kanalen staan er niet in."""

    async def work(store: Store, book: Book) -> None:
        text = files.write(_known(book, practice).practice, await _texts(store, practice))
        if path is None:
            print(text, end="")
            return
        await asyncio.to_thread(path.write_text, text, encoding="utf-8")
        await store.audit.add(door or _who(), "praktijk geëxporteerd", practice)
        print(f"{practice} staat in {path}.")

    _run(work)


@practice_app.command("check")
def check(
    which: Annotated[
        list[str] | None, typer.Argument(metavar="[PRAKTIJK|BESTAND]...", help="Leeg: alle praktijken.")
    ] = None,
) -> None:
    """Zeg wat er nog moet gebeuren voor een praktijk open kan, en bij een bestand ook op welke regel."""

    async def work(store: Store, book: Book) -> bool:
        fine = True
        for name in which or [found.practice.id for found in book.all()]:
            is_file = name.endswith((".yml", ".yaml"))
            fine = (_check_file(Path(name)) if is_file else _print_points(_known(book, name))) and fine
        return fine

    if not _run(work):
        raise typer.Exit(1)


@practice_app.command("remove")
def remove(
    practice: PracticeId,
    ja: Annotated[bool, typer.Option("--ja", help="Niet vragen of het zeker is.")] = False,
    door: Door = "",
) -> None:
    """Haal een praktijk weg, met haar kanalen en eigen teksten."""
    if not ja:
        typer.confirm(f"{practice} weghalen, met kanalen en eigen teksten?", abort=True)

    async def work(store: Store, book: Book) -> None:
        if not await store.practices.remove(practice, door or _who()):
            _fail(f"{practice} staat niet in de database. Kijk met: ruggesteun praktijk list")
        print(f"{practice} is weg.")

    _run(work)


def sign_off(
    naam: Annotated[str, typer.Option(help="Naam van de zorgverlener die de teksten heeft gelezen.")] = "",
    registratie: Annotated[str, typer.Option(help="BIG-nummer, of het nummer in een ander register.")] = "",
    datum: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leeg: vandaag.")] = None,
    praktijk: Annotated[str, typer.Option(help="Alleen voor deze praktijk. Leeg: voor alle praktijken.")] = "",
    onderwerp: Annotated[list[str] | None, typer.Option(help="Dit onderwerp. Mag vaker.")] = None,
    alarm: Annotated[bool, typer.Option("--alarm", help="Alle alarmteksten en alarmtekens.")] = False,
    alles: Annotated[bool, typer.Option("--alles", help="Alle onderwerpen en alle alarmen.")] = False,
    lijst: Annotated[bool, typer.Option("--lijst", help="Laat alleen zien wat nog niet is afgetekend.")] = False,
    ja: Annotated[bool, typer.Option("--ja", help="Niet vragen of het zeker is.")] = False,
    door: Door = "",
) -> None:
    """Teken teksten af: een zorgverlener heeft ze gelezen en staat ervoor in. Een nieuwe tekst vraagt een nieuwe."""

    async def work(store: Store, book: Book) -> None:
        library = _known(book, praktijk).library if praktijk else _library().current()
        everything = list(subjects(library, load_alarm_content(settings().content / "alarm")))
        signed = (await store.practices.all_signed()).get(None, set())
        if praktijk:
            signed = await store.practices.signed(praktijk)
        unsigned = [subject for subject in everything if subject not in signed]
        if lijst:
            for subject in unsigned:
                print(f"{subject.kind} {subject.subject}")
            print(f"{len(unsigned)} van {len(everything)} teksten zijn nog niet afgetekend.")
            return
        chosen = _chosen(unsigned, everything, set(onderwerp or ()), alarm, alles)
        if not naam.strip() or not _REGISTRATION.fullmatch(registratie.strip()):
            _fail("Geef wie tekent: --naam 'A. Arts' --registratie 12345678901 (minstens vijf cijfers).")
        day = datum.date() if datum else datetime.datetime.now().astimezone().date()
        if day > datetime.datetime.now().astimezone().date():
            _fail(f"{day} is nog niet geweest. Geef de dag waarop de teksten zijn gelezen.")
        if not ja:
            whom = praktijk or "alle praktijken"
            print(f"{naam} ({registratie}) tekent {len(chosen)} teksten af, gelezen op {day}, voor {whom}.")
            typer.confirm("Zijn al deze teksten gelezen, en staat deze zorgverlener ervoor in?", abort=True)
        count = await store.practices.sign(
            chosen, naam.strip(), registratie.strip(), day, praktijk or None, door or _who()
        )
        print(f"{count} teksten zijn afgetekend.")

    _run(work)


def make_key(
    vernieuw: Annotated[
        bool, typer.Option("--vernieuw", help="Versleutel alles opnieuw met de eerste sleutel van RUGGESTEUN_KEYS.")
    ] = False,
    door: Door = "",
) -> None:
    """Maak een sleutel voor RUGGESTEUN_KEYS. Bewaar die buiten de database; zonder sleutel zijn kanalen onleesbaar."""
    if not vernieuw:
        print(new_key())
        return

    async def work(store: Store, book: Book) -> None:
        count = await store.channels.reseal(door or _who())
        print(f"{count} kanalen zijn opnieuw versleuteld. De oude sleutels mogen weg.")

    _run(work)


def _chosen(
    unsigned: list[Subject], everything: list[Subject], topics: set[str], alarm: bool, all_of_them: bool
) -> list[Subject]:
    known = {subject.subject for subject in everything if subject.kind == "onderwerp"}
    unknown = sorted(topics - known)
    if unknown:
        _fail(f"Onderwerp {', '.join(unknown)} bestaat hier niet. De namen staan in docs/topics.md.")
    if not (topics or alarm or all_of_them):
        _fail("Zeg wat er wordt afgetekend: --onderwerp sport, --alarm of --alles. Wat open staat: --lijst.")
    chosen = [
        subject
        for subject in unsigned
        if all_of_them or (subject.kind == "onderwerp" and subject.subject in topics)
        or (alarm and subject.kind != "onderwerp")
    ]  # fmt: skip
    if not chosen:
        _fail("Dat is al afgetekend, in de tekst van nu.")
    return chosen


def _check_file(path: Path) -> bool:
    try:
        found = files.read(path, _library().current())
    except ContentError as error:
        print(error)
        return False
    text = path.read_text(encoding="utf-8")
    for name in found.missing():
        print(Mistake(path, line_of(text, (name,)), f"{name} ontbreekt", "Vul deze regel in"))
    if not found.missing():
        print(f"{path}: de gegevens zijn volledig. Handtekeningen: ruggesteun praktijk check {found.id}")
    return not found.missing()


def _print_points(found: Installed) -> bool:
    for point in found.open_points:
        print(f"{found.practice.id}: {point}")
    if not found.open_points:
        print(f"{found.practice.id}: klaar voor patiënten.")
    return not found.tried_out


def _known(book: Book, practice: str) -> Installed:
    found = book.get(practice)
    if found is None:
        _fail(f"Praktijk {practice} is er niet. Kijk met: ruggesteun praktijk list")
    return found


async def _texts(store: Store, practice: str) -> dict[str, OwnText]:
    return {topic: OwnText.model_validate(body) for topic, body in (await store.practices.texts(practice)).items()}


def _library() -> LiveLibrary:
    try:
        return LiveLibrary(settings().content)
    except ContentError as error:
        _fail(f"De inhoud heeft fouten:\n{error}")


def _run[Result](work: Callable[[Store, Book], Awaitable[Result]]) -> Result:
    """Do `work` with the store and all practices of this installation; what fails ends with one sentence."""
    library = _library()

    async def inside() -> Result:
        async with Store.open(settings().store_url, vault=Vault.of(settings().keys)) as store:
            book = Book(library, store, load_alarm_content(settings().content / "alarm"))
            await book.refresh()
            return await work(store, book)

    try:
        upgrade(settings().store_url)
        return asyncio.run(inside())
    except (BadKey, NoKey) as error:
        _fail(f"Er is geen goede sleutel: {error}. Maak er een met `ruggesteun sleutel` en zet die in RUGGESTEUN_KEYS.")
    except AlarmContentError as error:
        _fail(f"De alarmen hebben fouten:\n{error}")
    except ValueError as error:
        _fail(f"RUGGESTEUN_DATABASE_URL klopt niet: {error}")
    except (SQLAlchemyError, OSError) as error:
        _fail(f"De database doet het niet ({type(error).__name__}). Kijk naar RUGGESTEUN_DATABASE_URL en de schijf.")


def _fail(message: str) -> NoReturn:
    _console.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(1)
