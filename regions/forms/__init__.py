"""Reading what people type about regions, agreements, visions and plans, with Japanese error texts."""

from .agreements import AgreementForm, ConsentForm, DayForm, ReasonForm
from .forecasts import CommentForm, ForecastForm, IssueFormSet
from .plans import InitiativeFormSet, MeetingForm, PlanForm
from .records import ActualForm, HubForm, OverrideForm, StageForm, UndeclaredHubForm
from .regions import CloseForm, LeadForm, RegionForm, RenameForm
from .visions import VisionForm, VisionItemFormSet

__all__ = [
    "ActualForm",
    "AgreementForm",
    "CloseForm",
    "CommentForm",
    "ConsentForm",
    "DayForm",
    "ForecastForm",
    "HubForm",
    "InitiativeFormSet",
    "IssueFormSet",
    "LeadForm",
    "MeetingForm",
    "OverrideForm",
    "PlanForm",
    "ReasonForm",
    "RegionForm",
    "RenameForm",
    "StageForm",
    "UndeclaredHubForm",
    "VisionForm",
    "VisionItemFormSet",
]
