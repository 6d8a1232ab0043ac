"""Load the whole demo world on top of the reference data. Idempotent: a world that stands is left alone."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Viewer
from regions.models import Region
from regions.services.due import run_due as due_in_regions
from subsidies.models import Application, Call, Program
from subsidies.services import calls
from subsidies.services.due import run_due

from .agreements import make_agreements
from .away import make_absences
from .budget import make_simulations
from .changes import REGIONS as RUNNING_REGIONS
from .changes import tell_changes
from .changes import topics_of as topics_of_running
from .conferences import make_conferences
from .follow_ups import make_follow_ups
from .forecasts import make_forecasts
from .keeping import make_disposals
from .kpis import enter_actuals
from .last_year import REGIONS as LATER_REGIONS
from .last_year import last_years_call, tell_lives, tell_progress, topics_of
from .life import make_life
from .payments import make_payments
from .people import load_people
from .plots import PLOTS, REGIONS, TOPICS, Topic
from .regions import SINCE, Cast, make_region, planner_of
from .rule_drafts import make_rule_drafts
from .stories import Story
from .taking_back import propose_revocation
from .visions import make_visions

ALLOTMENTS_YEN = {"sorachi": 60_000_000, "nemuro": 40_000_000}  # made up


@transaction.atomic
def load_world() -> dict[str, int]:
    """Create people, calls, regions and applications in every state; return counts."""
    codes = [code for place in (*REGIONS, *LATER_REGIONS, *RUNNING_REGIONS) for code in place.members]
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
        for place in LATER_REGIONS:
            made[place.key] = make_region(stage, place, [TOPICS[topic] for topic in topics_of(place.key)])
        for place in RUNNING_REGIONS:
            made[place.key] = make_region(stage, place, [TOPICS[topic] for topic in topics_of_running(place.key)])
        make_conferences(people, list(made.values()), today)
        make_forecasts(people, today)
        make_agreements(people, today)
        places = {place.key: place for place in REGIONS}
        enter_actuals(made, {key: people[planner_of(place.lead)] for key, place in places.items()})
        make_visions(made, people, today)
        make_rule_drafts(people, today)
        make_life(made, people, today)
        for plot in PLOTS:
            Story(stage, plot, places[plot.region], made[plot.region]).tell()
        tell_changes(stage, made)
        tell_lives(stage, made)
        past = opened["past"]
        with clock.standing_at(clock.at(past.closes_on + timedelta(days=1))):
            calls.close_call(call_id=past.pk, viewer=people["honcho-kessai"])
        with clock.standing_at(clock.at(today, 8)):
            run_due(today)
            due_in_regions(today)
            make_absences(people, today)
            make_simulations(people, opened["open"])
        tell_progress(stage, made["A06"])
        make_payments(people, today)
        propose_revocation(people, today)
        make_follow_ups(people, today)
        make_disposals(people, today)
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
    found = {"last": last_years_call(ruleset, people)}
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
