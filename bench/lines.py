"""The messages that both set-ups get: questions of the development set, short ones and long ones."""

from __future__ import annotations

import csv

from bot.training import ROOT

SHORT_WORDS = 8  # at most
LONG_WORDS = range(26, 35)  # around thirty


def _all() -> list[str]:
    with (ROOT / "tests/evaluation/topics.tsv").open(encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]


def short() -> list[str]:
    """Questions of at most eight words."""
    return [line for line in _all() if len(line.split()) <= SHORT_WORDS]


def long() -> list[str]:
    """Questions of about thirty words."""
    return [line for line in _all() if len(line.split()) in LONG_WORDS]
