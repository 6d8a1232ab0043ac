"""THE matrix: every URL × the twelve duties and a person who has not signed in. A URL missing here fails the suite.

A row says what the holder of each duty inside the territory reads: `ok` 200 (or `answers`), `hidden` 404, everyone else
403. `writers` are those whose forms are read, where more may look than write. `named` is what the address names, by
its name in the world; such rows also say what the same duty of another territory reads: `strangers` (404; 403 where the
thing itself is public), unless it is `open_to_strangers`. Post-only addresses carry `post`, the data to send.
"""

from __future__ import annotations

from .accounts import LOOKED_UP
from .afterwards import AFTERWARDS
from .calls import CALLS
from .changes import CHANGES
from .control import CONTROL
from .portal import PORTAL
from .regions import REGIONS
from .review import REVIEW
from .towns import TOWNS

MATRIX = [*PORTAL, *LOOKED_UP, *REGIONS, *CALLS, *REVIEW, *TOWNS, *CHANGES, *AFTERWARDS, *CONTROL]
