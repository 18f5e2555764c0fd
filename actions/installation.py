"""What the actions share in this process: one store, and the practices in use."""

from __future__ import annotations

from functools import lru_cache

from content.library import live
from practices.book import Book
from settings import settings
from store import Store


@lru_cache(maxsize=1)
def store() -> Store:
    """The store of this process."""
    return Store.open(settings().store_url)


@lru_cache(maxsize=1)
def book() -> Book:
    """The practices; the action server keeps it fresh."""
    return Book(live(settings().content), store())
