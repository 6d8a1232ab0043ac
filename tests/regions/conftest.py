"""People of a small region: 長沼町 leads, 由仁町 belongs, both under 空知."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from common import clock
from common.viewer import Duty, Viewer
from municipalities.models import Bureau, Municipality
from regions import services
from regions.load import load_all
from regions.models import Field, Region
from regions.workflow import Step
from tests.factories.municipalities import BureauFactory, MunicipalityFactory
from tests.factories.regions import FieldFactory, RegionFactory
from tests.reference import reference_db  # noqa: F401
from tests.viewers import saved, viewer


@dataclass
class World:
    """A formed region of two towns under one bureau, and everyone who may look at it."""

    sorachi: Bureau = field(default_factory=lambda: BureauFactory(code="sorachi", name="空知総合振興局"))
    nemuro: Bureau = field(default_factory=lambda: BureauFactory(code="nemuro", name="根室振興局"))

    def __post_init__(self) -> None:
        self.naganuma = MunicipalityFactory(code="014281", name="長沼町", bureau=self.sorachi)
        self.yuni = MunicipalityFactory(code="014273", name="由仁町", bureau=self.sorachi)
        self.kuriyama = MunicipalityFactory(code="014290", name="栗山町", bureau=self.sorachi)
        self.betsukai = MunicipalityFactory(code="016918", name="別海町", bureau=self.nemuro)
        self.disaster: Field = FieldFactory(code="disaster", name="防災")
        self.region: Region = RegionFactory(members=[self.naganuma, self.yuni], lead_bureau=self.sorachi)

    def planner(self, town: Municipality | None = None) -> Viewer:
        return saved(viewer(Duty.MP, municipality=(town or self.naganuma).code))

    def approver(self, town: Municipality | None = None) -> Viewer:
        return saved(viewer(Duty.MA, municipality=(town or self.naganuma).code))

    def reviewer(self, bureau: Bureau | None = None) -> Viewer:
        return saved(viewer(Duty.BS, bureau=(bureau or self.sorachi).code))

    def head(self, bureau: Bureau | None = None) -> Viewer:
        return saved(viewer(Duty.BM, bureau=(bureau or self.sorachi).code))

    def staff(self) -> Viewer:
        return saved(viewer(Duty.HS))

    def decider(self) -> Viewer:
        return saved(viewer(Duty.HM))


def ended(region: Region) -> Region:
    """Let the region end today, by its lead's approver."""
    services.change_state(
        region.pk,
        step=Step.END,
        on=clock.today(),
        reason="目的を達成",
        viewer=saved(viewer(Duty.MA, municipality=region.lead_id)),
    )
    region.refresh_from_db()
    return region


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture(scope="module")
def history_db(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """The real ground with the zones and the regions of both closed programs, for every test of the module."""
    request.getfixturevalue("reference_db")
    with django_db_blocker.unblock():
        load_all()
