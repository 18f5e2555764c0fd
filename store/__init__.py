"""What Ruggesteun remembers: conversations for as long as the practice chose, feedback and unanswered questions.

SQLite by default, PostgreSQL by URL. `upgrade(url)` at the start of a process, then `async with Store.open(url)`.
"""

from store.channels import Delivery, OpenChannel
from store.database import Store, TopicFeedback, UnknownConversation
from store.migrate import downgrade, upgrade
from store.models import Author, ChannelKind, Conversation, Feedback, Message, Unanswered
from store.practices import Subject
from store.vault import BadKey, NoKey, Vault, new_key

__all__ = [
    "Author",
    "BadKey",
    "ChannelKind",
    "Conversation",
    "Delivery",
    "Feedback",
    "Message",
    "NoKey",
    "OpenChannel",
    "Store",
    "Subject",
    "TopicFeedback",
    "Unanswered",
    "UnknownConversation",
    "Vault",
    "downgrade",
    "new_key",
    "upgrade",
]
