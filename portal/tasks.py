"""Long work of this room, found by the queue."""

from .retention.archive import write_archive
from .retention.erasing import erase_list

__all__ = ["erase_list", "write_archive"]
