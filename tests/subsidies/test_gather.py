"""Facts of an application as the rules see them: gathered from the rows, on the right days, with few queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from common import clock
from regions.models import Agreement, AgreementConsent, Region, RegionLink, Vision, ZoneMembership
from regions.models.region import Basis
from subsidies.judging import verdict_now
from subsidies.models import Application, Judgement, SupportYear
from subsidies.rules.facts import ApplicationFacts, ConsentState, ZoneStatus
from subsidies.rules.gather import application_facts
from subsidies.rules.ruleset import Stage
from tests.factories.municipalities import MunicipalityFactory, touch
from tests.factories.regions import NationalZoneFactory
from tests.factories.subsidies import CallFactory, RuleSetVersionFactory, Scene
from tests.queries import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    settings.DEMO_DATE = "2026-11-21"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_the_facts_say_what_the_towns_wrote(scene):
    application = scene.application("ready")
    facts = application_facts(application)
    region = facts.region
    assert (region.program, region.fiscal_year, region.on) == ("successor", 2026, date(2026, 11, 21))
    assert [member.name for member in region.members] == ["由仁町", "長沼町", "栗山町"]
    assert (region.lead_bureau, region.lead_bureau_name) == ("sorachi", "空知総合振興局")
    assert region.by_code["014281"].neighbours == ("014273",)
    assert {member.status for member in region.members} == {ZoneStatus.NONE}
    projection = region.members[0].projection
    assert projection is not None
    assert (projection.series, projection.total(2020), projection.total(2040)) == ("ipss_r5", 10_000, 7_000)
    assert [item.code for item in facts.region_members] == ["014273", "014281", "014290"]
    assert (facts.lead, facts.submitted_on) == ("014281", None)
    assert sum(item.split_yen or 0 for item in facts.participants) == facts.requested_yen == 6_000_000
    assert all(item.consented for item in facts.participants)
    assert facts.agreement is not None and facts.agreement.framework
    assert {item.state for item in facts.agreement.consents} == {ConsentState.DONE}
    assert facts.vision is not None and facts.vision.projects == ("新規採用職員の合同研修",)
    assert facts.forward_plan is not None and facts.forward_plan.lists_region
    assert [(item.name, item.main_field) for item in facts.projects] == [("新規採用職員の合同研修", "人材の育成")]
    kpi = facts.projects[0].kpis[0]
    assert (kpi.outcome, kpi.baseline, kpi.target, kpi.data_source) == (True, "0", "150以上", "各町の研修記録")
    assert kpi.yearly_targets[0] == (2026, "40")
    line = facts.cost_lines[0]
    assert (line.category, line.eligible_yen, line.project) == ("委託料", 6_000_000, "新規採用職員の合同研修")
    assert facts.other_subsidy is False
    assert facts.allotment is not None and facts.allotment.left_yen == 50_000_000
    assert facts.pre_consultations_closed_on == (date(2026, 11, 21),)
    assert facts.self_running is not None and len(facts.self_running.funding) == 3
    assert ApplicationFacts.from_json(facts.to_json()) == facts


def test_an_empty_draft_is_asked_without_harm(scene):
    application = scene.application(filled=False)
    facts = application_facts(application)
    assert (facts.requested_yen, facts.cost_lines, facts.other_subsidy) == (None, (), None)
    failing = {finding.rule for finding in verdict_now(application, Stage.SUBMIT).blocking(Stage.SUBMIT)}
    assert {"C-11", "N-09"} <= failing


def test_after_submission_the_day_of_submission_counts(scene):
    application = scene.application("submitted")
    hub = MunicipalityFactory(code="012106", name="岩見沢市", bureau=scene.bureau)
    with clock.standing_at(clock.at(date(2026, 12, 24))):
        NationalZoneFactory(hubs=[hub], neighbours=scene.members, since=date(2026, 12, 1))
        facts = application_facts(application)
        assert (facts.submitted_on, facts.region.on) == (date(2026, 11, 21), date(2026, 11, 21))
        assert {member.status for member in facts.region.members} == {ZoneStatus.NONE}
        application.state = "returned"
        again = application_facts(application)
        assert (again.submitted_on, again.region.on) == (None, date(2026, 12, 24))
        assert {member.status for member in again.region.members} == {ZoneStatus.MEMBER_NEIGHBOUR}


def test_the_ruleset_may_fix_the_reference_date_to_the_first_of_april(scene):
    scene.call.ruleset = RuleSetVersionFactory(version=2, parameters={"reference_date": "fiscal_year"})
    scene.call.save()
    application = scene.application()
    assert application_facts(application).region.on == date(2026, 4, 1)


def test_neighbours_outside_are_known_as_far_as_a_change_needs_them(scene):
    yubari = MunicipalityFactory(code="012092", name="夕張市", bureau=scene.bureau)
    touch(scene.members[0], yubari)
    far = MunicipalityFactory(code="012157", name="美唄市", bureau=scene.bureau)
    touch(yubari, far)
    facts = application_facts(scene.application())
    assert [(item.name, item.neighbours) for item in facts.region.outside] == [("夕張市", (scene.members[0].code,))]


def test_the_agreement_in_force_counts_and_a_newer_one_being_made_only_without_it(scene):
    application = scene.application()
    made = Agreement.objects.create(
        region=scene.region, version=2, title="改定協定", state=Agreement.State.CONSENT, framework=True
    )
    AgreementConsent.objects.create(agreement=made, municipality=scene.members[0])
    facts = application_facts(application)
    assert facts.agreement is not None and facts.agreement.version == 1
    Agreement.objects.filter(version=1).delete()
    facts = application_facts(application)
    assert facts.agreement is not None and facts.agreement.version == 2
    assert [item.state for item in facts.agreement.consents] == [ConsentState.NONE]
    Agreement.objects.update(state=Agreement.State.DRAFT)
    assert application_facts(application).agreement is None


def test_an_inferred_vision_does_not_say_what_it_lists(scene):
    Vision.objects.update(basis=Basis.INFERRED, source="町のページ")
    facts = application_facts(scene.application())
    assert facts.vision is not None
    assert facts.vision.unknown == {"projects": "ビジョンは推定を含みます（町のページ）。"}


def test_support_years_and_what_an_earlier_program_supported(scene):
    application = scene.application()
    old = Region.objects.create(
        code="M99", prefecture=scene.region.prefecture, name="旧地域", lead=scene.members[0],
        secretariat=scene.members[0], lead_bureau=scene.bureau,
    )  # fmt: skip
    RegionLink.objects.create(predecessor=old, successor=scene.region)
    model = RuleSetVersionFactory(program__code="model").program
    earlier = SupportYear.objects.create(program=model, region=old, fiscal_year=2017)
    earlier.projects.add(scene.project)
    successor = application.call.program
    SupportYear.objects.create(program=successor, region=scene.region, fiscal_year=2025)
    SupportYear.objects.create(program=successor, region=scene.region, fiscal_year=2026)
    support = application_facts(application).region.support
    assert support.years == (2025,)
    assert support.earlier_projects == ("新規採用職員の合同研修",)
    assert support.members == ("014273", "014281", "014290")


def test_other_applications_of_the_year_count_toward_the_cap(scene):
    first = scene.application("ready")
    second = CallFactory(ruleset=scene.call.ruleset)
    application = Application.objects.get(pk=first.pk)
    other = Application.objects.get(pk=first.pk)
    other.pk, other.call, other.serial, other.number = None, second, 1, "次期-2"
    other.save(force_insert=True)
    for part in first.parts.all():
        part.pk, part.application, part.split_yen = None, other, 1_000_000
        part.save(force_insert=True)
    facts = application_facts(application)
    assert facts.elsewhere_yen == 3_000_000
    assert {item.elsewhere_yen for item in facts.participants} == {1_000_000}
    Application.objects.filter(pk=other.pk).update(state="withdrawn")
    assert application_facts(application).elsewhere_yen == 0


def test_a_granted_application_does_not_compete_with_itself_for_the_budget(scene):
    application = scene.application("granted")
    facts = application_facts(application)
    assert facts.granted_yen == 6_000_000
    assert facts.allotment is not None and facts.allotment.left_yen == 50_000_000


def test_recorded_judgements_are_facts_and_superseded_ones_are_not(scene):
    application = scene.application("hq_review")
    facts = application_facts(application)
    recorded = {item.rule: item for item in facts.judgements}
    assert set(recorded) == {"C-12", "N-06"}
    assert recorded["C-12"].holds and recorded["C-12"].on == date(2026, 11, 21)
    Judgement.objects.filter(rule="C-12").update(superseded_at=clock.now())
    assert "C-12" not in {item.rule for item in application_facts(application).judgements}


def test_gathering_costs_as_many_queries_for_many_rows_as_for_few(scene):
    application = scene.application("ready")
    few = queries_of(lambda: application_facts(Application.objects.get(pk=application.pk)))
    for n in range(5):
        town = MunicipalityFactory(code=f"01{431 + n}0"[:6], name=f"町{n}", bureau=scene.bureau)
        touch(scene.members[0], town)
        application.parts.create(municipality=town)
        ZoneMembership.objects.create(
            zone=NationalZoneFactory(hubs=[town], since=date(2020, 1, 1) + timedelta(days=n)),
            municipality=scene.members[1],
            role="neighbour",
            in_force_by=date(2020, 1, 1),
        )
        project = scene.add_project(f"取組{n}")
        application.items.create(project=project)
        application.costs.create(
            number=n + 2, project=project, category="travel", description="旅費", amount_yen=1, eligible_yen=1
        )
    many = queries_of(lambda: application_facts(Application.objects.get(pk=application.pk)))
    assert len(many) == len(few) <= 40
