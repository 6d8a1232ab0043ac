"""Visions of the demo world beyond each region's first: one in two adopted versions, one being revised with parts
missing, and the vision of a national zone that stands for a region's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from regions import services as regions
from regions.models import Field, Region, Vision
from regions.services import EquivalentDraft, ItemPart, ProjectDraft, VisionTexts
from regions.zone_shares import zone_shares

WRITTEN, ADOPTED, RECEIVED, REVISED = 80, 70, 62, 6  # days before today
NAGANUMA, KURIYAMA, CHIPPUBETSU = "014281", "014290", "014346"


def make_visions(made: Mapping[str, Region], people: Mapping[str, Viewer], today: date) -> None:
    """Tell the three stories, as the planners, the approvers and the bureau head do."""
    _two_versions(made["長沼栗山"], people, today)
    _zone_instead(made["北空知"], people, today)
    _missing_parts(made["夕張川"], people, today)


def _two_versions(region: Region, people: Mapping[str, Viewer], today: date) -> None:
    """A second version says more: roles of each town, the cost of every year, one more initiative."""
    planner = people["naganuma-kikaku"]
    with clock.standing_at(clock.at(today - timedelta(days=WRITTEN))):
        vision = regions.revise(region.visions.get().pk, viewer=planner)
        regions.save_vision_texts(
            vision.pk,
            VisionTexts(
                vision.title,
                vision.term_from_fy,
                vision.term_to_fy,
                future_image="人口が減っても、必要な行政サービスを互いに支え合って続けられる地域。\n"
                "どちらの町に住んでいても、同じ手続を同じ時間で終えられる地域。",
                issues="技術職員と専門人材の確保、広い面積での移動と防災。\n"
                "情報システムの更新が両町で重なり、1町では選べる事業者が限られる。（デモ用の文章）",
                aims="令和11年度までに、共同で行う事務を5つに増やし、単独では続けられないサービスを守る。",
                agreement_id=vision.agreement_id,
            ),
            revision=_revision(vision),
            viewer=planner,
        )
        snow = ProjectDraft(
            "冬の道路情報の共有（デモ）",
            from_fy=2026,
            main_field=Field.objects.get(name="防災").pk,
            outline="通行止めと除雪の状況を両町の職員が同じ地図に書き込み、住民にも見せる。",
            secretariat=KURIYAMA,
            self_running_plan="機器の更新は両町の一般財源で行う。",
        )
        regions.add_vision_item(vision.pk, snow, revision=_revision(vision), viewer=planner)
        for item in vision.items.select_related("project"):
            project = item.project
            part = ItemPart(
                outline=item.outline or project.outline,
                roles=item.roles,
                parts={NAGANUMA: "会計と契約、効果の測定", KURIYAMA: "利用者への周知、研修の会場"},
                main_field=project.main_field_id or "",
                fields=tuple(project.fields.values_list("pk", flat=True)),
                secretariat=project.secretariat_id or "",
                self_running_plan=project.self_running_plan,
            )
            regions.save_vision_item(vision.pk, item.pk, part, revision=_revision(vision), viewer=planner)
        costs: dict[int, dict[int, int | None]] = {
            pk: {year: 6_000_000 - 600_000 * (year - 2026) - 250_000 * place for year in range(2026, 2030)}
            for place, pk in enumerate(vision.items.values_list("pk", flat=True))
        }
        regions.save_vision_costs(vision.pk, costs, revision=_revision(vision), viewer=planner)
        regions.consult_vision(vision.pk, viewer=planner)
    _adopt(vision, people, today, f"shonin-{NAGANUMA}")


def _zone_instead(region: Region, people: Mapping[str, Viewer], today: date) -> None:
    """The members belong to a zone that has a vision: its initiatives are listed by name, nothing is written twice."""
    planner = people[f"kikaku-{CHIPPUBETSU}"]
    with clock.standing_at(clock.at(today - timedelta(days=WRITTEN))):
        zone = zone_shares(region.pk, clock.today())[0].zone
        own = region.visions.get()
        draft = EquivalentDraft(
            zone.pk,
            title=f"{zone.name} 共生ビジョン（デモ）",
            term_from_fy=own.term_from_fy,
            term_to_fy=own.term_to_fy,
            reference="圏域の中心市が公表する共生ビジョン（デモ用の記載）",
            projects=tuple(own.items.values_list("project", flat=True)),
            new=(ProjectDraft("図書館の相互利用（デモ）", from_fy=own.term_from_fy),),
        )
        vision = regions.register_equivalent(region.pk, draft, viewer=planner)
    _adopt(vision, people, today, f"shonin-{CHIPPUBETSU}")


def _missing_parts(region: Region, people: Mapping[str, Viewer], today: date) -> None:
    """A revision in the making: the aims are not written yet, and a new initiative is only a name."""
    planner = people["naganuma-kikaku"]
    with clock.standing_at(clock.at(today - timedelta(days=REVISED))):
        vision = regions.revise(region.visions.get().pk, viewer=planner)
        texts = VisionTexts(
            vision.title,
            vision.term_from_fy,
            vision.term_to_fy,
            future_image=vision.future_image,
            issues=f"{vision.issues}\n水道の管路の更新に必要な技術職員が、3町とも1人しかいない。（デモ用の文章）",
            agreement_id=vision.agreement_id,
        )
        regions.save_vision_texts(vision.pk, texts, revision=_revision(vision), viewer=planner)
        water = ProjectDraft("水道の技術職員の共同配置（デモ）", from_fy=2026)
        regions.add_vision_item(vision.pk, water, revision=_revision(vision), viewer=planner)


def _adopt(vision: Vision, people: Mapping[str, Viewer], today: date, approver: str) -> None:
    with clock.standing_at(clock.at(today - timedelta(days=ADOPTED))):
        regions.adopt_vision(vision.pk, adopted_on=clock.today(), viewer=people[approver])
    with clock.standing_at(clock.at(today - timedelta(days=RECEIVED))):
        regions.receive_vision(vision.pk, received_on=clock.today(), viewer=people["sorachi-kyokucho"])


def _revision(vision: Vision) -> int:
    """The revision as it stands after the last save."""
    vision.refresh_from_db(fields=["revision"])
    return vision.revision
