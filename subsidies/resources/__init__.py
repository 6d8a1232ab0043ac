"""The sheets of a grant: what an application costs and aims at (I-11, F-01), what its work really cost (F-02)."""

from .application import CostSheet, KpiSheet
from .report import ReportCostSheet

__all__ = ["CostSheet", "KpiSheet", "ReportCostSheet"]
