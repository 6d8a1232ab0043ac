"""Regions with their members, papers and zones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import factory

from municipalities.models import Jurisdiction, Municipality
from regions.models import (
    AgendaItem,
    Agreement,
    AgreementArticle,
    AgreementConsent,
    ConferenceMeeting,
    ConferenceMember,
    Field,
    ForwardPlan,
    ForwardPlanRegion,
    Kpi,
    MeetingDecision,
    NationalZone,
    Project,
    ProjectName,
    Region,
    RegionMembership,
    RegionName,
    RegionState,
    SubGroup,
    Vision,
    VisionProject,
    ZoneMembership,
)

from .municipalities import BureauFactory, MunicipalityFactory, PrefectureFactory

START = date(2022, 4, 1)


class FieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Field
        skip_postgeneration_save = True
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"field-{n}")
    name = factory.LazyAttribute(lambda row: row.code)
    group = Field.Group.LIFE


class RegionFactory(factory.django.DjangoModelFactory):
    """`RegionFactory(members=[a, b])`: formed, led by the first member; two fresh towns where none are given."""

    class Meta:
        model = Region
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"T{n:03}")
    prefecture = factory.SubFactory(PrefectureFactory)
    name = factory.LazyAttribute(lambda row: f"{row.code}連携地域")
    state = Region.State.FORMED

    @classmethod
    def _create(cls, model_class: type[Region], *args: Any, **kwargs: Any) -> Region:
        members: Iterable[Municipality] = kwargs.pop("members", None) or [MunicipalityFactory(), MunicipalityFactory()]
        since: date = kwargs.pop("since", START)
        members = list(members)
        lead = kwargs.setdefault("lead", members[0])
        kwargs.setdefault("secretariat", lead)
        if "lead_bureau" not in kwargs:
            kwargs["lead_bureau"] = Jurisdiction.objects.get(municipality=lead, valid_to=None).bureau
        region = super()._create(model_class, *args, **kwargs)
        RegionName.objects.create(region=region, name=region.name, valid_from=since)
        RegionState.objects.create(region=region, state=region.state, since=since)
        for town in members:
            RegionMembership.objects.create(region=region, municipality=town, joined_on=since)
        return region


class AgreementFactory(factory.django.DjangoModelFactory):
    """In force since the start, every member consented."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    region = factory.SubFactory(RegionFactory)
    title = "連携協定"
    state = Agreement.State.IN_FORCE
    signed_on = START
    in_force_on = START

    @factory.post_generation
    def articles(self: Agreement, create: bool, extracted: Any, **kwargs: Any) -> None:
        AgreementArticle.objects.create(
            agreement=self, key="purpose", position=1, heading="目的", text="行政サービスを維持する。"
        )

    @factory.post_generation
    def consents(self: Agreement, create: bool, extracted: str | None, **kwargs: Any) -> None:
        state = extracted or "done"
        for row in self.region.memberships.all():
            AgreementConsent.objects.create(
                agreement=self,
                municipality=row.municipality,
                state=state,
                agreed_on=START if state == "done" else None,
            )


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project
        skip_postgeneration_save = True

    region = factory.SubFactory(RegionFactory)
    code = factory.LazyAttributeSequence(lambda row, n: f"{row.region.code}-{n:02}")
    name = factory.LazyAttribute(lambda row: f"取組{row.code}")
    from_fy = 2022

    @factory.post_generation
    def named(self: Project, create: bool, extracted: Any, **kwargs: Any) -> None:
        ProjectName.objects.create(project=self, name=self.name, from_fy=self.from_fy)


class SubGroupFactory(factory.django.DjangoModelFactory):
    """Set up by all members of its region, the first of them in the chair."""

    class Meta:
        model = SubGroup
        skip_postgeneration_save = True

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence(lambda n: f"部会{n}")
    chair = factory.LazyAttribute(lambda row: row.region.lead)
    set_up_on = START

    @factory.post_generation
    def members(self: SubGroup, create: bool, extracted: Any, **kwargs: Any) -> None:
        codes = self.region.memberships.values_list("municipality", flat=True)
        self.members.set(extracted or Municipality.objects.filter(pk__in=codes))


class KpiFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Kpi
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = "参加した職員"
    unit = "人"
    baseline = 0
    baseline_fy = 2021
    target = 180
    target_fy = 2026


class VisionFactory(factory.django.DjangoModelFactory):
    """Adopted, with one initiative."""

    class Meta:
        model = Vision
        skip_postgeneration_save = True

    region = factory.SubFactory(RegionFactory)
    title = "連携ビジョン"
    future_image = "支え合う地域"
    term_from_fy = 2022
    term_to_fy = 2026
    state = Vision.State.ADOPTED
    adopted_on = START

    @factory.post_generation
    def projects(self: Vision, create: bool, extracted: Iterable[Project] | None, **kwargs: Any) -> None:
        for order, project in enumerate(extracted or [ProjectFactory(region=self.region)], 1):
            VisionProject.objects.create(vision=self, project=project, order=order)


class ForwardPlanFactory(factory.django.DjangoModelFactory):
    """Adopted; `regions=[…]` are listed."""

    class Meta:
        model = ForwardPlan
        skip_postgeneration_save = True

    bureau = factory.SubFactory(BureauFactory)
    title = "広域連携前進プラン"
    direction = "基幹的行政サービスを維持する。"
    term_from_fy = 2022
    term_to_fy = 2026
    state = ForwardPlan.State.ADOPTED
    adopted_on = START

    @factory.post_generation
    def regions(self: ForwardPlan, create: bool, extracted: Iterable[Region] | None, **kwargs: Any) -> None:
        for region in extracted or []:
            ForwardPlanRegion.objects.create(plan=self, region=region)


class ConferenceMeetingFactory(factory.django.DjangoModelFactory):
    """Planned; `held_on` and `state` make it a meeting that was held; `items=["議題"]`, `decided=["了承"]`."""

    class Meta:
        model = ConferenceMeeting
        skip_postgeneration_save = True

    bureau = factory.SubFactory(BureauFactory)
    title = "広域連携検討会議"
    planned_on = START

    @factory.post_generation
    def items(self: ConferenceMeeting, create: bool, extracted: Iterable[str] | None, **kwargs: Any) -> None:
        for number, title in enumerate(extracted or [], 1):
            AgendaItem.objects.create(meeting=self, number=number, title=title)

    @factory.post_generation
    def decided(self: ConferenceMeeting, create: bool, extracted: Iterable[str] | None, **kwargs: Any) -> None:
        for number, text in enumerate(extracted or [], 1):
            MeetingDecision.objects.create(meeting=self, number=number, text=text)


class ConferenceMemberFactory(factory.django.DjangoModelFactory):
    """A municipality as a member of its bureau's conference; `municipality=None, kind="department"` for others."""

    class Meta:
        model = ConferenceMember

    bureau = factory.SubFactory(BureauFactory)
    kind = ConferenceMember.Kind.TOWN
    municipality = factory.SubFactory(MunicipalityFactory)
    name = factory.LazyAttribute(lambda row: row.municipality.name if row.municipality else "関係部局")
    valid_from = START


class NationalZoneFactory(factory.django.DjangoModelFactory):
    """`NationalZoneFactory(hubs=[a], neighbours=[b, c], since=date(2019, 3, 29))`."""

    class Meta:
        model = NationalZone
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"Z{n:03}")
    prefecture = factory.SubFactory(PrefectureFactory)
    kind = NationalZone.Kind.SETTLEMENT
    name = factory.LazyAttribute(lambda row: f"{row.code}定住自立圏")

    @classmethod
    def _create(cls, model_class: type[NationalZone], *args: Any, **kwargs: Any) -> NationalZone:
        since, until = kwargs.pop("since", date(2015, 4, 1)), kwargs.pop("until", None)
        roles = {"hub": kwargs.pop("hubs", ()), "neighbour": kwargs.pop("neighbours", ())}
        zone = super()._create(model_class, *args, **kwargs)
        for role, members in roles.items():
            for town in members:
                ZoneMembership.objects.create(
                    zone=zone, municipality=town, role=role, in_force_by=since, ended_on=until
                )
        return zone
