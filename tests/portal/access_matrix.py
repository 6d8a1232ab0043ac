"""THE matrix: every URL × the twelve duties and a person who has not signed in. A URL missing here fails the suite.

A row says what the holder of each duty inside the territory reads: `ok` 200 (or `answers`), `hidden` 404, everyone else
403. `writers` are those whose forms are read, where more may look than write. `named` is what the address names, by
its name in the world; such rows also say what the same duty of another territory reads: `strangers` (404; 403 where the
thing itself is public), unless it is `open_to_strangers`. Post-only addresses carry `post`, the data to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.viewer import Duty

ALL = frozenset(Duty)
TOWN = frozenset({Duty.MP, Duty.MA, Duty.MF})
BUREAU = frozenset({Duty.BS, Duty.BM})
HEADQUARTERS = frozenset({Duty.HS, Duty.HM})
NOBODY: frozenset[Duty] = frozenset()
OUTSIDE = frozenset({Duty.AD, Duty.OB})  # they see no application at all
REVIEWERS = BUREAU | HEADQUARTERS | {Duty.SD, Duty.AU}  # they may open the page of a review
UNSENT = ALL - TOWN - {Duty.AU}  # who may not know an application that the towns have shown to nobody


def only(*duties: str) -> frozenset[Duty]:
    """`only("BS", "BM")`."""
    return frozenset(Duty(duty) for duty in duties)


@dataclass(frozen=True)
class Row:
    """One URL."""

    view: str
    ok: frozenset[Duty] = ALL
    hidden: frozenset[Duty] = NOBODY
    named: tuple[str, ...] = ()
    args: tuple[object, ...] = ()
    query: str = ""
    post: Mapping[str, str] | None = None
    answers: int = 200
    public: bool = False
    open_to_strangers: bool = False
    strangers: int = 404
    writers: frozenset[Duty] | None = None  # who may post where reading is wider; None: `ok`

    def may_post(self, duty: Duty) -> bool:
        """Whether a form from the holder of the duty is read at all."""
        return duty in (self.ok if self.writers is None else self.writers)

    def expected(self, duty: Duty) -> int:
        """The status that the holder of the duty inside the territory reads."""
        return self.answers if duty in self.ok else 404 if duty in self.hidden else 403


def case(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a submitted application, under review at the bureau: absent for whoever has no part in grants."""
    return Row(view, **{"named": ("case",), "ok": ok, "hidden": OUTSIDE} | more)


def paper(view: str, ok: frozenset[Duty] = ALL - OUTSIDE - only("MF"), **more: Any) -> Row:
    """A page of an issued paper that is not 庁内限り (row 19)."""
    return Row(view, named=("paper",), ok=ok, hidden=OUTSIDE | only("MF"), **more)


