"""Load the whole demo world on top of the reference data. Idempotent: a world that stands is left alone."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from municipalities.models import Bureau
from regions import services as regions
from regions.models import Region
from regions.services import InitiativeDraft, MeetingDraft, PlanDraft
from subsidies.models import Application, Call, Program
from subsidies.services import calls
from subsidies.services.due import run_due

from .forecasts import make_forecasts
from .people import load_people
from .plots import PLOTS, REGIONS, TOPICS, Topic
from .regions import SINCE, Cast, make_region
from .stories import Story

ALLOTMENTS_YEN = {"sorachi": 60_000_000, "nemuro": 40_000_000}  # made up
BUREAUS = ("sorachi", "nemuro")


@transaction.atomic
def load_world() -> dict[str, int]:
    """Create people, calls, regions and applications in every state; return counts."""
    codes = [code for place in REGIONS for code in place.members]
    if not Application.objects.exists():
        today = clock.today()
        with clock.standing_at(clock.at(SINCE - timedelta(days=1))):
            people = load_people(codes)
        opened = _calls(today, people)
        stage = Cast(people, opened, today)
        wanted: dict[str, list[Topic]] = {place.key: [] for place in REGIONS}
        for plot in PLOTS:
            if TOPICS[plot.topic] not in wanted[plot.region]:
                wanted[plot.region].append(TOPICS[plot.topic])
        made = {place.key: make_region(stage, place, wanted[place.key]) for place in REGIONS}
        _plans(people, list(made.values()))
        make_forecasts(people, today)
        places = {place.key: place for place in REGIONS}
        for plot in PLOTS:
            Story(stage, plot, places[plot.region], made[plot.region]).tell()
        past = opened["past"]
        with clock.standing_at(clock.at(past.closes_on + timedelta(days=1))):
            calls.close_call(call_id=past.pk, viewer=people["honcho-kessai"])
        with clock.standing_at(clock.at(today, 8)):
            run_due(today)
    return {
        "people": len(load_people(codes)),
        "regions": Region.objects.count(),
        "calls": Call.objects.count(),
        "applications": Application.objects.count(),
    }


def _calls(today: date, people: dict[str, Viewer]) -> dict[str, Call]:
    """Three calls of the successor example around today: one that closed, one open, and next year's wishes."""
    ruleset = Program.objects.get(pk="successor").rulesets.filter(state="published").latest("version")
    year = FiscalYear.of(today)
    rows = {
        "past": (year, Call.Phases.GRANT_ONLY, today - timedelta(days=235), today - timedelta(days=140)),
        "open": (year, Call.Phases.GRANT_ONLY, today - timedelta(days=52), today + timedelta(days=24)),
        "next": (FiscalYear(year + 1), Call.Phases.BOTH, today - timedelta(days=45), today + timedelta(days=66)),
    }
    found = {}
    for key, (fiscal_year, phases, opens, closes) in rows.items():
        with clock.standing_at(clock.at(opens - timedelta(days=7))):
            call = calls.prepare_call(
                viewer=people["honcho-shinsa"],
                values=calls.CallInput(
                    ruleset_id=ruleset.pk,
                    fiscal_year=fiscal_year,
                    phases=phases,
                    opens_on=opens,
                    closes_on=closes,
                    series_id=str(ruleset.content["parameters"]["series"]["value"]),
                    decision_expected_on=closes + timedelta(days=30),
                    required_documents=("見積書", "協定書の写し"),
                    number_prefix=f"次期{fiscal_year.short}",
                ),
            )
            calls.allot(call_id=call.pk, viewer=people["honcho-shinsa"], amounts=ALLOTMENTS_YEN)
            calls.open_call(call_id=call.pk, viewer=people["honcho-kessai"])
        found[key] = Call.objects.get(pk=call.pk)
    return found


def _plans(people: dict[str, Viewer], made: list[Region]) -> None:
    """Each bureau's forward plan lists its regions; the conference met last autumn."""
    for bureau in BUREAUS:
        own = [region for region in made if region.lead_bureau_id == bureau]
        name = Bureau.objects.get(pk=bureau).name
        staff, head = people[f"{bureau}-shinsa"], people[f"{bureau}-kyokucho"]
        held_on = SINCE + timedelta(days=180)
        with clock.standing_at(clock.at(held_on)):
            meeting = regions.schedule_meeting(
                bureau, title=f"{name} 広域連携検討会議", planned_on=held_on, viewer=staff, place=f"{name} 会議室"
            )
            plan = regions.create_plan(
                bureau,
                PlanDraft(
                    title=f"{name} 広域連携前進プラン（デモ）",
                    term_from_fy=2025,
                    term_to_fy=2029,
                    direction="単独では続けにくい行政サービスを、隣り合う市町村と分担して守る。",
                    regions=tuple(region.pk for region in own),
                    initiatives=tuple(
                        InitiativeDraft(project.name, project.main_field_id or "", region.pk)
                        for region in own
                        for project in region.projects.filter(main_field__isnull=False)
                    ),
                ),
                viewer=staff,
            )
            regions.record_meeting(
                meeting.pk,
                MeetingDraft(
                    held_on=held_on,
                    place=f"{name} 会議室",
                    agenda="前進プラン（案）について",
                    attendance="管内全市町村",
                    decisions="前進プラン（案）を了承した。",
                ),
                viewer=staff,
            )
            regions.confirm_discussion(plan.pk, viewer=staff)
            regions.adopt_plan(plan.pk, adopted_on=held_on, viewer=head)
        this_year = clock.today() - timedelta(days=75)
        with clock.standing_at(clock.at(this_year)):
            meeting = regions.schedule_meeting(
                bureau, title=f"{name} 広域連携検討会議", planned_on=this_year, viewer=staff, place="オンライン"
            )
            regions.record_meeting(
                meeting.pk,
                MeetingDraft(
                    held_on=this_year,
                    place="オンライン",
                    agenda="取組の進み具合と来年度の要望について",
                    attendance="管内全市町村",
                    decisions="来年度の要望の方向を確認した。",
                ),
                viewer=staff,
            )
