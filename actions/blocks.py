"""The pieces a reply is planned in: which text, never the text itself. compose.py looks the words up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from actions.memory import Memory
from content import Button, Kind

MORE, SIMPLE, TOLD = "more", "simple", "told"


class Act(StrEnum):
    """What a message does."""

    ASK = "vraag"
    TELL = "vertel"
    FEEL = "gevoel"
    CORRECT = "correctie"
    COMPLAIN = "klacht"
    PERSON = "mens"
    MORE = "meer"
    SIMPLER = "simpeler"
    FOLLOW = "vervolg"
    YES = "ja"
    NO = "nee"
    WIPE = "wissen"
    REPEAT = "herhaal"
    THUMB = "duim"
    UNCLEAR = "onduidelijk"
    OUTSIDE = "buiten"
    SMALL_TALK = "praatje"
    GOODBYE = "afscheid"


@dataclass(frozen=True)
class Heard:
    """A line of acts.yml that says what was heard; about somebody else where `other`."""

    key: str
    line: int
    other: bool = False

    def __str__(self) -> str:
        return f"heard {self.key}"

    @property
    def name(self) -> str:
        return f"heard:{self.key}.{'o' if self.other else ''}{self.line}"


@dataclass(frozen=True)
class Passage:
    """A text on a topic. `part`: nothing (the general answer), "more", "simple", "told", "=value" (a variant) or the id
    of an answer; `fact`: in the words for who has it. `lead`: "Eerst over ..." goes before it.
    """

    topic: str
    part: str = ""
    fact: str | None = None
    lead: int | None = None

    def __str__(self) -> str:
        return f"passage {self.ref}"

    @property
    def ref(self) -> str:
        """The name in Reply.answers and in the memory: "sport", "sport.hoe_vaak", "sport:more"."""
        own = self.part and self.part not in {MORE, SIMPLE, TOLD} and not self.part.startswith("=")
        return f"{self.topic}.{self.part}" if own else f"{self.topic}:{self.part}" if self.part else self.topic


@dataclass(frozen=True)
class Care:
    """The text of acts.yml on moving with this fact, in place of an exercise text that does not know of it.

    `again`: that was said, and this further topic is asked about.
    """

    fact: str
    wording: int
    again: str | None = None

    def __str__(self) -> str:
        return f"care {self.fact} {self.again}" if self.again else f"care {self.fact}"

    @property
    def name(self) -> str:
        return f"care:{self.fact}:{self.again}" if self.again else f"care:{self.fact}"


@dataclass(frozen=True)
class Text:
    """A wording of acts.yml (`own`), else of smalltalk.yml; as the opening line (`heard`) or the question (`asks`)."""

    key: str
    wording: int
    own: bool = True
    heard: bool = False
    asks: bool = False
    words: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{'text' if self.own else 'talk'} {self.key}"

    @property
    def name(self) -> str:
        return f"text:{self.key}.{self.wording}"


@dataclass(frozen=True)
class Help:
    """What helps who feels so; `careful`: in the words for where a back is not known to be sound."""

    mood: str
    wording: int
    careful: bool = False

    def __str__(self) -> str:
        return f"help {self.mood}"

    @property
    def name(self) -> str:
        return f"help:{self.mood}.{'c' if self.careful else ''}{self.wording}"


@dataclass(frozen=True)
class HelpQuestion:
    """The one question behind what helps."""

    mood: str

    def __str__(self) -> str:
        return f"question {self.mood}"

    @property
    def name(self) -> str:
        return f"question:{self.mood}"


@dataclass(frozen=True)
class Reassurance:
    """A line of reassurance.yml."""

    key: str
    line: int

    def __str__(self) -> str:
        return f"reassurance {self.key}"

    @property
    def name(self) -> str:
        return f"calm:{self.key}.{self.line}"


@dataclass(frozen=True)
class Vangnet:
    """A safety net of vangnet.yml."""

    key: str

    def __str__(self) -> str:
        return f"vangnet {self.key}"

    @property
    def name(self) -> str:
        return f"vangnet:{self.key}"


@dataclass(frozen=True)
class Opening:
    """Whether the practice is open: at the time that was asked about, or now."""

    now: bool = False

    def __str__(self) -> str:
        return "opening"


@dataclass(frozen=True)
class Advice:
    """ "Discuss it with your therapist or GP", for a sign that is worth that and no more."""

    name = "advice"

    def __str__(self) -> str:
        return "advice"


@dataclass(frozen=True)
class Again:
    """The last reply as it was."""

    def __str__(self) -> str:
        return "again"


@dataclass(frozen=True)
class Buttons:
    """What can be pressed."""

    buttons: tuple[Button, ...]

    def __str__(self) -> str:
        return f"buttons {' '.join(button.id for button in self.buttons)}"


Block = (
    Heard | Passage | Care | Text | Help | HelpQuestion | Reassurance | Vangnet | Opening | Advice | Again | Buttons
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """A reply in pieces, and what is remembered after it.

    `unanswered`: the message was not understood; kept for the practice with these topics that it may have meant.
    `thumb`: the running topic helped or not, to be counted.
    """

    act: Act
    kind: Kind
    blocks: tuple[Block, ...]
    memory: Memory
    topic: str | None = None
    forget: bool = False
    unanswered: tuple[str, ...] | None = None
    thumb: bool | None = None

    def __str__(self) -> str:
        return f"{self.act}: {' | '.join(map(str, self.blocks))}"
