"""The round that is open now: more is asked for than is allotted, and headquarters has prepared two simulations."""

from __future__ import annotations

from common.viewer import Viewer
from subsidies.distribution import Method
from subsidies.models import Call
from subsidies.services import calls, simulations

ALLOTTED_YEN = {"sorachi": 18_000_000, "nemuro": 12_000_000}  # made up
SHARED = "予算の範囲内で、各申請に按分したため（デモ）"


def make_simulations(people: dict[str, Viewer], call: Call) -> None:
    """Allot less than is asked for; one simulation is ready to be adopted, the other lacks its reasons."""
    staff = people["honcho-shinsa"]
    calls.allot(call_id=call.pk, viewer=staff, amounts=ALLOTTED_YEN)
    shared = simulations.simulate(
        call_id=call.pk,
        viewer=staff,
        name="按分案",
        method=Method.PRO_RATA,
        note="全ての取組を進められるよう、同じ割合で減らす（デモ）。",
    )
    reasons = {line.application_id: SHARED for line in shared.lines.all() if line.amount_yen < line.requested_yen}
    simulations.save_lines(simulation_id=shared.pk, viewer=staff, revision=shared.revision, amounts={}, reasons=reasons)
    simulations.simulate(
        call_id=call.pk,
        viewer=staff,
        name="優先度順の案",
        method=Method.PRIORITY,
        note="審査の優先度の高い申請を満額にする（デモ）。",
    )
