"""Reading what people type about regions, agreements, visions and plans, with Japanese error texts."""

from .agreements import AgreementForm, ConsentForm, DayForm, ReasonForm
from .forecasts import CommentForm, ForecastForm, IssueFormSet
from .plans import InitiativeFormSet, MeetingForm, PlanForm
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
    "MeetingForm",
    "OpinionForm",
    "OverrideForm",
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
