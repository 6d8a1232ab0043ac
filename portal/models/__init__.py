"""Models of the room portal, a module for each subject."""

from .indicators import BaselineAndTarget, PrefIndicator, PrefIndicatorPlan, PrefIndicatorValue
from .retention import DisposalItem, DisposalList, Erased, RetentionHold
from .rollover import RolloverStep
from .search import SearchEntry, SearchStale, SearchTokens

__all__ = [
    "BaselineAndTarget",
    "DisposalItem",
    "DisposalList",
    "Erased",
    "PrefIndicator",
    "PrefIndicatorPlan",
    "PrefIndicatorValue",
    "RetentionHold",
    "RolloverStep",
    "SearchEntry",
    "SearchStale",
    "SearchTokens",
]
