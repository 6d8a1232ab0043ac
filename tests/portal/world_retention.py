"""Of the world of the access matrix: a disposal list that was carried out, and what is left of what it erased."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING

from common import audit
from common.models import Task
from common.tasks import run_next
from common.viewer import Duty
from portal.models import DisposalList
from portal.retention import services
from subsidies.models import Application

from .world_people import Peopled

if TYPE_CHECKING:
    from tests.factories.subsidies import Scene


class Keeping(Peopled):
    """What addresses of retention name, but for lists that are not carried out."""

    scene: Scene
    case: Application
    _in_a_call_of_its_own: Callable[[str], Application]

    @cached_property
    def erased_disposal(self) -> DisposalList:
        """A list that was carried out: the file of a grant closed long ago is erased."""
        staff, head = self.person(Duty.HS), self.person(Duty.HM)
        old = self._in_a_call_of_its_own("granted")
        closed = Application.objects.filter(pk=old.pk)
        closed.update(state="closed", closed_on="2019-05-20", fixed_yen=old.granted_yen)
        made = services.prepare(viewer=staff, kind="application")
        services.propose(list_id=made.pk, viewer=staff)
        services.decide(list_id=made.pk, viewer=head)
        self._work_off("retention.archive")
        audit.record(staff, "disposal.look", made, "保存用ファイルの取得", internal=True)
        services.carry_out(list_id=made.pk, viewer=staff, count=1)
        self._work_off("retention.erase")
        made.refresh_from_db()
        return made

    def _work_off(self, kind: str) -> None:
        while Task.objects.filter(kind=kind, state="queued").exists():
            run_next("world", heartbeat=False)

    @cached_property
    def erased_case(self) -> SimpleNamespace:
        """The line that is left of it, as its address names it."""
        return SimpleNamespace(pk=self.erased_disposal.items.get().erased.name)

    @cached_property
    def kept_case(self) -> SimpleNamespace:
        """The case under review, as the register of retention names it."""
        return SimpleNamespace(pk=f"application-{self.case.pk}")
