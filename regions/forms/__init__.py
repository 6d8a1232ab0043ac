"""Reading what people type about regions, agreements, visions and plans, with Japanese error texts."""

from .agreements import (
    AgreementEndForm,
    AgreementForm,
    AmendForm,
    ArticlesPart,
    AskForm,
    ConsentForm,
    CostsPart,
    DayForm,
    FramePart,
    InitiativePart,
    ReasonForm,
    SignedCopyForm,
)
from .forecasts import CommentForm, ForecastForm, IssueFormSet
from .kpis import NEW, ActualsStep, KpiRow, PlanStep, ProjectChoice, RecordForm, path_years, row_of
from .meetings import AttendanceStep, CirculateForm, MeetingStep, MembersStep, MinutesStep, PaperForm
from .plans import AdoptForm, ForwardPlanStep, ReviewForm
from .records import HubForm, OverrideForm, UndeclaredHubForm
from .regions import (
    DecisionForm,
    EndForm,
    GroupForm,
    LeadForm,
    LinkForm,
    OpinionForm,
    RegionForm,
    RenameForm,
    StateForm,
    TypeForm,
)
from .stages import StagesForm
from .vision_parts import VisionBeginForm
from .visions import EquivalentPage

__all__ = [
    "NEW",
    "ActualsStep",
    "AdoptForm",
    "AgreementEndForm",
    "AgreementForm",
    "AmendForm",
    "ArticlesPart",
    "AskForm",
    "AttendanceStep",
    "CirculateForm",
    "CommentForm",
    "ConsentForm",
    "CostsPart",
    "DayForm",
    "DecisionForm",
    "EndForm",
    "EquivalentPage",
    "ForecastForm",
    "ForwardPlanStep",
    "FramePart",
    "GroupForm",
    "HubForm",
    "InitiativePart",
    "IssueFormSet",
    "KpiRow",
    "LeadForm",
    "LinkForm",
    "MeetingStep",
    "MembersStep",
    "MinutesStep",
    "OpinionForm",
    "OverrideForm",
    "PaperForm",
    "PlanStep",
    "ProjectChoice",
    "ReasonForm",
    "RecordForm",
    "RegionForm",
    "RenameForm",
    "ReviewForm",
    "SignedCopyForm",
    "StagesForm",
    "StateForm",
    "TypeForm",
    "UndeclaredHubForm",
    "VisionBeginForm",
    "path_years",
    "row_of",
]
