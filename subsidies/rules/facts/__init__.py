"""What is known when a rule is asked: plain frozen values, gathered elsewhere, stored with every evaluation.

`RegionFacts` answers what depends on members, program, year and date; `ApplicationFacts` adds what a region asks money
for. A fact that nobody knows is named in `unknown` with the reason and leads to NO_DATA; one that is known to be
absent is None or empty and leads to FAIL. Both go to JSON and back exactly (`to_json`, `from_json`).
"""

from .application import (
    AllotmentFacts,
    ApplicationFacts,
    ChangeFacts,
    CostLineFacts,
    CostSharingFacts,
    IncomeLineFacts,
    KpiFacts,
    MunicipalityRef,
    ParticipantFacts,
    ProjectFacts,
    ReviewFacts,
    SelfRunningFacts,
    SubgroupFacts,
)
from .documents import (
    AgreementFacts,
    ConferenceFacts,
    ConsentFacts,
    ConsentState,
    EquivalenceFacts,
    ForwardPlanFacts,
    MeetingFacts,
    VisionFacts,
)
from .region import (
    MemberFacts,
    Projection,
    RegionFacts,
    RegionType,
    SeriesMixedError,
    SupportFacts,
    ZoneFacts,
    ZoneStatus,
)

__all__ = [
    "AgreementFacts",
    "AllotmentFacts",
    "ApplicationFacts",
    "ChangeFacts",
    "ConferenceFacts",
    "ConsentFacts",
    "ConsentState",
    "CostLineFacts",
    "CostSharingFacts",
    "EquivalenceFacts",
    "ForwardPlanFacts",
    "IncomeLineFacts",
    "KpiFacts",
    "MeetingFacts",
    "MemberFacts",
    "MunicipalityRef",
    "ParticipantFacts",
    "ProjectFacts",
    "Projection",
    "RegionFacts",
    "RegionType",
    "ReviewFacts",
    "SelfRunningFacts",
    "SeriesMixedError",
    "SubgroupFacts",
    "SupportFacts",
    "VisionFacts",
    "ZoneFacts",
    "ZoneStatus",
]
