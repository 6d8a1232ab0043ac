"""The money: programs and rulesets, calls and budgets, applications, review, decisions."""

from .application import Application, ApplicationProject, Participant, SelfRunningLine
from .batch import Batch, BatchRow, CaseOpening
from .budget import BudgetEntry, CallAllotment
from .call import Call
from .change import ChangeRequest, ChangeVersion
from .correction import CorrectionItem, CorrectionRound
from .cost import CostLine, IncomeLine, ReductionLine
from .decision import ApprovalRoute, ApprovalStep, Decision
from .delegation import Delegation
from .finding import Finding
from .follow_up import FollowUp
from .package import Package
from .preconsultation import PreConsultation
from .program import Program, RuleSetVersion, SupportYear
from .progress import ProgressItem, ProgressReport, ProgressSpent
from .report import CaseSheet, Report, ReportCost, ReportIncome, ReportItem, ReportReminder, ReportShare
from .review import Evaluation, InternalNote, Judgement, Opinion
from .revocation import Reopening, ReturnOrder, Revocation, RevocationConcurrence
from .settlement import Inspection, Payment, Settlement
from .simulation import BudgetSimulation, SimulationLine
from .snapshot import Snapshot
from .studio import BenchRun, WorkedExample

__all__ = [
    "Application",
    "ApplicationProject",
    "ApprovalRoute",
    "ApprovalStep",
    "Batch",
    "BatchRow",
    "BenchRun",
    "BudgetEntry",
    "BudgetSimulation",
    "Call",
    "CallAllotment",
    "CaseOpening",
    "CaseSheet",
    "ChangeRequest",
    "ChangeVersion",
    "CorrectionItem",
    "CorrectionRound",
    "CostLine",
    "Decision",
    "Delegation",
    "Evaluation",
    "Finding",
    "FollowUp",
    "IncomeLine",
    "Inspection",
    "InternalNote",
    "Judgement",
    "Opinion",
    "Package",
    "Participant",
    "Payment",
    "PreConsultation",
    "Program",
    "ProgressItem",
    "ProgressReport",
    "ProgressSpent",
    "ReductionLine",
    "Reopening",
    "Report",
    "ReportCost",
    "ReportIncome",
    "ReportItem",
    "ReportReminder",
    "ReportShare",
    "ReturnOrder",
    "Revocation",
    "RevocationConcurrence",
    "RuleSetVersion",
    "SelfRunningLine",
    "Settlement",
    "SimulationLine",
    "Snapshot",
    "SupportYear",
    "WorkedExample",
]
