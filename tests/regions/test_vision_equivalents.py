"""The vision of a zone stands for the region's own where most members belong to the zone; nobody writes twice."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import Conflict, Refused
from common.models import StoredFile
from regions import services
from regions.models import Project
from regions.papers import issued_paper
from regions.services import EquivalentDraft, ProjectDraft
from regions.vision_check import COPY
from regions.zone_shares import zone_share, zone_shares
from tests.factories.regions import NationalZoneFactory, ProjectFactory, RegionFactory, VisionFactory

DAY = date(2026, 11, 21)


@pytest.fixture
def zone(world):
    return NationalZoneFactory(name="南空知定住自立圏", hubs=[world.naganuma], neighbours=[world.yuni])


@pytest.fixture
def draft(zone):
    return EquivalentDraft(zone.pk, "南空知定住自立圏共生ビジョン", 2025, 2029, reference="行連第67号")


def pdf(name: str = "ビジョン.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n")


def test_initiatives_are_listed_by_name_and_known_ones_ticked(world, draft):
    known = ProjectFactory(region=world.region, name="共同の採用", outline="試験を一緒に行う")
    new = ProjectDraft(name="消防の指令", from_fy=2025, main_field="disaster")
    typed = EquivalentDraft(**{**draft.__dict__, "projects": (known.pk,), "new": (new,)})
    vision = services.register_equivalent(world.region.pk, typed, viewer=world.planner(), upload=pdf())
    assert [(item.project.name, item.outline) for item in vision.items.all()] == [
        ("共同の採用", "試験を一緒に行う"),
        ("消防の指令", ""),
    ]
    assert StoredFile.objects.of(vision).get().label == COPY


def test_the_leads_approver_adopts_it_without_an_agreement_or_a_paper_of_its_own(world, draft):
    own = VisionFactory(region=world.region, version=1)
    typed = EquivalentDraft(**{**draft.__dict__, "projects": (own.items.get().project_id,)})
    vision = services.register_equivalent(world.region.pk, typed, viewer=world.planner())
    adopted = services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    own.refresh_from_db()
    assert (adopted.state, own.state, issued_paper("D-24", adopted)) == ("adopted", "revised", None)


def test_it_is_adopted_only_with_initiatives_and_with_something_to_read(world, draft):
    bare = EquivalentDraft(**{**draft.__dict__, "reference": ""})
    vision = services.register_equivalent(world.region.pk, bare, viewer=world.planner())
    with pytest.raises(Refused) as refused:
        services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
    assert refused.value.problems == [
        "取組を1つ以上載せてください。",
        "圏域のビジョンの写しを添付するか、所在を入力してください。",
    ]


def test_a_zone_that_ended_before_adoption_no_longer_counts(world, zone, draft):
    project = ProjectFactory(region=world.region)
    typed = EquivalentDraft(**{**draft.__dict__, "projects": (project.pk,)})
    vision = services.register_equivalent(world.region.pk, typed, viewer=world.planner())
    zone.memberships.update(ended_on=date(2026, 11, 20))
    with pytest.raises(Refused, match="構成市町村2のうち0が南空知定住自立圏に加わっています"):
        services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())


@pytest.mark.parametrize(("inside", "counts"), [(3, True), (2, True), (1, False)])
def test_more_than_half_of_the_members_must_belong(world, inside, counts):
    towns = [world.naganuma, world.yuni, world.kuriyama]
    region = RegionFactory(members=towns)
    zone = NationalZoneFactory(name="圏域", hubs=towns[:inside])
    share = zone_share(region.pk, zone.pk, DAY)
    assert (len(share.inside), share.counts) == (inside, counts)
    assert [one.zone for one in zone_shares(region.pk, DAY)] == [zone]


def test_exactly_half_is_not_most(world):
    zone = NationalZoneFactory(name="圏域", hubs=[world.naganuma])
    share = zone_share(world.region.pk, zone.pk, DAY)
    assert not share.counts
    assert share.sentence == (
        "構成市町村2のうち1が圏域に加わっています（加わっていない市町村：由仁町）。"
        "過半数が加わる圏域のビジョンだけを、同等とみなすことができます。"
    )


class TestRefusals:
    def test_a_zone_without_most_members_or_no_zone(self, world, draft):
        far = NationalZoneFactory(hubs=[world.betsukai])
        for code, sentence in ((far.pk, "過半数"), ("nothing", "圏域を選んでください")):
            typed = EquivalentDraft(**{**draft.__dict__, "zone": code})
            with pytest.raises(Refused, match=sentence):
                services.register_equivalent(world.region.pk, typed, viewer=world.planner())

    def test_a_foreign_initiative_or_a_name_that_is_there(self, world, draft):
        ProjectFactory(region=world.region, name="共同の採用")
        twice = ProjectDraft(name="共同の採用", from_fy=2025)
        for more, sentence in (
            ({"projects": (ProjectFactory().pk,)}, "この地域の取組ではない"),
            ({"new": (twice,)}, "同じ名前の取組があります：共同の採用"),
        ):
            typed = EquivalentDraft(**{**draft.__dict__, **more})
            with pytest.raises(Refused, match=sentence):
                services.register_equivalent(world.region.pk, typed, viewer=world.planner())
        assert Project.objects.filter(region=world.region).count() == 1

    def test_beside_a_version_in_the_making(self, world, draft):
        VisionFactory(region=world.region, state="draft", adopted_on=None)
        with pytest.raises(Refused, match="作成中のビジョン"):
            services.register_equivalent(world.region.pk, draft, viewer=world.planner())

    def test_by_anyone_but_a_planner_of_a_member(self, world, draft):
        for person in (world.approver(), world.reviewer(), world.staff(), world.planner(world.betsukai)):
            with pytest.raises(PermissionDenied):
                services.register_equivalent(world.region.pk, draft, viewer=person)


class TestChanges:
    def test_a_new_copy_replaces_the_old_one_which_stays_in_the_archive(self, world, draft):
        vision = services.register_equivalent(world.region.pk, draft, viewer=world.planner(), upload=pdf("旧.pdf"))
        services.update_equivalent(vision.pk, draft, revision=1, viewer=world.planner(), upload=pdf("新.pdf"))
        assert [file.name for file in StoredFile.objects.of(vision)] == ["新.pdf"]
        assert StoredFile.objects.count() == 2

    def test_a_second_writer_is_stopped(self, world, draft):
        vision = services.register_equivalent(world.region.pk, draft, viewer=world.planner())
        services.update_equivalent(vision.pk, draft, revision=1, viewer=world.planner())
        with pytest.raises(Conflict):
            services.update_equivalent(vision.pk, draft, revision=1, viewer=world.planner(world.yuni))

    def test_a_revision_keeps_the_zone(self, world, zone, draft):
        typed = EquivalentDraft(**{**draft.__dict__, "projects": (ProjectFactory(region=world.region).pk,)})
        vision = services.register_equivalent(world.region.pk, typed, viewer=world.planner())
        services.adopt_vision(vision.pk, adopted_on=DAY, viewer=world.approver())
        copy = services.revise(vision.pk, viewer=world.planner())
        assert (copy.equivalent_zone, copy.reference) == (zone, "行連第67号")
