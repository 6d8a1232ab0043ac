"""Every page of the portal with the people who work on it, in the demo world: for pictures and for axe.

Paths name cases by their state (`{draft}`), so that no row numbers stand here; `lookups` finds them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from scripts import chromium, demo

ANONYMOUS = ""
PEOPLE = {
    "planner": "naganuma-kikaku",
    "approver": "shonin-014281",
    "field": "nemuro-jigyo",
    "bureau": "sorachi-shinsa",
    "bureau-head": "sorachi-kyokucho",
    "headquarters": "honcho-shinsa",
    "headquarters-head": "honcho-kessai",
    "department": "kankei-bukyoku",
    "accounting": "suito",
    "audit": "kansa",
    "administrator": "kanri",
    "association": "choson-kai",
}
NEMURO = PEOPLE | {
    "planner": "nemuro-kikaku",
    "approver": "shonin-012238",
    "bureau": "nemuro-shinsa",
    "bureau-head": "nemuro-kyokucho",
}
EVERYONE = tuple(PEOPLE)
FIVE_TOWNS = "&".join(f"member={code}" for code in ("012238", "016918", "016926", "016934", "016942"))
OFFICES = ("bureau", "bureau-head", "headquarters", "headquarters-head", "department", "audit")


@dataclass(frozen=True)
class Screen:
    """One picture: whose eyes (`who`, a user name of the demo world) and where."""

    name: str
    who: str
    path: str
    width: int = chromium.DESK["width"]


def _each(name: str, path: str, roles: tuple[str, ...], people: dict[str, str] | None = None) -> list[Screen]:
    return [Screen(f"{name}-{role}", (people or PEOPLE)[role], path) for role in roles]


SCREENS = [
    Screen("sign-in", ANONYMOUS, "/sign-in/"),
    *_each("home", "/", EVERYONE),
    *_each("worklist", "/worklist/", EVERYONE),
    *_each("search", "/search/?q=根室", ("planner", "bureau", "association")),
    *_each("retention", "/retention/", ("headquarters", "headquarters-head")),
    *_each("disposal", "/retention/lists/{disposal}/", ("headquarters", "headquarters-head", "audit")),
    *_each("erased", "/retention/erased/", ("planner", "headquarters")),
    *_each("password", "/password/", ("planner",)),
    *_each("rollover", "/rollover/2027/", ("headquarters",)),
    *_each("absences", "/absences/", ("planner",)),
    *_each("absence-new", "/absences/new/", ("planner",)),
    *_each("notice-settings", "/notices/settings/", ("planner",)),
    *_each("applications", "/applications/", ("planner", "approver", *OFFICES)),
    *_each("export", "/applications/export/", ("planner", "headquarters")),
    *_each("check", f"/check/?program=successor&program=acceleration&year=2026&{FIVE_TOWNS}",
           ("planner", "bureau", "association")),
    *_each("partners", "/check/partners/", ("planner", "bureau")),
    *_each("check-empty", "/check/", ("planner",)),
    *_each("apply", "/apply/", ("planner", "approver")),
    *_each("apply-start", "/calls/{call}/start/", ("planner",)),
    *(
        screen
        for step in ("basic", "members", "projects", "costs", "kpi", "confirm")
        for screen in _each(f"draft-{step}", f"/applications/{{draft}}/edit/{step}/", ("planner",))
    ),
    *_each("delegations", "/delegations/", ("approver", "bureau", "audit")),
    *_each("delegation-new", "/delegations/new/", ("approver",)),
    *_each("delegation-withdraw", "/delegations/{delegation}/withdraw/", ("approver",)),
    *_each("apply-start", "/calls/{call}/start/", ("bureau",)),
    *(
        screen
        for step in ("costs", "confirm")
        for screen in _each(f"draft-{step}", f"/applications/{{draft}}/edit/{step}/", ("bureau",))
    ),
    *_each("consult", "/applications/{draft}/consult/", ("planner",)),
    *_each("application-draft", "/applications/{draft}/", ("planner", "approver", "bureau", "audit")),
    *_each("officers", "/applications/{draft}/officers/", ("planner",)),
    *_each("concur", "/applications/{approval}/concur/", ("accounting",)),
    *_each("application-consent", "/applications/{consent}/", ("planner", "approver")),
    *_each("consent", "/applications/{consent}/consent/", ("planner", "approver")),
    Screen("consent-asked", "shonin-014303", "/applications/{consent}/consent/"),
    Screen("submit-approver", "shonin-014290", "/applications/{ready}/submit/"),
    *_each("application-returned", "/applications/{returned}/", ("planner", "approver"), NEMURO),
    *_each("corrections", "/applications/{returned}/corrections/", ("planner", "approver"), NEMURO),
    Screen("draft-item-field", PEOPLE["field"], "/applications/{returned}/edit/item/"),
    Screen("officers-asked", NEMURO["planner"], "/applications/{returned}/officers/"),
    *_each("withdraw", "/applications/{bureau_review}/withdraw/", ("approver",)),
    *_each("application-granted", "/applications/{granted}/", ("planner", "approver")),
    *_each("documents", "/applications/{granted}/documents/", ("planner", "bureau", "audit")),
    *_each("report-returned", "/applications/{report_returned}/report/", ("planner", "bureau", "audit")),
    *_each("report-edit", "/applications/{report_returned}/report/edit/", ("planner",)),
    *_each("report-answers", "/applications/{report_returned}/report/answers/", ("planner",)),
    *_each("report-evidence", "/applications/{report_returned}/report/evidence/", ("planner",)),
    *_each("report-submit", "/applications/{report_returned}/report/submit/", ("approver",)),
    *_each("report-urge", "/applications/{report_overdue}/report/urge/", ("bureau",)),
    *_each("report-inspect", "/applications/{reported}/report/inspect/", ("bureau",), NEMURO),
    *_each("report-return", "/applications/{reported}/report/return/", ("bureau",), NEMURO),
    *_each("report-fix", "/applications/{inspected}/report/fix/", ("bureau-head",), NEMURO),
    *_each("report-fixed", "/applications/{fixed}/report/", ("planner", "bureau"), NEMURO),
    *_each("progress", "/applications/{running}/progress/", ("planner", "bureau"), NEMURO),
    *_each("progress-detail", "/applications/{running}/progress/2026-09-30/", ("bureau",), NEMURO),
    *_each("work-complete", "/applications/{running}/complete/", ("planner",), NEMURO),
    *_each("changes", "/applications/{changed}/changes/", ("planner", "bureau", "audit"), NEMURO),
    *_each("change-edit", "/applications/{changed}/changes/2/edit/", ("planner",), NEMURO),
    *_each("change-draft", "/applications/{changed}/changes/2/", ("planner", "approver"), NEMURO),
    *_each("change-approved", "/applications/{changed}/changes/1/", ("planner", "bureau", "accounting"),
           NEMURO),
    *_each("change-review", "/applications/{change_review}/changes/1/",
           ("approver", "bureau", "bureau-head", "headquarters", "audit")),
    *_each("change-new", "/applications/{running}/changes/new/", ("planner",), NEMURO),
    *_each("delay", "/applications/{delay_review}/changes/1/", ("planner", "bureau", "headquarters-head"),
           NEMURO),
    *_each("changes-suspended", "/applications/{suspended}/changes/", ("planner", "approver")),
    *_each("change-light", "/applications/{suspended}/changes/1/", ("planner", "bureau")),
    *_each("suspension", "/applications/{suspended}/changes/2/", ("approver", "bureau-head")),
    *_each("resume", "/applications/{suspended}/resume/", ("approver",)),
    *_each("revocation", "/applications/{report_overdue}/revocation/", ("bureau", "bureau-head", "audit")),
    *_each("revocation-propose", "/applications/{settled}/revocation/propose/", ("bureau",)),
    *_each("revocation-hearing", "/applications/{report_overdue}/revocation/hearing/", ("bureau",)),
    *_each("return-order", "/applications/{settled}/return-order/", ("bureau-head", "planner")),
    *_each("reopening", "/applications/{closed}/reopening/", ("headquarters-head", "audit")),
    *_each("findings", "/applications/{report_overdue}/findings/", ("bureau", "headquarters")),
    *_each("case-audit", "/applications/{settled}/audit/", ("bureau-head", "headquarters", "audit")),
    *_each("disclosures", "/disclosures/", ("headquarters", "headquarters-head")),
    *_each("disclosure-new", "/disclosures/new/", ("headquarters",)),
    *_each("document", "/documents/{letter}/", ("planner", "bureau")),
    *_each("review-consultation", "/applications/{preconsult}/consultation/", ("bureau",), NEMURO),
    *_each("review-submitted", "/applications/{submitted}/review/", ("bureau", "bureau-head"), NEMURO),
    *_each("review", "/applications/{bureau_review}/review/", OFFICES),
    *_each("return", "/applications/{bureau_review}/return/", ("bureau",)),
    *_each("forward", "/applications/{bureau_review}/forward/", ("bureau-head",)),
    *_each("review-hq", "/applications/{hq_review}/review/", ("bureau", "headquarters", "headquarters-head")),
    *_each("hand-back", "/applications/{hq_review}/hand-back/", ("headquarters",)),
    *_each("draft-decision", "/applications/{hq_review}/draft/", ("bureau", "headquarters")),
    *_each("decide", "/applications/{approval}/decide/", ("bureau", "bureau-head", "headquarters", "audit")),
    *_each("select", "/applications/{request}/select/", ("headquarters-head",)),
    *_each("programs", "/programs/", ("planner", "headquarters")),
    *_each("program", "/programs/successor/", ("planner", "headquarters")),
    *_each("calls", "/calls/", ("bureau", "headquarters", "headquarters-head", "accounting")),
    *_each("call", "/calls/{call}/", ("bureau", "headquarters", "headquarters-head", "accounting")),
    *_each("call-new", "/calls/new/", ("headquarters",)),
    *_each("budget", "/calls/{call}/budget/", ("bureau", "headquarters", "headquarters-head", "accounting", "audit")),
    *_each("simulation", "/simulations/{simulation}/", ("headquarters", "headquarters-head", "audit")),
    *_each("simulation-new", "/calls/{call}/simulations/new/", ("headquarters",)),
    *_each("simulation-adopt", "/simulations/{simulation}/adopt/", ("headquarters-head",)),
    *_each("simulations-compared", "/calls/{call}/simulations/compare/", ("headquarters", "headquarters-head")),
    *_each("register", "/register/", ("bureau", "headquarters", "accounting", "audit")),
    *_each("ledger", "/ledger/", ("headquarters", "accounting", "audit")),
    *_each("payments", "/payments/", ("accounting", "headquarters", "bureau-head")),
    *_each("payments-paid", "/payments/?tab=paid", ("accounting",)),
    *_each("payments-case", "/applications/{running}/payments/", ("planner", "approver", "bureau-head"), NEMURO),
    *_each("payment-record", "/applications/{fixed}/payments/2/record/", ("accounting",)),
    *_each("payment-decide", "/applications/{running}/payments/1/decide/", ("bureau-head",), NEMURO),
    *_each("payment-claim", "/applications/{running}/payments/claim/", ("approver",), NEMURO),
    *_each("close", "/applications/{settled}/close/", ("bureau",)),
    *_each("follow-ups", "/follow-ups/", ("headquarters", "planner")),
    *_each("follow-up", "/follow-ups/{follow_up}/", ("planner", "bureau"), NEMURO),
    *_each("batches", "/batches/", ("bureau", "headquarters")),
    *_each("batch", "/batches/new/?pk={submitted}&pk={bureau_review}", ("bureau", "bureau-head")),
    *_each("studio", "/studio/{rules_draft}/", ("headquarters",)),
    *_each("studio-proposed", "/studio/{rules_proposed}/", ("headquarters", "headquarters-head")),
    *_each("studio-parameters", "/studio/{rules_draft}/parameters/", ("headquarters",)),
    *_each("studio-rules", "/studio/{rules_draft}/rules/", ("headquarters",)),
    *_each("studio-rule-kinds", "/studio/{rules_draft}/rules/new/", ("headquarters",)),
    *_each("studio-rule", "/studio/{rules_draft}/rules/edit/N-12/", ("headquarters",)),
    *_each("studio-fields", "/studio/{rules_draft}/fields/", ("headquarters",)),
    *_each("studio-bench", "/studio/{rules_draft}/bench/", ("headquarters",)),
    *_each("studio-new", "/studio/new/", ("headquarters",)),
    *_each("acting-head", "/municipalities/014281/acting/", ("approver", "bureau")),
    *_each("indicator-plan", "/indicators/IND1/plan/", ("headquarters", "headquarters-head")),
    *_each("municipalities", "/municipalities/", ("planner", "association")),
    *_each("municipality", "/municipalities/012238/", ("planner", "headquarters")),
    *_each("regions", "/regions/", ("planner", "bureau", "headquarters", "association")),
    *_each("region", "/regions/A06/", ("planner", "bureau", "headquarters", "association")),
    *_each("annual", "/annual/", ("headquarters", "planner")),
    *_each("annual-year", "/annual/2026/", ("headquarters-head",)),
    *_each("annual-regions", "/annual/2026/regions/", ("headquarters",)),
    *_each("annual-money", "/annual/2026/money/", ("audit",)),
    *_each("indicators", "/indicators/", ("planner", "headquarters", "association")),
    *_each("indicator-regions", "/indicators/IND1/?on=2023-03-31", ("headquarters",)),
    *_each("indicator-towns", "/indicators/IND2/?on=2023-03-31", ("planner",)),
    *_each("indicator-plans", "/indicators/IND3/", ("headquarters-head",)),
    *_each("kpis", "/kpis/", ("planner", "field", "bureau", "headquarters", "association")),
    *_each("kpi-grid", "/regions/R7-01/kpis/", ("planner", "bureau")),
    Screen("kpi-grid-field", PEOPLE["field"], "/regions/R7-02/kpis/"),
    *_each("kpi", "/regions/A06/kpis/{kpi_short}/", ("planner", "bureau", "association"), NEMURO),
    *_each("kpi-edit", "/regions/A06/kpis/{kpi_short}/edit/", ("planner",), NEMURO),
    *_each("kpi-new", "/regions/A06/kpis/new/", ("planner",), NEMURO),
    *_each("forecast", "/forecasts/look/", ("planner", "field", "bureau", "headquarters", "association")),
    *_each("forecast-six", f"/forecasts/look/?{FIVE_TOWNS}&member=016659&series=ipss_r5", ("planner",)),
    *_each("forecasts", "/forecasts/", ("planner", "bureau", "association")),
    *_each("forecast-new", "/forecasts/new/?member=014281&member=014273&series=ipss_r5", ("planner",)),
    *_each("region-new", "/regions/new/", ("planner",)),
    *_each("region-edit", "/regions/R7-06/edit/", ("planner",)),
    *_each("handovers", "/handovers/", ("planner",)),
    *_each("handover-new", "/handovers/new/", ("planner",)),
    *_each("region-new-form", "/regions/new/?member=014281&member=014273&go=1", ("planner",)),
    *_each("region-towns", "/regions/R7-06/towns/", ("planner",)),
    *_each("region-posts", "/regions/R7-06/posts/", ("planner", "bureau")),
    *_each("region-burden", "/regions/R7-01/burden/", ("planner", "bureau")),
    *_each("region-state", "/regions/R7-06/state/", ("bureau-head",)),
    *_each("region-links", "/regions/A06/links/", ("headquarters",)),
    *_each("region-comment", "/regions/R7-01/comment/", ("bureau",)),
    *_each("groups", "/regions/R7-06/groups/", ("planner",)),
    *_each("group-new", "/regions/R7-06/groups/new/", ("planner",)),
    *_each("stage-new", "/regions/R7-06/stages/new/", ("bureau",)),
    *_each("agreement-new", "/regions/R7-06/agreements/new/", ("planner",)),
    *_each("vision-new", "/regions/R7-06/visions/new/", ("planner",)),
    *_each("plan-new", "/plans/new/", ("bureau",)),
    *_each("meeting-new", "/meetings/new/", ("bureau",)),
    *_each("meetings", "/meetings/", ("planner", "bureau", "headquarters", "association")),
    *_each("meeting", "/meetings/{meeting}/", ("planner", "bureau", "bureau-head", "association")),
    *_each("meeting-attendance", "/meetings/{meeting}/attendance/", ("bureau",)),
    *_each("meeting-minutes", "/meetings/{meeting}/minutes/", ("bureau",)),
    *_each("conference-members", "/meetings/members/", ("bureau",)),
    *_each("plan-review", "/plans/{plan}/review/", ("bureau",)),
    *_each("stages", "/stages/", ("planner", "bureau", "headquarters", "association")),
    *_each("region-stages", "/regions/R7-06/stages/", ("planner", "bureau-head")),
    *_each("records", "/records/", ("bureau-head", "headquarters", "headquarters-head", "audit")),
    *_each("follow-up-summary", "/follow-ups/summary/", ("headquarters", "association")),
    *_each("calendar", "/calendar/", ("planner", "bureau", "headquarters", "accounting")),
    *_each("zone-records", "/zones/records/", ("planner", "headquarters", "headquarters-head")),
    *_each("overview", "/overview/", ("planner", "bureau", "headquarters", "association")),
    *_each("agreements", "/agreements/", ("planner", "bureau")),
    *_each("agreement", "/agreements/{agreement}/", ("planner", "approver", "bureau", "association")),
    *_each("agreement-amend", "/agreements/{agreement}/amend/", ("planner",)),
    *_each("agreement-end", "/agreements/{agreement}/end/", ("approver",)),
    *_each("agreement-asked", "/agreements/{agreement_asked}/", ("planner", "approver", "bureau")),
    Screen("agreement-consent-approver", "shonin-014303", "/agreements/{agreement_asked}/consent/"),
    *_each("agreement-draft", "/agreements/{agreement_draft}/", ("planner",)),
    *_each("agreement-frame", "/agreements/{agreement_draft}/edit/", ("planner",)),
    *_each("agreement-articles", "/agreements/{agreement_draft}/edit/articles/", ("planner",)),
    *_each("agreement-initiatives", "/agreements/{agreement_draft}/edit/initiatives/", ("planner",)),
    *_each("agreement-initiative-new", "/agreements/{agreement_draft}/edit/initiatives/new/", ("planner",)),
    *_each("agreement-costs", "/agreements/{agreement_draft}/edit/costs/", ("planner",)),
    *_each("agreement-compare", "/agreements/{agreement_amended}/compare/", ("planner", "association")),
    *_each("vision", "/visions/{vision}/", ("planner", "bureau")),
    *_each("vision-texts", "/visions/{vision_draft}/edit/", ("planner",)),
    *_each("vision-items", "/visions/{vision_draft}/edit/items/", ("planner",)),
    *_each("vision-item", "/visions/{vision_draft}/edit/items/{vision_item}/", ("planner",)),
    *_each("vision-costs", "/visions/{vision_draft}/edit/costs/", ("planner",)),
    *_each("vision-kpis", "/visions/{vision_draft}/edit/kpis/", ("planner",)),
    *_each("vision-check", "/visions/{vision_draft}/edit/check/", ("planner",)),
    *_each("vision-compare", "/visions/{vision_second}/compare/", ("planner", "bureau", "association")),
    *_each("vision-equivalent", "/visions/{vision_equivalent}/", ("planner", "bureau")),
    *_each("vision-equivalent-new", "/regions/R7-07/visions/equivalent/", ("planner",)),
    *_each("project", "/projects/{project}/", ("planner", "bureau")),
    *_each("project-new", "/regions/R7-06/projects/new/", ("planner",)),
    *_each("project-edit", "/projects/{project}/edit/", ("planner",)),
    *_each("project-rename", "/projects/{project}/rename/", ("planner",)),
    *_each("project-close", "/projects/{project}/close/", ("planner",)),
    *_each("plans", "/plans/", ("planner", "bureau")),
    *_each("plan", "/plans/{plan}/", ("bureau", "bureau-head", "headquarters")),
    *_each("zones", "/zones/", ("planner", "headquarters")),
    *_each("zone", "/zones/HK-T01/", ("planner",)),
    *_each("imports", "/imports/", ("planner", "bureau", "headquarters", "audit", "administrator")),
    *_each("import-kinds", "/imports/new/", ("planner", "bureau", "headquarters", "administrator")),
    *_each("import-costs", "/imports/new/I-11/?application={draft}", ("planner",)),
    *_each("import-new", "/imports/new/I-03/", ("bureau", "headquarters")),
    *_each("admin", "/admin/", ("administrator",)),
    *(Screen(f"narrow-{screen.name}", screen.who, screen.path, 683) for screen in (
        Screen("worklist", PEOPLE["bureau"], "/worklist/"),
        Screen("draft-members", PEOPLE["planner"], "/applications/{draft}/edit/members/"),
        Screen("review", PEOPLE["bureau"], "/applications/{bureau_review}/review/"),
        Screen("region", PEOPLE["planner"], "/regions/A06/"),
        Screen("forecast", PEOPLE["planner"], "/forecasts/look/"),
    )),
]  # fmt: skip

LOOKUPS = """
import json
from common.models import DocumentIssue
from portal.models import DisposalList
from regions.models import Agreement, ConferenceMeeting, ForwardPlan, Kpi, Vision
from subsidies.models import Application, BudgetSimulation, Call, Delegation, FollowUp, RuleSetVersion
found = {}
found["rules_draft"] = RuleSetVersion.objects.get(state="draft").pk
found["rules_proposed"] = RuleSetVersion.objects.get(state="proposed").pk
for row in Application.objects.order_by("-fiscal_year", "id").values("pk", "state", "phase"):
    key = "request" if (row["state"], row["phase"]) == ("hq_review", "request") else row["state"]
    found[key] = row["pk"] if row["phase"] == "grant" or key not in found else found[key]
