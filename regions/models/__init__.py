"""Who works together: zones, regions, agreements, visions, initiatives, KPIs, plans and conferences."""

from .agreement import Agreement, AgreementConsent
from .conference import ConferenceMeeting
from .field import Field
from .forecast import ForecastComment, ForecastIssue, ForecastOwner, FutureForecast
from .kpi import Kpi, KpiActual, KpiTarget
from .life import RegionComment, RegionState, SubGroup, SubGroupDecision
from .plan import ForwardPlan, ForwardPlanInitiative, ForwardPlanRegion
from .project import Project, ProjectName
from .region import Region, RegionLink, RegionMembership, RegionName
from .stage import StageAssessment
from .vision import Vision, VisionCost, VisionProject
from .zone import HubDesignation, NationalZone, UndeclaredHub, ZoneMembership, ZoneStatusOverride

__all__ = [
    "Agreement",
    "AgreementConsent",
    "ConferenceMeeting",
    "Field",
    "ForecastComment",
    "ForecastIssue",
    "ForecastOwner",
    "ForwardPlan",
    "ForwardPlanInitiative",
    "ForwardPlanRegion",
    "FutureForecast",
    "HubDesignation",
    "Kpi",
    "KpiActual",
    "KpiTarget",
    "NationalZone",
    "Project",
    "ProjectName",
    "Region",
    "RegionComment",
    "RegionLink",
    "RegionMembership",
    "RegionName",
    "RegionState",
    "StageAssessment",
    "SubGroup",
    "SubGroupDecision",
    "UndeclaredHub",
    "Vision",
    "VisionCost",
    "VisionProject",
    "ZoneMembership",
    "ZoneStatusOverride",
]
