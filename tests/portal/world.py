"""The small world of the access matrix: one region under 空知, one application for each thing a URL may name, a person
for each duty inside that territory and one outside it.

A new page whose URL names another kind of thing adds it here as a `cached_property`; rows name it in `named`.
"""

from __future__ import annotations

from functools import cached_property

from common import clock
from common.models import DocumentIssue, Task
from common.viewer import Duty, OfficeKind, Viewer
from municipalities.models import Municipality
from subsidies.models import Application, Call
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.subsidies import CallFactory, Scene
from tests.viewers import saved, viewer

FAR_TOWN, FAR_BUREAU = "012025", "oshima"


class World:
    """Everything is made when it is first asked for, or all at once by `told`."""

    def told(self) -> World:
        """Make everything and return the world."""
        for name, value in vars(World).items():
            if isinstance(value, cached_property):
                getattr(self, name)
        return self

    @cached_property
    def scene(self) -> Scene:
        return Scene()

    @cached_property
    def town(self) -> Municipality:
        """A municipality: known to everyone who may look anything up."""
        return self.scene.region.lead

    @cached_property
    def draft(self) -> Application:
        """長沼町 is still writing it, for another call than the case under review."""
        call, self.scene.call = self.scene.call, CallFactory(ruleset=self.scene.call.ruleset)
        application = self._assigned(self.scene.application("draft"))
        self.scene.call = call
        return application

    @cached_property
    def case(self) -> Application:
        """Under review at the bureau, with an initiative assigned to the field officer of the town."""
        return self._assigned(self.scene.application("bureau_review"))

    @cached_property
    def paper(self) -> DocumentIssue:
        """A paper about that case which every side may read."""
        return DocumentIssue.objects.filter(subject_id=str(self.case.pk), internal=False).latest("pk")

    @cached_property
    def call(self) -> Call:
        """The open call."""
        return self.scene.call

    @cached_property
    def task(self) -> Task:
        """Long work that the reviewer of the bureau started."""
        owner = self.person(Duty.BS).user_id
        return Task.objects.create(
            kind="notices.mail", created_by_id=owner, created_at=clock.now(), run_after=clock.now()
        )

    def _assigned(self, application: Application) -> Application:
        for part in application.items.all():
            part.assignees.add(self.person(Duty.MF).user_id or 0)
        return application

    def person(self, duty: Duty) -> Viewer:
        """The holder of the duty inside the territory: in the leading town, in its bureau, at headquarters."""
        return saved(viewer(duty, municipality="014281", bureau="sorachi", user_id=800_000 + list(Duty).index(duty)))

    def stranger(self, duty: Duty) -> Viewer:
        """The holder of the same duty in a town or bureau that has nothing to do with it."""
        town = MunicipalityFactory(code=FAR_TOWN, name="函館市", bureau=BureauFactory(code=FAR_BUREAU))
        return saved(viewer(duty, municipality=town.code, bureau=FAR_BUREAU, user_id=810_000 + list(Duty).index(duty)))


TERRITORIAL = [
    duty for duty in Duty if viewer(duty).office.kind in (OfficeKind.MUNICIPALITY, OfficeKind.BUREAU)
]  # the others see the whole prefecture
