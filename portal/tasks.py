"""Long work of this room, found by the queue."""

from .retention.archive import write_archive

__all__ = ["write_archive"]
