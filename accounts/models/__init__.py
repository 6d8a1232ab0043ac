"""People and posts: who sits where with which duty, since when, and who hands over to whom."""

from .absence import Absence
from .handover import Handover, HandoverRow
from .office import Office
from .person import Post, User
from .rhythm import NoticeRhythm

__all__ = ["Absence", "Handover", "HandoverRow", "NoticeRhythm", "Office", "Post", "User"]
