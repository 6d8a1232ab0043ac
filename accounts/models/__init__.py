"""People and posts: who sits where with which duty, since when."""

from .office import Office
from .person import Post, User

__all__ = ["Office", "Post", "User"]
