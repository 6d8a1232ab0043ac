"""Maps as SVG, drawn on the server: one drawing for page and PDF, readable without colour, nothing fetched.

`sheet()` projects and simplifies outlines (slow, cache it), `draw()` puts fills, names and leader lines on it (fast).
"""

from .drawing import Look, Mark, draw
from .sheet import Sheet, sheet, slope

__all__ = ["Look", "Mark", "Sheet", "draw", "sheet", "slope"]
