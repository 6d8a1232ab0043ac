"""What to ask the towns to mend: proposed from the findings, mended and sent by the reviewer."""

from __future__ import annotations

from .judging import latest_verdict
from .models import Application, CorrectionItem
from .rules.verdict import Result
from .services.reviews import ItemInput

Target = CorrectionItem.Target
TARGETS = {
    "C-02": Target.MEMBERS, "C-03": Target.DOCUMENTS, "C-04": Target.DOCUMENTS, "C-06": Target.COSTS,
    "C-07": Target.BASIC, "C-08": Target.BASIC, "C-11": Target.COSTS, "C-12": Target.BASIC,
    "M-02": Target.MEMBERS, "M-03": Target.MEMBERS, "M-09": Target.COSTS, "M-10": Target.PROJECTS,
    "M-12": Target.COSTS, "A-02": Target.MEMBERS, "A-04": Target.MEMBERS, "A-08": Target.PROJECTS,
    "A-10": Target.COSTS, "A-11": Target.COSTS, "A-16": Target.PROJECTS, "A-17": Target.KPI, "N-01": Target.KPI,
    "N-02": Target.COSTS, "N-03": Target.MEMBERS, "N-09": Target.PROJECTS, "N-11": Target.PROJECTS,
    "N-12": Target.MEMBERS,
}  # fmt: skip


def proposed_items(application: Application) -> list[ItemInput]:
    """Return one item for each rule that fails or lacks data, in the order of the ruleset; the reviewer edits them."""
    verdict = latest_verdict(application)
    if verdict is None:
        return []
    return [
        ItemInput(target=TARGETS.get(finding.rule, Target.BASIC).value, text=finding.message, rule=finding.rule)
        for finding in verdict.findings
        if finding.result in (Result.FAIL, Result.NO_DATA)
    ]
