"""Long work of this room, found by the queue."""

from .forecast_drawing import draw

__all__ = ["draw"]
