"""What we say: topics, reassurance, small talk, practices and sources, and the library that loads and checks them."""

from content.library import ContentError, Library, LiveLibrary
from content.model import OwnText, Practice, PracticeFile, Topic
from content.reply import Button, Image, Kind, Reply, SourceLink

__all__ = [
    "Button",
    "ContentError",
    "Image",
    "Kind",
    "Library",
    "LiveLibrary",
    "OwnText",
    "Practice",
    "PracticeFile",
    "Reply",
    "SourceLink",
    "Topic",
]
