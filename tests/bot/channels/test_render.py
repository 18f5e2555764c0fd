"""Everything the assistant can say, in both channels: nothing too long, no title cut, no button lost, no raw JSON."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import layout
from bot.channels.layout import Picture
from bot.channels.telegram import render as telegram
from bot.channels.whatsapp import render as whatsapp
from content import Button, Image, Kind, Reply, SourceLink
from tests.bot.channels.every_reply import every_reply

REPLIES = every_reply()
ANSWERS = [reply for reply in REPLIES if reply.kind is Kind.ANSWER]
ALARMS = [reply for reply in REPLIES if reply.kind is Kind.ALARM]


def many(count: int) -> Reply:
    buttons = tuple(
        Button(id=f"topic.t{n}", title=f"Vraag nummer {n}, wat langer", short=f"Vraag {n}") for n in range(count)
    )
    return Reply(kind=Kind.SUGGESTION, paragraphs=("Kies maar.",), buttons=buttons)


def turns() -> list[tuple[Reply, ...]]:
    """Each reply alone, and an alarm before an answer, and two answers."""
    return [
        *((reply,) for reply in REPLIES),
        *((ALARMS[0], answer) for answer in ANSWERS),
        *zip(ANSWERS, ANSWERS[1:], strict=False),
    ]


def wanted(replies: Sequence[Reply]) -> set[str]:
    return {button.id for reply in replies for button in reply.buttons}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub("</?b>", "", text)).replace("*", "")).strip()


def says_all(texts: str, replies: Sequence[Reply]) -> None:
    found = plain(texts)
    for reply in replies:
        for paragraph in (*reply.words, *(source.title for source in reply.sources)):
            assert plain(paragraph) in found


def check_whatsapp(replies: Sequence[Reply]) -> None:
    sent = whatsapp.render(replies)
    texts = [part for part in sent if isinstance(part, whatsapp.Message)]
    shown = []
    for message in texts:
        assert message.text.strip() == message.text != ""
        assert "{" not in message.text, "raw JSON or a placeholder"
        assert not (message.buttons and message.rows)
        assert len(message.text) <= (1024 if message.buttons or message.rows else 4096)
        assert len(message.buttons) <= 3
        assert len({title for _, title in message.buttons}) == len(message.buttons)
        assert all(1 <= len(title) <= 20 and len(id) <= 256 for id, title in message.buttons)
        assert len(message.rows) <= 10
        for row in message.rows:
            assert len(row.id) <= 200
            assert 1 <= len(row.title) <= 24
            assert len(row.description) <= 72
        shown += [id for id, _ in message.buttons] + [row.id for row in message.rows]
    assert Counter(shown) == Counter(wanted(replies)), "each button once"
    says_all(" ".join(part.text for part in texts), replies)
    for picture in sent:
        if isinstance(picture, Picture):
            assert 1 <= len(picture.caption) <= 1024
    assert sum(isinstance(part, Picture) for part in sent) == sum(reply.image is not None for reply in replies)
    # Few, long messages: an answer is one, or two where its text does not fit above buttons.
    assert len(texts) <= 2 * len(replies)


def check_telegram(replies: Sequence[Reply]) -> None:
    sent = telegram.render(replies)
    texts = [part for part in sent if isinstance(part, telegram.Message)]
    shown = []
    for message in texts:
        assert layout.length(plain(message.html)) <= 4096
        assert layout.length(message.plain) <= 4096
        assert plain(message.html) == plain(message.plain)
        assert "{" not in message.plain, "raw JSON or a placeholder"
        assert all(1 <= len(data.encode()) <= 64 and 1 <= len(title) <= 36 for data, title in message.buttons)
        shown += [data for data, _ in message.buttons]
    assert Counter(shown) == Counter(wanted(replies)), "each button once"
    says_all(" ".join(part.html for part in texts), replies)
    assert len(texts) == len(replies)


def test_everything_fits_in_whatsapp() -> None:
    for replies in turns():
        check_whatsapp(replies)


def test_everything_fits_in_telegram() -> None:
    for replies in turns():
        check_telegram(replies)


def test_the_check_covers_every_kind() -> None:
    assert {reply.kind for reply in REPLIES} >= set(Kind) - {Kind.FALLBACK}
    assert any(reply.image for reply in REPLIES)
    assert any(reply.crisis and reply.urgency == "112" for reply in REPLIES)


def test_titles_are_whole() -> None:
    """No title is cut: each is one of the two that the content gives."""
    for reply in REPLIES:
        titles = {title for button in reply.buttons for title in (button.title, button.short)}
        for part in telegram.render([reply]):
            assert not isinstance(part, telegram.Message) or {title for _, title in part.buttons} <= titles
        for message in whatsapp.render([reply]):
            if isinstance(message, whatsapp.Message):
                assert {title for _, title in message.buttons} <= titles
                assert {row.title.partition(". ")[2] for row in message.rows} <= titles
                assert {row.description for row in message.rows} <= titles | {""}


@pytest.mark.parametrize("reply", ALARMS[:60], ids=lambda reply: str(reply.signs))
def test_an_alarm_begins_with_what_to_do_in_bold(reply: Reply) -> None:
    whatsapp_first, telegram_first = whatsapp.render([reply])[0], telegram.render([reply])[0]
    assert isinstance(whatsapp_first, whatsapp.Message)
    assert isinstance(telegram_first, telegram.Message)
    assert whatsapp_first.text.startswith(f"*{reply.paragraphs[0]}*")
    assert telegram_first.html.startswith(f"<b>{html.escape(reply.paragraphs[0], quote=False)}</b>")


@pytest.mark.parametrize(
    ("count", "buttons", "rows"), [(1, 1, 0), (3, 3, 0), (4, 0, 4), (10, 0, 10), (11, 0, 0), (15, 0, 0)]
)
def test_buttons_up_to_three_a_list_up_to_ten_else_numbers(count: int, buttons: int, rows: int) -> None:
    (message,) = whatsapp.render([many(count)])
    assert isinstance(message, whatsapp.Message)
    assert (len(message.buttons), len(message.rows)) == (buttons, rows)
    numbered = [f"{number}. Vraag nummer {number - 1}, wat langer" for number in range(1, count + 1)]
    assert all(line in message.text for line in numbered) == (count > 3)


def test_buttons_with_the_same_short_title_become_a_list() -> None:
    buttons = (
        Button(id="topic.a", title="Rust bij hernia", short="Rust"),
        Button(id="topic.b", title="Rust bij spit", short="Rust"),
    )
    (message,) = whatsapp.render([Reply(kind=Kind.SUGGESTION, paragraphs=("x",), buttons=buttons)])
    assert isinstance(message, whatsapp.Message)
    assert [row.title for row in message.rows] == ["1. Rust", "2. Rust"]


def test_numbers_run_on_over_the_replies_to_one_message() -> None:
    first, second = ALARMS[0], many(5)
    sent = whatsapp.render([first, second])
    numbers = [row.title.partition(".")[0] for part in sent if isinstance(part, whatsapp.Message) for row in part.rows]
    assert numbers == [str(number) for number in range(1, len(first.buttons) + 6)]


def test_the_image_comes_first_with_its_description() -> None:
    reply = Reply(
        kind=Kind.ANSWER, paragraphs=("Zo til je.",), image=Image(url="/media/tillen.png", alt="Iemand tilt.")
    )
    for sent in (whatsapp.render([reply]), telegram.render([reply])):
        assert (sent[0].url, sent[0].caption) == ("/media/tillen.png", "Iemand tilt.")  # type: ignore[union-attr]


def test_a_source_without_address_is_named() -> None:
    reply = Reply(
        kind=Kind.ANSWER, paragraphs=("x",), sources=(SourceLink(title="A"), SourceLink(title="B", url="https://b.nl"))
    )
    (message,) = telegram.render([reply])
    assert isinstance(message, telegram.Message)
    assert message.plain.endswith("Bronnen: A; B: https://b.nl")


WHOLE = Reply(
    kind=Kind.ANSWER,
    topic="sport",
    reminder="Je schreef dat plassen niet lukt. Bel nu 112.",
    heard="Drie nachten slecht geslapen, dat breekt op.",
    paragraphs=("Ja, dat mag.",),
    answers=("sport.hoe_vaak",),
    step="Kies deze week twee dagen.",
    vangnet=("Bel wel je huisarts als je been slapper wordt.", "Doe dat dezelfde dag."),
    vangnet_signs=("CES07_benen_slap",),
    question="Hoe lang heb je dit al?",
    kept=("CES01_plassen",),
)
IN_ORDER = (
    "Je schreef dat plassen niet lukt. Bel nu 112.\n\n"
    "Drie nachten slecht geslapen, dat breekt op.\n\n"
    "Ja, dat mag.\n\n"
    "Kies deze week twee dagen.\n\n"
    "Let op: Bel wel je huisarts als je been slapper wordt. Doe dat dezelfde dag.\n\n"
    "Hoe lang heb je dit al?"
)


def test_a_reply_is_shown_in_its_order_with_the_reminder_in_bold() -> None:
    (telegrammed,) = telegram.render([WHOLE])
    (whatsapped,) = whatsapp.render([WHOLE])
    assert isinstance(telegrammed, telegram.Message)
    assert telegrammed.plain == IN_ORDER
    assert telegrammed.html.startswith("<b>Je schreef dat plassen niet lukt. Bel nu 112.</b>\n\nDrie nachten")
    assert isinstance(whatsapped, whatsapp.Message)
    assert whatsapped.text == IN_ORDER.replace("Je schreef dat plassen niet lukt. Bel nu 112.", f"*{WHOLE.reminder}*")


def test_the_first_line_of_an_alarm_is_bold_behind_a_reminder_too() -> None:
    alarm = WHOLE.model_copy(update={"kind": Kind.ALARM, "heard": None})
    assert [block.bold for block in layout.blocks(alarm)] == [True, True, False, False, False]


def test_signs_of_html_are_escaped() -> None:
    (message,) = telegram.render([Reply(kind=Kind.ANSWER, paragraphs=("1 < 2 & <b>vet</b>",))])
    assert isinstance(message, telegram.Message)
    assert message.html == "1 &lt; 2 &amp; &lt;b&gt;vet&lt;/b&gt;"
    assert message.plain == "1 < 2 & <b>vet</b>"


def test_an_asterisk_does_not_end_the_bold_of_an_alarm() -> None:
    (message,) = whatsapp.render([Reply(kind=Kind.ALARM, urgency="112", paragraphs=("Bel * nu 112.", "x * y"))])
    assert isinstance(message, whatsapp.Message)
    assert message.text == "*Bel  nu 112.*\n\nx * y"


paragraphs = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6_000), min_size=1, max_size=4
)


@given(
    paragraphs, st.integers(min_value=0, max_value=14), st.sampled_from([Kind.ANSWER, Kind.ALARM, Kind.ALARM_QUESTION])
)
def test_any_length_of_text_fits_and_no_letter_is_lost(texts: list[str], count: int, kind: Kind) -> None:
    reply = many(count).model_copy(update={"paragraphs": tuple(texts), "kind": kind})
    sent = [part for part in whatsapp.render([reply]) if isinstance(part, whatsapp.Message)]
    assert all(layout.length(m.text) <= (1024 if m.buttons or m.rows else 4096) for m in sent)
    on_telegram = [part for part in telegram.render([reply]) if isinstance(part, telegram.Message)]
    assert all(layout.length(m.plain) <= 4096 for m in on_telegram)
    assert sum(len(m.buttons) for m in on_telegram) == count
    assert re.sub(r"\s", "", "".join(texts)) == re.sub(r"\s", "", "".join(m.plain for m in on_telegram))


def test_a_long_text_is_split_between_paragraphs_and_then_between_sentences() -> None:
    sentence = "Dit is een zin van zeven woorden."
    paragraph = " ".join([sentence] * 30)
    short = [layout.Block(paragraph)] * 3
    assert [len(part) for part in layout.pack(short, 2 * len(paragraph) + 2)] == [2, 1]
    pieces = [block.text for part in layout.pack(short[:1], 200) for block in part]
    assert all(piece.endswith(sentence) and len(piece) <= 200 for piece in pieces)
    assert " ".join(pieces) == paragraph
