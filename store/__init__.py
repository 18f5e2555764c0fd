"""What Ruggesteun remembers: conversations for as long as the practice chose, feedback and unanswered questions.

SQLite by default, PostgreSQL by URL. `upgrade(url)` at the start of a process, then `async with Store.open(url)`.
"""

from store.database import Store, TopicFeedback, UnknownConversation
from store.migrate import upgrade
from store.models import Author, Conversation, Feedback, Message, Unanswered

__all__ = [
    "Author",
    "Conversation",
    "Feedback",
    "Message",
    "Store",
    "TopicFeedback",
    "Unanswered",
    "UnknownConversation",
    "upgrade",
]
