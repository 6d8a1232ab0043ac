"""Reading what people type about regions, agreements, visions and plans, with Japanese error texts."""

from .agreements import AgreementForm, ConsentForm, DayForm, ReasonForm
from .plans import InitiativeFormSet, MeetingForm, PlanForm
from .regions import CloseForm, LeadForm, RegionForm, RenameForm
from .visions import VisionForm, VisionItemFormSet

__all__ = [
    "AgreementForm",
    "CloseForm",
    "ConsentForm",
    "DayForm",
    "InitiativeFormSet",
    "LeadForm",
    "MeetingForm",
    "PlanForm",
    "ReasonForm",
    "RegionForm",
    "RenameForm",
    "VisionForm",
    "VisionItemFormSet",
]
