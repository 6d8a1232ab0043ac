"""People and posts: who sits where with which duty, since when, and who hands over to whom."""

from .handover import Handover, HandoverRow
from .office import Office
from .person import Post, User

__all__ = ["Handover", "HandoverRow", "Office", "Post", "User"]