def call(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """An act on a call (row 10)."""
    return Row(view, named=("call",), ok=ok, hidden=only("MF", "AD", "OB"), open_to_strangers=True, **more)


DESIGNERS = HEADQUARTERS | only("SD", "AU", "AD")  # who may know a draft of rules


def design(view: str, ok: frozenset[Duty] = DESIGNERS, **more: Any) -> Row:
    """A page of a draft in the rule studio (row 9): written by headquarters staff and the administrator."""
    said = {"named": ("rules_draft",), "ok": ok, "hidden": ALL - DESIGNERS, "writers": only("HS", "AD")}
    return Row(view, **(said | more))


def vision_part(view: str, **more: Any) -> Row:
    """A page on which a planner writes a vision that only the towns concerned know (row 6)."""
    return Row(view, **{"named": ("vision_draft",), "ok": only("MP"), "hidden": BUREAU | only("OB")} | more)


def simulation(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a simulation that is not adopted (row 10): known to headquarters and auditors."""
    known = HEADQUARTERS | only("AU")
    return Row(view, named=("simulation",), ok=ok, hidden=ALL - known, open_to_strangers=True, **more)


def batch(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of batch work that the reviewer of the bureau did: known to her office and to auditors."""
    known = BUREAU | only("AU")
    return Row(view, named=("batch",), ok=ok, hidden=ALL - known, **more)


SEES_RUNS = BUREAU | HEADQUARTERS | only("AU", "AD")  # of a bureau


def sheet_run(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a sheet that the bureau brings in (row 36)."""
    return Row(view, named=("sheet_run",), ok=ok, hidden=ALL - SEES_RUNS, **more)


def meeting(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a meeting to come, known to those who will attend (row 8)."""
    return Row(view, **{"named": ("meeting_planned",), "ok": ok, "hidden": only("OB")} | more)


READS_KPIS = ALL - only("AC", "AD", "OB")  # of a region that only its towns know


def kpi(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page about KPIs of a region that is still an idea (row 26)."""
    return Row(view, **{"named": ("kpi_region",), "ok": ok, "hidden": only("OB")} | more)


HANDS_OVER = only("MP", "MA", "BS", "BM", "AD")


def handover(view: str, ok: frozenset[Duty], **more: Any) -> Row:
    """A page of a hand-over of the town (row 37)."""
    return Row(view, named=("handover",), ok=ok, hidden=BUREAU | only("OB"), **more)


READS_DRAFTS = TOWN | HEADQUARTERS | only("SD", "AU")  # of papers that only the towns concerned know
READS_FORECASTS = ALL - only("AC")
READS_PLANS = only("MP", "MA", "SD", "AU", "OB") | BUREAU | HEADQUARTERS
READS_STAGES = READS_PLANS - only("SD")

MATRIX = [
    # portal
    Row("portal:home"),
    Row("portal:calendar"),
    Row("portal:worklist"),
    Row("portal:worklist_export"),
    Row("portal:search", query="?q=長沼"),
    Row("portal:search_export", query="?q=長沼"),
    Row("portal:audit_list", ok=only("BM", "HS", "HM", "AU", "AD")),
    Row("portal:audit_export", ok=only("BM", "HS", "HM", "AU", "AD")),
    Row("portal:task_detail", named=("task",), ok=only("BS"), hidden=ALL - only("BS")),  # hers alone
    Row("portal:overview", ok=ALL - only("MF", "AC", "AD")),
    Row("portal:overview_export", args=("places",), ok=ALL - only("MF", "AC", "AD")),
    Row("portal:indicator_list", ok=ALL - only("MF", "AC", "AD")),
    Row("portal:indicator_export", ok=ALL - only("MF", "AC", "AD")),
    Row(
        "portal:indicator_detail",
        named=("indicator",),
        ok=ALL - only("MF", "AC", "AD"),
        writers=only("HS"),
        open_to_strangers=True,
    ),
    Row(
        "portal:indicator_confirm",
        named=("indicator",),
        args=(2022,),
        post={},
        answers=302,
        ok=only("HM"),
        open_to_strangers=True,
    ),
    Row("portal:kpi_list", ok=ALL - only("AC", "AD")),
    Row("portal:kpi_export", ok=ALL - only("AC", "AD")),
    Row("portal:import_list", ok=only("MP", "MA", "AU", "AD") | BUREAU | HEADQUARTERS),
    Row("portal:import_export", ok=only("MP", "MA", "AU", "AD") | BUREAU | HEADQUARTERS),
    Row("portal:import_kinds", ok=only("MP", "BS", "HS", "AD")),
    Row("portal:import_new", args=("I-03",), ok=only("BS", "HS", "AD")),
    Row("portal:import_form", args=("I-03",), ok=only("BS", "HS", "AD")),
    sheet_run("portal:import_detail", SEES_RUNS),
    sheet_run("portal:import_columns", only("BS", "HS", "AD")),
    sheet_run("portal:import_reread", only("BS", "HS", "AD"), post={"encoding": "cp932"}, answers=302),
    sheet_run("portal:import_confirm", only("BS", "HS", "AD"), post={}, answers=422),  # not what the page showed
    sheet_run("portal:import_discard", only("BS", "HS", "AD"), post={}, answers=302),
    sheet_run("portal:import_undo", only("BS", "HS", "AD"), post={}, answers=422),  # nothing was written
    sheet_run("portal:import_retry", only("BS", "HS", "AD"), post={}, answers=302),
    sheet_run("portal:import_result", SEES_RUNS),
    sheet_run("portal:import_original", SEES_RUNS),
    # accounts
    Row("accounts:sign_in", public=True, answers=302),  # whoever is signed in goes on to the start page
    Row("accounts:sample_sign_in", public=True, post={"username": "nobody"}, ok=NOBODY, hidden=ALL),
    Row("accounts:sign_out", post={}, answers=302),
    Row("accounts:post_switch", post={"office": "0"}, ok=NOBODY, hidden=ALL),
    Row("accounts:password_change"),
    Row("accounts:person_list", ok=only("MA", "BM", "HS", "HM", "AU", "AD")),
    Row("accounts:person_export", ok=only("MA", "BM", "HS", "HM", "AU", "AD")),
    Row("accounts:handover_list", ok=HANDS_OVER | only("HS", "HM", "AU")),
    Row("accounts:handover_export", ok=HANDS_OVER | only("HS", "HM", "AU")),
    Row("accounts:handover_new", ok=HANDS_OVER),
    handover("accounts:handover_detail", only("MP", "MA", "HS", "HM", "AU", "AD")),
    handover("accounts:handover_edit", only("MP", "MA", "AD")),
    handover("accounts:handover_confirm", only("MA", "AD"), post={}, answers=302),
    handover("accounts:handover_undo", only("MA", "AD"), post={}, answers=302),
    handover("accounts:handover_discard", only("MP", "MA", "AD"), post={}, answers=302),
    # municipalities
    Row("municipalities:municipality_list", ok=ALL - only("AC")),
    Row("municipalities:municipality_export", ok=ALL - only("AC")),
    Row("municipalities:municipality_detail", named=("town",), ok=ALL - only("AC"), open_to_strangers=True),
    # regions
    Row("regions:region_list", ok=ALL - only("AC")),
    Row("regions:region_detail", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:region_sheet", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:region_export", ok=ALL - only("AC")),
    Row("regions:region_members", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:region_new", ok=only("MP", "BS")),
    Row("regions:region_edit", named=("idea",), ok=only("MP", "BS"), hidden=only("OB")),
    Row("regions:region_towns", named=("idea",), ok=only("MP", "BS"), hidden=only("OB")),
    Row("regions:region_state", named=("idea",), ok=only("MA", "BM"), hidden=only("OB")),
    Row("regions:region_states_export", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:region_links", named=("idea",), ok=only("BM", "HS"), hidden=only("OB")),
    Row(
        "regions:region_unlink",
        named=("link_region", "link"),
        post={},
        answers=302,
        ok=only("BM", "HS"),
        hidden=only("OB"),
    ),
    Row(
        "regions:region_posts", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB"), writers=only("MP", "BS")
    ),
    Row("regions:region_posts_export", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:region_burden", named=("idea",), ok=ALL - only("AC", "AD", "OB"), hidden=only("OB")),
    Row("regions:region_burden_export", named=("idea",), ok=ALL - only("AC", "AD", "OB"), hidden=only("OB")),
    Row("regions:region_comment", named=("idea",), ok=only("BS", "BM", "HS"), hidden=only("OB")),
    Row("regions:group_list", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:group_export", named=("idea",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:group_new", named=("idea",), ok=only("MP", "BS"), hidden=only("OB")),
    Row(
        "regions:group_detail", named=("group",), ok=ALL - only("AC", "OB"), hidden=only("OB"), writers=only("MP", "BS")
    ),
    Row("regions:group_decisions_export", named=("group",), ok=ALL - only("AC", "OB"), hidden=only("OB")),
    Row("regions:group_edit", named=("group",), ok=only("MP", "BS"), hidden=only("OB")),
    Row("regions:group_end", named=("group",), ok=only("MP", "BS"), hidden=only("OB")),
    Row("regions:agreement_list", ok=ALL - only("AC", "AD")),
    Row("regions:agreement_export", ok=ALL - only("AC", "AD")),
    Row("regions:agreement_detail", named=("agreement_draft",), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:agreement_new", named=("idea",), ok=only("MP"), hidden=only("OB")),
    *(
        Row(view, named=("agreement_draft",), ok=only("MP"), hidden=BUREAU | only("OB"))
        for view in (
            "regions:agreement_edit",
            "regions:agreement_articles",
            "regions:agreement_initiatives",
            "regions:agreement_initiative_new",
            "regions:agreement_costs",
        )
    ),
    Row(
        "regions:agreement_initiative",
        named=("agreement_draft", "agreement_initiative"),
        ok=only("MP"),
        hidden=BUREAU | only("OB"),
    ),
    *(
        Row(
            f"regions:agreement_initiative_{act}",
            named=("agreement_draft", "agreement_initiative"),
            post={},
            answers=302,
            ok=only("MP"),
            hidden=BUREAU | only("OB"),
        )
        for act in ("move", "remove")
    ),
    Row("regions:agreement_pdf", named=("agreement_draft",), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:agreement_compare", named=("agreement",), ok=ALL - only("AC", "AD"), open_to_strangers=True),
    Row(
        "regions:agreement_start",
        named=("agreement_draft",),
        post={},
        answers=302,
        ok=only("MP"),
        hidden=BUREAU | only("OB"),
    ),
    Row("regions:agreement_remind", named=("agreement_asked",), post={}, answers=302, ok=only("MP"), hidden=only("OB")),
    Row("regions:agreement_consent", named=("agreement_asked",), ok=only("MA"), hidden=only("OB")),
    Row(
        "regions:agreement_decline",
        named=("agreement_asked",),
        post={"decline-reason": "負担割合"},
        answers=302,
        ok=only("MA"),
        hidden=only("OB"),
    ),
    Row("regions:agreement_amend", named=("agreement",), ok=only("MP"), strangers=403),
    Row("regions:agreement_end", named=("agreement",), ok=only("MA"), strangers=403),
    Row("regions:agreement_file_add", named=("agreement",), post={}, answers=302, ok=only("MP"), strangers=403),
    Row(
        "regions:agreement_file",
        named=("agreement", "agreement_copy"),
        ok=ALL - only("AC", "AD"),
        open_to_strangers=True,
    ),
    Row("regions:agreement_file_remove", named=("agreement", "agreement_copy"), ok=only("MP"), strangers=403),
    Row(
        "regions:agreement_receive",
        named=("agreement",),
        post={"day": "2022/5/1"},
        answers=302,
        ok=only("BM"),
        strangers=403,
    ),
    Row("regions:vision_detail", named=("vision_draft",), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:vision_new", named=("idea",), ok=only("MP"), hidden=only("OB")),
    vision_part("regions:vision_edit"),
    vision_part("regions:vision_items"),
    vision_part("regions:vision_costs"),
    vision_part("regions:vision_kpis"),
    vision_part("regions:vision_check"),
    vision_part("regions:vision_item_add", post={}, answers=422),  # nothing was chosen
    vision_part("regions:vision_item", named=("vision_draft", "vision_item")),
    vision_part("regions:vision_item_move", named=("vision_draft", "vision_item"), post={"to": "up"}, answers=302),
    vision_part("regions:vision_item_remove", named=("vision_draft", "vision_item"), post={}, answers=302),
    Row("regions:vision_pdf", named=("vision_draft",), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:vision_compare", named=("vision_draft",), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:vision_copy", named=("equivalent", "copy"), ok=READS_DRAFTS, hidden=BUREAU | only("OB")),
    Row("regions:equivalent_new", named=("idea",), ok=only("MP"), hidden=only("OB")),
    vision_part("regions:equivalent_edit", named=("equivalent",)),
    Row("regions:project_detail", named=("project",), ok=ALL - only("AC", "AD", "OB"), hidden=only("OB")),
    Row("regions:project_new", named=("idea",), ok=only("MP"), hidden=only("OB")),
    Row("regions:project_edit", named=("project",), ok=only("MP"), hidden=only("OB")),
    Row("regions:project_rename", named=("project",), ok=only("MP"), hidden=only("OB")),
    Row("regions:project_close", named=("project",), ok=only("MP"), hidden=only("OB")),
    Row(
        "regions:vision_consult",
        named=("vision_draft",),
        post={},
        answers=302,
        ok=only("MP"),
        hidden=BUREAU | only("OB"),
    ),
    Row(
        "regions:vision_adopt",
        named=("vision_draft",),
        post={"day": "2022/5/1"},
        answers=302,
        ok=only("MA"),
        hidden=BUREAU | only("OB"),
    ),
    Row("regions:vision_revise", named=("vision",), post={}, answers=302, ok=only("MP"), strangers=403),
    Row(
        "regions:vision_receive",
        named=("vision",),
        post={"day": "2022/5/1"},
        answers=302,
        ok=only("BM"),
        strangers=403,
    ),
    Row("regions:plan_list", ok=READS_PLANS),
    Row("regions:plan_export", ok=READS_PLANS),
    Row("regions:plan_new", ok=only("BS")),
    Row(
        "regions:plan_detail",
        named=("plan_draft",),
        ok=READS_PLANS - only("MP", "MA", "OB"),
        hidden=TOWN | only("OB"),
    ),
    Row("regions:plan_edit", named=("plan_draft",), ok=only("BS"), hidden=TOWN | only("OB")),
    Row("regions:plan_discuss", named=("plan_draft",), post={}, answers=302, ok=only("BS"), hidden=TOWN | only("OB")),
    Row(
        "regions:plan_adopt",
        named=("plan_draft",),
        post={"day": "2022/5/1"},
        answers=422,  # no meeting discussed it
        ok=only("BM"),
        hidden=TOWN | only("OB"),
    ),
    Row(
        "regions:plan_revise", named=("plan",), post={}, answers=422, ok=only("BS"), strangers=403
    ),  # one is being made
    Row("regions:plan_review", named=("plan",), ok=only("BS"), strangers=403),
    Row("regions:plan_compare", named=("plan",), ok=READS_PLANS, open_to_strangers=True),
    Row("regions:plan_pdf", named=("plan",), ok=READS_PLANS, open_to_strangers=True),
    Row(
        "regions:plan_comment",
        named=("plan",),
        post={"text": "取組を加えて"},
        answers=302,
        ok=only("MP", "MA", "HS", "SD"),
        open_to_strangers=True,
    ),
    Row(
        "regions:plan_receive",
        named=("plan",),
        post={"day": "2022/5/1"},
        answers=302,
        ok=only("HM"),
        strangers=403,
    ),
    Row("regions:meeting_list", ok=READS_PLANS),
    Row("regions:meeting_export", ok=READS_PLANS),
    Row("regions:point_export", ok=READS_PLANS),
    Row("regions:conference_member_export", args=("sorachi",), ok=READS_PLANS),
    Row("regions:conference_members", ok=only("BS")),
    Row("regions:meeting_new", ok=only("BS")),
    meeting("regions:meeting_detail", READS_PLANS - only("OB")),
    meeting("regions:meeting_edit", only("BS")),
    meeting("regions:meeting_attendance", only("BS")),
    meeting("regions:meeting_minutes", only("BS")),
    meeting("regions:meeting_papers", only("BS")),
    meeting("regions:meeting_agenda_pdf", READS_PLANS - only("OB")),
    meeting(
        "regions:meeting_paper", READS_PLANS - only("OB"), named=("meeting_planned", "meeting_item", "meeting_file")
    ),
    meeting(
        "regions:meeting_paper_remove",
        only("BS"),
        named=("meeting_planned", "meeting_item", "meeting_file"),
        post={},
        answers=302,
    ),
    meeting("regions:meeting_invite", only("BS"), post={}, answers=302),
    meeting("regions:meeting_cancel", only("BS")),
    # minutes that were shown to the members: everyone may know the meeting, not everyone its draft
    Row("regions:meeting_attendance_pdf", named=("meeting",), ok=READS_PLANS - only("OB"), strangers=403),
    Row("regions:meeting_minutes_pdf", named=("meeting",), ok=READS_PLANS - only("OB"), strangers=403),
    Row(
        "regions:meeting_circulate",
        named=("meeting",),
        post={"comment_by": "2100/4/1"},
        answers=302,
        ok=only("BS"),
        strangers=403,
    ),
    Row(
        "regions:meeting_comment",
        named=("meeting",),
        post={"text": "追記を"},
        answers=302,
        ok=only("MP", "MA"),
        strangers=403,
    ),
    Row("regions:meeting_confirm", named=("meeting",), post={}, answers=302, ok=only("BM"), strangers=403),
    Row("regions:stage_list", ok=READS_STAGES),
    Row("regions:stage_export", ok=READS_STAGES),
    Row("regions:region_stages", named=("idea",), ok=READS_STAGES - only("OB"), hidden=only("OB")),
    Row("regions:stage_new", named=("idea",), ok=only("BS"), hidden=only("OB")),
    kpi("regions:kpi_list", READS_KPIS, writers=only("MP")),
    kpi("regions:kpi_export", READS_KPIS),
    kpi("regions:kpi_new", only("MP")),
    kpi("regions:kpi_form", only("MP")),
    kpi("regions:kpi_detail", READS_KPIS, named=("kpi_region", "kpi"), writers=only("MP")),
    kpi("regions:kpi_edit", only("MP"), named=("kpi_region", "kpi")),
    kpi("regions:kpi_remove", only("MP"), named=("kpi_region", "kpi")),
    kpi("regions:kpi_file", READS_KPIS, named=("kpi_region", "kpi", "kpi_file")),
    kpi("regions:kpi_file_remove", only("MP"), named=("kpi_region", "kpi", "kpi_file"), post={}, answers=302),
    Row("regions:stage_confirm", named=("idea",), post={}, answers=302, ok=only("BM", "HM"), hidden=only("OB")),
    Row(
        "regions:stage_comment",
        named=("idea",),
        post={"text": "根拠を足して"},
        answers=302,
        ok=only("MP", "HS"),
        hidden=only("OB"),
    ),
    Row("regions:forecast_list", ok=READS_FORECASTS),
    Row("regions:forecast_export", ok=READS_FORECASTS),
    Row("regions:forecast_look", query="?member=014281", ok=READS_FORECASTS),
    Row("regions:forecast_look_pdf", query="?member=014281", ok=READS_FORECASTS),
    Row("regions:forecast_new", query="?member=014281", ok=only("MP", "MF")),
    Row("regions:forecast_detail", named=("forecast_draft",), ok=READS_FORECASTS - only("OB"), hidden=only("OB")),
    Row("regions:forecast_pdf", named=("forecast_draft",), ok=READS_FORECASTS - only("OB"), hidden=only("OB")),
    Row("regions:forecast_edit", named=("forecast_draft",), ok=only("MP", "MF"), hidden=only("OB")),
    Row(
        "regions:forecast_show",
        named=("forecast_draft",),
        post={},
        answers=302,
        ok=only("MP", "MF"),
        hidden=only("OB"),
    ),
    Row("regions:forecast_agree", named=("forecast_draft",), post={}, answers=302, ok=only("MA"), hidden=only("OB")),
    Row(
        "regions:forecast_comment",
        named=("forecast_draft",),
        post={"text": "職員数も確かめてください。"},
        answers=302,
        ok=only("BS"),
        hidden=only("OB"),
    ),
    Row("regions:forecast_revise", named=("forecast",), post={}, answers=302, ok=only("MP", "MF"), strangers=403),
    Row("regions:zone_records", ok=ALL - only("AC")),
    Row("regions:zone_records_export", args=("hubs",), ok=ALL - only("AC")),
    Row("regions:zone_list", ok=ALL - only("AC")),
    Row("regions:zone_export", ok=ALL - only("AC")),
    Row("regions:zone_members", named=("zone",), ok=ALL - only("AC"), open_to_strangers=True),
    Row("regions:zone_detail", named=("zone",), ok=ALL - only("AC"), open_to_strangers=True),
    # subsidies
    Row("subsidies:application_list", ok=ALL - OUTSIDE),
    Row("subsidies:application_export", ok=ALL - OUTSIDE),
    case("subsidies:application_review", REVIEWERS),
    case("subsidies:application_receive", only("BS"), post={"received_on": "2026-11-20"}, answers=302),
    case("subsidies:application_judge_again", BUREAU, post={}, answers=302),  # headquarters: once it is forwarded
    case(
        "subsidies:application_judge", BUREAU | HEADQUARTERS, args=("N-05",), post={}, answers=302
    ),  # says that nothing is asked
    case("subsidies:application_note", only("BS", "HS", "SD"), post={"note-text": "確認した。"}, answers=302),
    case("subsidies:application_opinion", only("BS", "HS", "SD"), post={"opinion-text": "採択が適当。"}, answers=302),
    case(
        "subsidies:application_reduce", only("BS", "HS"), post={}
    ),  # an empty form comes back; the service refuses others
    case("subsidies:application_return", only("BS", "HS")),
    case("subsidies:application_forward", only("BM")),
    case("subsidies:application_hand_back", only("HS")),
    case("subsidies:application_lapse", only("BM")),
    case("subsidies:application_next", REVIEWERS, answers=302),
    case("subsidies:consultation_close", only("BS")),
    case("subsidies:decision_draft", only("BS", "HS")),
    case("subsidies:decision_decide", REVIEWERS | only("AC"), writers=only("BM")),
    case(
        "subsidies:decision_send_back", only("BM"), post={"reason": "金額を確かめてください。"}
    ),  # the bureau decides here
    case("subsidies:decision_concur", REVIEWERS | only("AC"), writers=NOBODY),  # nothing circulates yet
    case("subsidies:request_decide", only("HM")),
    case("subsidies:document_list", ALL - OUTSIDE - only("MF")),
    case("subsidies:document_export", ALL - OUTSIDE - only("MF")),
    case("subsidies:paper_preview", ALL - OUTSIDE - TOWN, args=("D-08",), hidden=OUTSIDE | TOWN),
    case("subsidies:paper_preview_pdf", ALL - OUTSIDE - TOWN, args=("D-08",), hidden=OUTSIDE | TOWN),
    paper("subsidies:document_preview"),
    paper("subsidies:document_page"),
    paper("subsidies:document_pdf"),
    paper("subsidies:document_reprint", only("BS", "HS"), post={}),
    Row("subsidies:program_list", ok=ALL - only("MF", "AC", "OB")),
    Row("subsidies:program_export", ok=ALL - only("MF", "AC", "OB")),
    Row("subsidies:program_detail", args=("successor",), ok=ALL - only("MF", "AC", "OB")),
    Row("subsidies:studio_new", ok=only("HS", "AD")),
    design("subsidies:studio_copy", only("HS", "AD"), post={}, answers=302),
    design("subsidies:studio_detail"),
    design("subsidies:studio_act", only("HS", "AD"), args=("take-back",), post={}, answers=422),
    design("subsidies:studio_parameters"),
    design("subsidies:studio_rules"),
    design("subsidies:studio_rule_new"),
    design("subsidies:studio_rule", args=("N-12",)),
    design("subsidies:studio_fields"),
    design("subsidies:studio_bench"),
    design("subsidies:studio_example_remove", only("HS", "AD"), args=(1,), post={}, answers=302),
    design("subsidies:studio_replay", writers=only("HS", "HM", "AD")),
    design("subsidies:studio_reach", writers=only("HS", "HM", "AD")),
    design("subsidies:studio_field_new", only("HS", "AD"), post={}, answers=422),
    Row("subsidies:call_list", ok=ALL - only("MF", "AD", "OB")),
    Row("subsidies:call_export", ok=ALL - only("MF", "AD", "OB")),
    Row("subsidies:call_create", ok=HEADQUARTERS),
    Row("subsidies:call_detail", named=("call",), ok=ALL - only("MF", "AD", "OB"), open_to_strangers=True),
    call("subsidies:call_edit", HEADQUARTERS),
    call("subsidies:call_budget", REVIEWERS | only("AC")),
    Row("subsidies:batch_list", ok=REVIEWERS),
    Row("subsidies:batch_export", ok=REVIEWERS),
    Row("subsidies:batch_new", ok=BUREAU | HEADQUARTERS),
    batch("subsidies:batch_detail", BUREAU | only("AU")),
    batch("subsidies:batch_retry", only("BS"), post={}, answers=302),
    batch("subsidies:batch_undo", only("BS"), post={}, answers=302),
    batch("subsidies:batch_result_export", BUREAU | only("AU")),
    call("subsidies:budget_detail", REVIEWERS | only("AC")),
    call("subsidies:budget_export", REVIEWERS | only("AC")),
    call("subsidies:simulation_new", only("HS")),
    call("subsidies:simulation_compare", REVIEWERS | only("AC")),
    call("subsidies:comparison_export", REVIEWERS | only("AC")),
    simulation("subsidies:simulation_detail", HEADQUARTERS | only("AU"), writers=only("HS")),
    simulation("subsidies:simulation_compute", only("HS"), post={"method": "level"}, answers=302),
    simulation("subsidies:simulation_rename", only("HS"), post={"name-name": "別の名称"}, answers=302),
    simulation("subsidies:simulation_copy", only("HS"), post={"copy-name": "写し"}, answers=302),
    simulation("subsidies:simulation_discard", only("HS"), post={}, answers=302),
    simulation("subsidies:simulation_adopt", only("HM")),
    simulation("subsidies:simulation_export", HEADQUARTERS | only("AU")),
    Row("subsidies:ledger_list", ok=HEADQUARTERS | only("AC", "AU")),
    Row("subsidies:ledger_export", ok=HEADQUARTERS | only("AC", "AU")),
    call("subsidies:call_open", only("HM"), post={}, answers=302),
    call("subsidies:call_close", only("HM"), post={}, answers=302),
    call("subsidies:call_allot", HEADQUARTERS, post={}),
    call("subsidies:application_admit_late", only("BM"), post={}),
    # subsidies: the towns
    Row("subsidies:application_detail", named=("draft",), ok=TOWN | only("AU"), hidden=UNSENT),
    Row("subsidies:apply", ok=only("MP", "MA", "BS", "BM", "HS", "HM", "SD", "AC", "AU")),
    Row("subsidies:apply_start", named=("call",), ok=only("MP"), open_to_strangers=True),
    Row("subsidies:check"),
    Row("subsidies:check_partners", ok=only("MP", "MA", "BS", "BM", "HS", "HM", "AU")),
    Row("subsidies:check_propose", ok=only("MP")),
    Row("subsidies:draft_resume", named=("draft",), ok=TOWN | only("AU"), hidden=UNSENT, answers=302),
    *(
        Row(f"subsidies:draft_{step}", named=("draft",), ok=only("MP"), hidden=UNSENT)
        for step in ("basic", "members", "projects", "costs", "kpi", "confirm")
    ),
    Row("subsidies:draft_form", named=("draft",), args=("costs",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:draft_item", named=("draft",), ok=only("MF"), hidden=UNSENT, answers=302),
    Row("subsidies:draft_item_edit", named=("draft", "item"), ok=only("MP", "MF"), hidden=UNSENT),
    Row("subsidies:application_consent", named=("draft",), ok=only("MP", "MA", "AU"), hidden=UNSENT),
    Row("subsidies:application_agree", named=("draft",), post={}, ok=only("MA"), hidden=UNSENT, answers=422),
    Row(
        "subsidies:application_decline",
        named=("draft",),
        post={"reason": "見直し"},
        ok=only("MA"),
        hidden=UNSENT,
        answers=422,
    ),
    Row("subsidies:application_consult", named=("draft",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:application_submit", named=("ready",), ok=only("MA"), hidden=UNSENT - BUREAU),
    Row("subsidies:application_withdraw", named=("ready",), ok=only("MA"), hidden=UNSENT - BUREAU),
    Row("subsidies:application_take_back", named=("submitted",), ok=only("MA"), hidden=only("AD", "OB")),
    Row("subsidies:application_open_grant", named=("draft",), post={}, ok=only("MP"), hidden=UNSENT, answers=302),
    Row("subsidies:application_corrections", named=("draft",), ok=only("MP", "MA"), hidden=UNSENT, answers=302),
    Row("subsidies:application_officers", named=("draft",), ok=only("MP"), hidden=UNSENT),
    Row("subsidies:delegation_list", ok=ALL - only("MF", "SD", "AC", "OB")),
    Row("subsidies:delegation_export", ok=ALL - only("MF", "SD", "AC", "OB")),
    Row("subsidies:delegation_new", ok=only("MA")),
    Row("subsidies:delegation_withdraw", named=("delegation",), ok=only("MA"), hidden=only("MF", "SD", "AC", "OB")),
    Row(
        "subsidies:delegation_typed",
        named=("typed",),
        post={},
        ok=only("BS"),
        hidden=UNSENT - only("BS"),
        answers=302,
    ),
    Row("subsidies:attachment", named=("draft", "file"), ok=TOWN | only("AU"), hidden=UNSENT),
    Row("subsidies:attachment_add", named=("draft",), post={}, ok=only("MP"), hidden=UNSENT, answers=302),
    Row("subsidies:attachment_remove", named=("draft", "file"), ok=only("MP"), hidden=UNSENT),
]
