"""Who works together: zones, regions, agreements, visions, initiatives, KPIs, plans and conferences."""

from .agreement import Agreement, AgreementConsent, CostMethod
from .agreement_text import AgreementArticle, AgreementInitiative, AgreementRole, AgreementRound
from .conference import ConferenceMeeting, ConferenceMember
from .field import Field
from .forecast import ForecastComment, ForecastIssue, ForecastOwner, FutureForecast
from .kpi import Kpi, KpiActual, KpiTarget
from .life import RegionComment, RegionState, SubGroup, SubGroupDecision
from .minutes import AgendaItem, Attendance, MeetingDecision, MinutesComment, OpenPoint, PointProgress
from .plan import (
    ForwardPlan,
    ForwardPlanInitiative,
    ForwardPlanRegion,
    ForwardPlanReview,
    InitiativeProgress,
    PlanComment,
)
from .project import Project, ProjectName
from .region import Region, RegionLink, RegionMembership, RegionName
from .stage import StageAssessment, StageComment
from .vision import Vision, VisionCost, VisionProject, VisionRole
from .zone import HubDesignation, NationalZone, UndeclaredHub, ZoneMembership, ZoneStatusOverride

__all__ = [
    "AgendaItem",
    "Agreement",
    "AgreementArticle",
    "AgreementConsent",
    "AgreementInitiative",
    "AgreementRole",
    "AgreementRound",
    "Attendance",
    "ConferenceMeeting",
    "ConferenceMember",
    "CostMethod",
    "Field",
    "ForecastComment",
    "ForecastIssue",
    "ForecastOwner",
    "ForwardPlan",
    "ForwardPlanInitiative",
    "ForwardPlanRegion",
    "ForwardPlanReview",
    "FutureForecast",
    "HubDesignation",
    "InitiativeProgress",
    "Kpi",
    "KpiActual",
    "KpiTarget",
    "MeetingDecision",
    "MinutesComment",
    "NationalZone",
    "OpenPoint",
    "PlanComment",
    "PointProgress",
    "Project",
    "ProjectName",
    "Region",
    "RegionComment",
    "RegionLink",
    "RegionMembership",
    "RegionName",
    "RegionState",
    "StageAssessment",
    "StageComment",
    "SubGroup",
    "SubGroupDecision",
    "UndeclaredHub",
    "Vision",
    "VisionCost",
    "VisionProject",
    "VisionRole",
    "ZoneMembership",
    "ZoneStatusOverride",
]
