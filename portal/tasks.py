"""Long work of this room, found by the queue."""

from .paper_drawing import draw
from .retention.archive import write_archive

__all__ = ["draw", "write_archive"]
