"""A region that worked together long ago, so that something is due for disposal: the first version of its vision was
replaced in March 2014 and may go since April 2024. Staff have put it on a list, which waits for the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from common import clock
from common.viewer import Viewer
from portal.retention import services as retention
from regions import services as regions
from regions.models import Field, Region
from regions.services import AgreementDraft, ProjectDraft, RegionDraft, VisionDraft, VisionItemDraft, VisionTexts

LEAD, MEMBERS = "014320", ("014311", "014320")
BEGAN, REPLACED = date(2010, 4, 12), date(2014, 3, 20)


def make_disposals(people: Mapping[str, Viewer], today: date) -> None:
    """Tell the story, each act on its day."""
    planner, approver = people[f"kikaku-{LEAD}"], people[f"shonin-{LEAD}"]
    with clock.standing_at(clock.at(BEGAN)):
        draft = RegionDraft("浦臼・新十津川広域研究会（デモ）", MEMBERS, LEAD, BEGAN, note="デモ用の地域です。")
        region = regions.propose_region(draft, viewer=planner)
        paper = AgreementDraft(
            title=f"{region.name}における連携に関する協定",
            valid_until=date(2019, 3, 31),
            framework=True,
            fields=(Field.objects.get(name="デジタル").pk,),
            parties=MEMBERS,
        )
        agreement = regions.create_agreement(region.pk, paper, viewer=planner)
        regions.start_consent(agreement.pk, viewer=planner)
        for code in MEMBERS:
            regions.record_consent(
                agreement.pk, viewer=people[f"shonin-{code}"], agreed_on=BEGAN, document_no="企第1号"
            )
        first = regions.create_vision(region.pk, _vision(region, 2010, 2014), viewer=planner)
        regions.adopt_vision(first.pk, adopted_on=clock.today(), viewer=approver)
    with clock.standing_at(clock.at(REPLACED)):
        second = regions.revise(first.pk, viewer=planner)
        texts = VisionTexts(
            second.title, 2014, 2018, future_image=second.future_image, issues=second.issues, aims=second.aims,
            agreement_id=second.agreement_id,
        )  # fmt: skip
        regions.save_vision_texts(second.pk, texts, revision=second.revision, viewer=planner)
        regions.adopt_vision(second.pk, adopted_on=clock.today(), viewer=approver)
    with clock.standing_at(clock.at(today, 8)):
        made = retention.prepare(viewer=people["honcho-shinsa"], note="デモ用のリストです。")
        retention.propose(list_id=made.pk, viewer=people["honcho-shinsa"])


def _vision(region: Region, from_fy: int, to_fy: int) -> VisionDraft:
    study = ProjectDraft(
        "広域連携の勉強会（デモ）",
        from_fy=from_fy,
        main_field=Field.objects.get(name="デジタル").pk,
        outline="両町の職員が、共同でできる事務を調べる。",
        secretariat=LEAD,
        self_running_plan="両町の一般財源で続ける。",
    )
    return VisionDraft(
        title=f"{region.name}ビジョン",
        future_image="必要な行政サービスを、2つの町で支え合って続けられる地域。",
        issues="専門の職員の確保。（デモ用の文章）",
        aims="共同で行う事務を1つ作る。",
        term_from_fy=from_fy,
        term_to_fy=to_fy,
        items=(VisionItemDraft(new=study, outline="両町の職員が調べる。", roles="新十津川町が会場を用意する。"),),
    )
