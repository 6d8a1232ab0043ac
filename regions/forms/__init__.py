"""Reading what people type about regions, agreements, visions and plans, with Japanese error texts."""

from .agreements import AgreementForm, ConsentForm, DayForm, ReasonForm
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
from .visions import VisionForm, VisionItemFormSet

__all__ = [
    "ActualForm",
    "AgreementForm",
    "AttendanceStep",
    "CirculateForm",
    "CommentForm",
    "ConsentForm",
    "DayForm",
    "DecisionForm",
    "EndForm",
    "ForecastForm",
    "GroupForm",
    "HubForm",
    "InitiativeFormSet",
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
    "StageForm",
    "StateForm",
    "TypeForm",
    "UndeclaredHubForm",
    "VisionForm",
    "VisionItemFormSet",
]
