"""What must hold before a step: each guard answers with the sentences that say what is missing, or nothing.

Names stand in `workflow.STEPS`; the sentences are read by the person who pressed the button.
"""

from . import after_decision, changes, revocation  # register their guards
from .before_decision import last_day_of
from .registry import GUARDS

__all__ = ["GUARDS", "after_decision", "changes", "last_day_of", "revocation"]
