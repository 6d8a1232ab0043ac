"""What random lives try with changes: filed, asked for, read, decided, taken back, stopped and resumed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from common.errors import Refused
from subsidies.approved_plan import Plan
from subsidies.models import ChangeRequest
from subsidies.services import change_decisions, changes

from .change_cases import asked, begun, plan_of

if TYPE_CHECKING:
    from .lives import Life

AMOUNTS = (1_000, 3_999_000, 4_900_000, 5_400_000, 6_000_000, 7_200_000, 9_999_000, 10_001_000)
STOPS = ("suspend", "suspend", "discontinue")


def change_acts(life: Life) -> dict[str, Callable[[], object]]:
    """Every act on changes by its name, whether it is allowed now or not."""
    scene = life.scene
    return {
        "file_light_change": lambda: _file(life),
        "ask_change": lambda: asked(scene, life.row, after=_plan(life), effective_on=_day(life)),
        "ask_change_again": lambda: asked(scene, life.row, after=_plan(life), effective_on=_day(life)),
        "opine_change": lambda: change_decisions.opine(
            **_last(life), text="計画の見直しはやむを得ず、目的の達成に支障がないと認められる。", fits=True,
            viewer=scene.reviewer(),
        ),
        "return_change": lambda: change_decisions.send_back(
            **_last(life), reason="積算を示してください。", viewer=scene.reviewer()
        ),
        "submit_change_again": lambda: changes.submit(**_last(life), viewer=scene.approver()),
        "withdraw_change": lambda: changes.withdraw(
            **_last(life), reason="見直すため。", viewer=scene.approver()
        ),
        "approve_change": lambda: change_decisions.approve(**_last(life), viewer=scene.head()),
        "approve_change_again": lambda: change_decisions.approve(**_last(life), viewer=scene.head()),
        "refuse_change": lambda: change_decisions.refuse(
            **_last(life), reason="必要が認められない。", viewer=scene.head()
        ),
        "ask_stop": lambda: asked(
            scene, life.row, life.random.choice(STOPS), effective_on=_day(life), after=_now(life)
        ),
        "resume": lambda: changes.resume(application_id=life.pk, reason="講師が決まった。", viewer=scene.approver()),
    }  # fmt: skip


def _file(life: Life) -> object:
    change = begun(life.scene, life.row, after=_plan(life), effective_on=_day(life))
    return changes.submit(application_id=life.pk, number=change.number, viewer=life.scene.approver(), light=True)


def _plan(life: Life) -> Plan:
    """The plan with some grant, sometimes more than the cap or less than was paid."""
    return plan_of(life.row, life.random.choice(AMOUNTS))


def _now(life: Life) -> Plan:
    return plan_of(life.row, life.row.granted_yen or 0)


def _day(life: Life) -> date:
    begins = life.row.start_on
    if begins is None:
        raise Refused("事業の開始日がありません。")
    return begins


def _last(life: Life) -> dict[str, int]:
    change = ChangeRequest.objects.filter(application=life.pk).order_by("-number").first()
    if change is None:
        raise Refused("変更の手続がありません。")
    return {"application_id": life.pk, "number": change.number}
