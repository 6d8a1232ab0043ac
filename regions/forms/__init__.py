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
from .meetings import AttendanceStep, CirculateForm, MeetingStep, MembersStep, MinutesStep, PaperForm
from .plans import InitiativeFormSet, PlanForm
from .records import ActualForm, HubForm, OverrideForm, StageForm, UndeclaredHubForm
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
from .vision_parts import VisionBeginForm
from .visions import EquivalentPage

__all__ = [
    "ActualForm",
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
    "FramePart",
    "GroupForm",
    "HubForm",
    "InitiativeFormSet",
    "InitiativePart",
    "IssueFormSet",
    "LeadForm",
    "LinkForm",
    "MeetingStep",
    "MembersStep",
    "MinutesStep",
    "OpinionForm",
    "OverrideForm",
    "PaperForm",
    "PlanForm",
    "ReasonForm",
    "RegionForm",
    "RenameForm",
    "SignedCopyForm",
    "StageForm",
    "StateForm",
    "TypeForm",
    "UndeclaredHubForm",
    "VisionBeginForm",
]