found["draft"] = Application.objects.get(state="draft").pk
found["hq_review"] = Application.objects.get(state="hq_review", phase="grant").pk
found["bureau_review"] = Application.objects.filter(state="bureau_review", lead_bureau="sorachi").first().pk
found["submitted"] = Application.objects.filter(state="submitted", lead_bureau="nemuro").first().pk
found["changed"] = found["running"]
found["running"] = Application.objects.get(state="running", region="A06").pk
found["follow_up"] = FollowUp.objects.order_by("fiscal_year").first().pk
found["call"] = Call.objects.filter(state="open", phases="grant_only").first().pk
found["disposal"] = DisposalList.objects.latest("pk").pk
found["simulation"] = BudgetSimulation.objects.filter(state="open").first().pk
found["letter"] = DocumentIssue.objects.filter(kind="D-08", subject_id=str(found["granted"])).first().pk
found["agreement"] = Agreement.objects.filter(region__lead="014281", state="in_force").first().pk
found["agreement_asked"] = Agreement.objects.get(region__lead="014281", state="consent").pk
found["agreement_draft"] = Agreement.objects.get(region__lead="014290", state="draft").pk
found["agreement_amended"] = Agreement.objects.get(region__lead="014290", version=2, state="in_force").pk
found["vision"] = Vision.objects.filter(region__lead="014281", state="adopted").first().pk
found["vision_draft"] = Vision.objects.filter(state="draft", equivalent_zone=None).first().pk
found["vision_item"] = Vision.objects.get(pk=found["vision_draft"]).items.first().pk
found["vision_second"] = Vision.objects.filter(state="adopted", version=2, region__lead="014281").first().pk
found["vision_equivalent"] = Vision.objects.exclude(equivalent_zone=None).first().pk
found["project"] = Vision.objects.get(pk=found["vision_second"]).items.first().project_id
found["delegation"] = Delegation.objects.get(municipality="014281").pk
found["kpi_short"] = Kpi.objects.get(project__region="A06", name="転入者数－転出者数").pk
found["meeting"] = ConferenceMeeting.objects.get(bureau="sorachi", state="held").pk
found["plan"] = ForwardPlan.objects.filter(bureau="sorachi").first().pk
print(json.dumps(found))
"""

SESSIONS = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
keys = {}
for user in get_user_model().objects.filter(is_active=True):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    keys[user.get_username()] = session.session_key
print(json.dumps(keys))
"""


def lookups(world: demo.World) -> dict[str, int]:
    """Return the rows that paths name, by their name."""
    return dict(json.loads(world.manage("shell", "--no-imports", "-c", LOOKUPS).splitlines()[-1]))


def sessions(world: demo.World) -> dict[str, str]:
    """Return a session key for each user name of the world."""
    return dict(json.loads(world.manage("shell", "--no-imports", "-c", SESSIONS).splitlines()[-1]))
