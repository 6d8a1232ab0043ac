"""Of the world of the access matrix: regions and their agreements, visions, plans, meetings, KPIs, forecasts and zones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.files.uploadedfile import SimpleUploadedFile

from common import clock, files
from common.models import StoredFile
from common.viewer import Duty
from municipalities.models import Municipality
from portal.forecast_paper import paper_of
from regions import services
from regions.models import (
    AgendaItem,
    Agreement,
    AgreementInitiative,
    ConferenceMeeting,
    ForwardPlan,
    FutureForecast,
    Kpi,
    NationalZone,
    Project,
    Region,
    RegionLink,
    SubGroup,
    Vision,
    VisionProject,
)
from tests.factories.municipalities import BureauFactory, MunicipalityFactory, series
from tests.factories.regions import (
    AgreementFactory,
    ConferenceMeetingFactory,
    ConferenceMemberFactory,
    ForwardPlanFactory,
    KpiFactory,
    NationalZoneFactory,
    RegionFactory,
    SubGroupFactory,
    VisionFactory,
)

from .world_people import Peopled


class Cooperating(Peopled):
    """What addresses of the room `regions` name."""

    town: cached_property[Municipality]

    @cached_property
    def idea(self) -> Region:
        """Known to its towns, their bureau and headquarters."""
        return self._idea()

    @cached_property
    def group(self) -> SubGroup:
        """A sub-group of the towns of an idea."""
        return SubGroupFactory(region=self._idea())

    @cached_property
    def link(self) -> RegionLink:
        """A region that ended goes on in an idea of the same towns."""
        return RegionLink.objects.create(predecessor=self._idea(), successor=self.idea)

    @cached_property
    def link_region(self) -> Region:
        """The region that went on."""
        return self.link.predecessor

    @cached_property
    def agreement_draft(self) -> Agreement:
        """Known to its towns and headquarters."""
        return AgreementFactory(region=self._idea(), state="draft", consents="none")

    @cached_property
    def agreement_asked(self) -> Agreement:
        """Both towns are asked for their consent."""
        return AgreementFactory(region=self._idea(), state="consent", consents="none")

    @cached_property
    def agreement(self) -> Agreement:
        """In force, so everyone may know it."""
        return AgreementFactory(region=self._idea())

    @cached_property
    def agreement_initiative(self) -> AgreementInitiative:
        """A row of that draft's annexed table."""
        return self.agreement_draft.initiatives.create(position=1, name="共同訓練")

    @cached_property
    def agreement_copy(self) -> StoredFile:
        """A scan of the signed agreement in force."""
        upload = SimpleUploadedFile("協定書.pdf", b"%PDF-1.4\n%%EOF\n")
        return services.attach_signed(self.agreement.pk, upload, viewer=self.person(Duty.MP))

    @cached_property
    def vision_draft(self) -> Vision:
        """Ready to be adopted: the agreement is in force."""
        region = self._idea()
        AgreementFactory(region=region)
        return VisionFactory(region=region, state="draft", adopted_on=None)

    @cached_property
    def vision_item(self) -> VisionProject:
        """The one initiative of that version."""
        return self.vision_draft.items.get()

    @cached_property
    def project(self) -> Project:
        """An initiative of a region that is still an idea."""
        return self.vision_item.project

    @cached_property
    def equivalent(self) -> Vision:
        """The vision of a zone to which every member belongs, registered and not adopted yet."""
        region = self._idea()
        towns = [row.municipality for row in region.memberships.all()]
        zone = NationalZoneFactory(hubs=towns[:1], neighbours=towns[1:])
        return VisionFactory(region=region, state="draft", adopted_on=None, equivalent_zone=zone)

    @cached_property
    def copy(self) -> StoredFile:
        """The copy of that zone's vision."""
        upload = SimpleUploadedFile("ビジョン.pdf", b"%PDF-1.4\n%%EOF\n")
        return files.store(upload, subject=self.equivalent, label="写し", viewer=self.person(Duty.MP))

    @cached_property
    def vision(self) -> Vision:
        """Adopted, so everyone may know it."""
        return VisionFactory(region=self._idea())

    @cached_property
    def plan_draft(self) -> ForwardPlan:
        """空知 is still writing it."""
        region = self._idea()
        return ForwardPlanFactory(
            bureau=region.lead_bureau, version=9, state="draft", adopted_on=None, regions=[region]
        )

    @cached_property
    def plan(self) -> ForwardPlan:
        """Adopted, so everyone may know it."""
        region = self._idea()
        return ForwardPlanFactory(bureau=region.lead_bureau, version=8, regions=[region])

    @cached_property
    def meeting_planned(self) -> ConferenceMeeting:
        """Known to those who will attend: 長沼町 is a member."""
        bureau = self.idea.lead_bureau
        ConferenceMemberFactory(bureau=bureau, municipality=self.town)
        return ConferenceMeetingFactory(bureau=bureau, planned_on=clock.today(), items=["前進プラン（案）"])

    @cached_property
    def meeting_item(self) -> AgendaItem:
        """The item of the meeting that is planned."""
        return self.meeting_planned.items.get()

    @cached_property
    def meeting_file(self) -> StoredFile:
        """A paper for that item."""
        upload = SimpleUploadedFile("資料.pdf", b"%PDF-1.4\n%%EOF\n")
        return files.store(upload, subject=self.meeting_item, label="前進プラン（案）", viewer=self.person(Duty.BS))

    @cached_property
    def meeting(self) -> ConferenceMeeting:
        """Held, with a decision, its minutes shown to the members and not confirmed."""
        day = date(2022, 10, 1)
        return ConferenceMeetingFactory(
            bureau=self.meeting_planned.bureau,
            planned_on=day,
            held_on=day,
            state="held",
            circulated_on=day,
            comment_by=day,
            decided=["了承"],
        )

    @cached_property
    def kpi(self) -> Kpi:
        """The KPI of an initiative of a region that only its towns know."""
        return KpiFactory(project__region=self._idea())

    @cached_property
    def kpi_region(self) -> Region:
        """The region of that KPI."""
        return self.kpi.project.region

    @cached_property
    def kpi_file(self) -> StoredFile:
        """What an actual of that KPI rests on."""
        planner = self.person(Duty.MP)
        services.record_actual(self.kpi.pk, fiscal_year=2022, value=Decimal(1), evidence="名簿", viewer=planner)
        upload = SimpleUploadedFile("名簿.pdf", b"%PDF-1.4\n%%EOF\n")
        return services.attach_evidence(self.kpi.pk, fiscal_year=2022, upload=upload, viewer=planner)

    @cached_property
    def forecast_draft(self) -> FutureForecast:
        """長沼町 is making it and has shown it to its bureau."""
        forecast = self._forecast()
        return services.show_forecast(forecast.pk, viewer=self.person(Duty.MP))

    @cached_property
    def forecast(self) -> FutureForecast:
        """Published, so everyone may know it."""
        forecast = self._forecast()
        return services.agree_forecast(
            forecast.pk,
            revision=1,
            paper=paper_of,
            viewer=self.person(Duty.MA),
        )

    def _forecast(self) -> FutureForecast:
        for code in ("census", "ipss_r5"):
            series(code)
        town = MunicipalityFactory(code="014281", name="長沼町", bureau=BureauFactory(code="sorachi"))
        draft = services.ForecastDraft("長沼町の未来予測", (town.pk,), (town.pk,), "ipss_r5")
        return services.create_forecast(draft, viewer=self.person(Duty.MP))

    @cached_property
    def zone(self) -> NationalZone:
        """A zone outside the region; everyone may know it."""
        return NationalZoneFactory(hubs=[MunicipalityFactory()])

    def _idea(self) -> Region:
        """長沼町 and 由仁町 think about a region."""
        sorachi = BureauFactory(code="sorachi", name="空知総合振興局")
        towns = [
            MunicipalityFactory(code=code, name=name, bureau=sorachi)
            for code, name in (("014281", "長沼町"), ("014273", "由仁町"))
        ]
        return RegionFactory(members=towns, lead_bureau=sorachi, state="idea")
