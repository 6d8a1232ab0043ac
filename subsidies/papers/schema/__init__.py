"""The data of each paper, field by field; `common.documents.freeze` turns them into stored snapshots."""

from .claims import Claim
from .endings import AdditionLine, ReturnNotice, RevocationNotice
from .forms import Budget, Cost, Funding, GrantApplication, Income, Member, Members, Plan, Request, Withdrawal, Work
from .notices import Conditions, GrantDecision, Rejection, Selection
from .packages import PackageCover, PackedFile
from .records import ApprovalBox, Consultation, Draft, Judgement, Opinion, Review, RuleRow
from .shared import Category, Costs, Kpi, KpiTable, Project, Reduction, Reference, Split, SplitRow, Support

__all__ = [
    "AdditionLine",
    "ApprovalBox",
    "Budget",
    "Category",
    "Claim",
    "Conditions",
    "Consultation",
    "Cost",
    "Costs",
    "Draft",
    "Funding",
    "GrantApplication",
    "GrantDecision",
    "Income",
    "Judgement",
    "Kpi",
    "KpiTable",
    "Member",
    "Members",
    "Opinion",
    "PackageCover",
    "PackedFile",
    "Plan",
    "Project",
    "Reduction",
    "Reference",
    "Rejection",
    "Request",
    "ReturnNotice",
    "Review",
    "RevocationNotice",
    "RuleRow",
    "Selection",
    "Split",
    "SplitRow",
    "Support",
    "Withdrawal",
    "Work",
]
