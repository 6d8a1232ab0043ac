"""Pages that need several rooms, and the pages that say no."""
