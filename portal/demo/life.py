"""The life of demo regions: received papers, sub-groups with a decision, shared posts, a paused idea, a hand-over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from accounts import services as accounts
from accounts.models import Post
from accounts.services import HandoverDraft, Move
from common import clock
from common.fiscal_year import FiscalYear
from common.viewer import Duty, OfficeKind, Viewer
from regions import services as regions
from regions.models import Agreement, Region, SubGroup, Vision
from regions.services import DecisionDraft, GroupDraft, Posts, RegionDraft
from regions.workflow import Step

from .people import NEMURO
from .regions import SINCE

WAITS = ("南空知東", "浦臼新十津川", "根室中部")  # whose papers the bureau has not received yet
NEMURO_TOWNS = ("012238", "016918", "016934")


def make_life(made: Mapping[str, Region], people: Mapping[str, Viewer], today: date) -> None:
    """Let the demo regions live; `made` are the regions by the key of their plot."""
    _receive({key: region for key, region in made.items() if key not in WAITS}, people)
    _nemuro(made["A06"], people, today)
    _paused(people, today)
    _handover(people, today)


def _receive(made: Mapping[str, Region], people: Mapping[str, Viewer]) -> None:
    """The heads of the bureaus note the receipt of agreements and visions."""
    with clock.standing_at(clock.at(SINCE + timedelta(days=40))):
        codes = [region.pk for region in made.values()]
        for agreement in Agreement.objects.filter(region__in=codes, state="in_force", received_on=None):
            head = people[f"{agreement.region.lead_bureau_id}-kyokucho"]
            regions.receive_agreement(agreement.pk, received_on=clock.today(), viewer=head)
        for vision in Vision.objects.filter(region__in=codes, state="adopted", received_on=None):
            head = people[f"{vision.region.lead_bureau_id}-kyokucho"]
            regions.receive_vision(vision.pk, received_on=clock.today(), viewer=head)


def _nemuro(region: Region, people: Mapping[str, Viewer], today: date) -> None:
    """根室連携地域: a sub-group that has decided, one that has not; posts shared; headquarters' opinion."""
    planner = people["nemuro-kikaku"]
    projects = list(region.projects.filter(state__in=["planned", "running"]).order_by("code"))
    with clock.standing_at(clock.at(today - timedelta(days=60))):
        members = list(
            region.memberships.filter(left_on=None).order_by("municipality").values_list("municipality", flat=True)
        )
        chosen = {
            project.pk: Posts(members[number % len(members)], project.secretariat_id or members[0])
            for number, project in enumerate(projects)
        }
        regions.share_posts(region.pk, chosen=chosen, viewer=planner)
        group = _group(region, "防災部会（デモ）", [project.pk for project in projects[:1]], planner)
        _group(region, "人材育成部会（デモ）", [project.pk for project in projects[1:2]], planner)
    with clock.standing_at(clock.at(today - timedelta(days=30))):
        text = "来年度の合同訓練を3市町で申請することを決めた。"
        draft = DecisionDraft(clock.today(), "合同訓練の実施", text, NEMURO_TOWNS, "防災部会第1号")
        regions.record_decision(group.pk, draft, viewer=planner)
        words = "部会の決定を次の検討会議で紹介してください。"
        regions.comment_region(region.pk, text=words, viewer=people["honcho-shinsa"])


def _group(region: Region, name: str, projects: list[int], planner: Viewer) -> SubGroup:
    purpose = "関係する市町だけで集まり、申請と実施を決める。"
    draft = GroupDraft(name, NEMURO, NEMURO_TOWNS, clock.today(), tuple(projects), purpose)
    return regions.set_up_group(region.pk, draft, viewer=planner)


def _paused(people: Mapping[str, Viewer], today: date) -> None:
    """An idea of two towns that rests."""
    planner, approver = people["naganuma-kikaku"], people["shonin-014281"]
    since = today - timedelta(days=200)
    with clock.standing_at(clock.at(since)):
        draft = RegionDraft(
            "長沼・由仁共同窓口連携地域（デモ）", ("014281", "014273"), "014281", since, note="デモ用の地域です。"
        )
        region = regions.propose_region(draft, viewer=planner)
    with clock.standing_at(clock.at(today - timedelta(days=45))):
        reason = "窓口システムの更新時期が両町で異なるため、次の更新まで休止する。"
        regions.change_state(region.pk, step=Step.PAUSE, on=clock.today(), reason=reason, viewer=approver)


def _handover(people: Mapping[str, Viewer], today: date) -> None:
    """The town hall of 根室市 prepares next April: its field officer's duty goes to the planner."""
    planner, officer = people["nemuro-kikaku"], people["nemuro-jigyo"]
    post = Post.objects.held(today).get(user=officer.user_id, duty=Duty.MF)
    april = FiscalYear(FiscalYear.of(today) + 1).first_day
    moves = (Move(post.pk, planner.user_id),)
    draft = HandoverDraft(OfficeKind.MUNICIPALITY, NEMURO, april, moves, note="デモ：来年度の異動の準備")
    with clock.standing_at(clock.at(today, 8)):
        accounts.prepare_handover(draft, viewer=planner)
