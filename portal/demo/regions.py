"""The regions of the demo world: members, agreement, vision, initiatives and KPIs; and who plays in its stories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from common import clock
from common.viewer import Viewer
from municipalities.models import Municipality
from regions import services as regions
from regions.models import Field, Region
from regions.services import (
    AgreementDraft,
    KpiDraft,
    ProjectDraft,
    RegionDraft,
    VisionDraft,
    VisionItemDraft,
)
from subsidies.models import Call

from .kpis import add_initiative
from .plots import DemoRegion, Topic

SINCE = date(2025, 4, 10)


@dataclass
class Cast:
    """Who plays, and in which calls."""

    people: dict[str, Viewer]
    calls: dict[str, Call]
    today: date


def planner_of(code: str) -> str:
    """The planner's username of a municipality."""
    return {"012238": "nemuro-kikaku", "014281": "naganuma-kikaku"}.get(code, f"kikaku-{code}")


def make_region(stage: Cast, place: DemoRegion, topics: list[Topic]) -> Region:
    """Propose a made-up region or take a real one, and give it agreement, vision, initiatives and KPIs."""
    people = stage.people
    planner = people[planner_of(place.lead)]
    fields = {field.name: field.pk for field in Field.objects.all()}
    with clock.standing_at(clock.at(SINCE)):
        if place.code:
            region = Region.objects.get(pk=place.code)
            if region.lead_id != place.lead:
                region = regions.set_lead(place.code, lead=place.lead, viewer=planner)
        else:
            region = regions.propose_region(
                RegionDraft(place.name, place.members, place.lead, SINCE, note="デモ用の地域です。"), viewer=planner
            )
        names = "、".join(Municipality.objects.filter(pk__in=place.members).values_list("name", flat=True))
        wanted = tuple(sorted({fields[topic.field] for topic in topics}))
        agreement = regions.create_agreement(
            region.pk,
            AgreementDraft(
                title=f"{region.name}における連携に関する協定",
                valid_until=date(2030, 3, 31),
                framework=True,
                fields=wanted,
                parties=place.members,
            ),
            viewer=planner,
        )
        regions.start_consent(agreement.pk, viewer=planner)
    with clock.standing_at(clock.at(SINCE + timedelta(days=14))):
        for number, code in enumerate(place.members, 1):
            regions.record_consent(
                agreement.pk,
                viewer=people[f"shonin-{code}"],
                agreed_on=SINCE + timedelta(days=10 + number % 4),
                document_no=f"企第{number}号",
            )
    with clock.standing_at(clock.at(SINCE + timedelta(days=20))):
        items = []
        for number, topic in enumerate(topics):
            secretariat = place.members[number % len(place.members)]
            project = regions.add_project(
                region.pk,
                ProjectDraft(
                    topic.name,
                    from_fy=2025,
                    main_field=fields[topic.field],
                    outline=topic.outline,
                    secretariat=secretariat,
                    self_running_plan="支援終了後は構成市町村の負担金で続ける。",
                ),
                viewer=planner,
            )
            items.append(VisionItemDraft(project.pk, topic.outline, f"事務局：{names}の輪番", {2026: 6_000_000}))
            name, unit, base, target = topic.kpi
            steps = [Decimal(base) + (Decimal(target) - Decimal(base)) * step / 4 for step in range(1, 5)]
            regions.set_kpi(
                project.pk,
                KpiDraft(
                    name,
                    unit,
                    direction="up" if target >= base else "down",
                    cumulative="累計" in name,
                    baseline=Decimal(base),
                    baseline_fy=2025,
                    target=Decimal(target),
                    qualifier="at_least" if target >= base else "at_most",
                    target_fy=2029,
                    data_source="各市町の実施記録の集計",
                    yearly={2026 + index: round(value, 1) for index, value in enumerate(steps)},
                ),
                viewer=planner,
            )
        items += add_initiative(region, place.key, planner)
        vision = regions.create_vision(
            region.pk,
            VisionDraft(
                title=f"{region.name}ビジョン",
                future_image="人口が減っても、必要な行政サービスを互いに支え合って続けられる地域。",
                issues="職員の不足、専門人材の確保、広い面積での移動と防災。",
                aims="令和11年度までに、共同で行う事務を増やし、単独では続けられないサービスを守る。",
                term_from_fy=2025,
                term_to_fy=2029,
                agreement_id=agreement.pk,
                items=tuple(items),
            ),
            viewer=planner,
        )
    with clock.standing_at(clock.at(SINCE + timedelta(days=27))):
        regions.adopt_vision(vision.pk, adopted_on=clock.today(), viewer=people[f"shonin-{place.lead}"])
    region.refresh_from_db()
    return region
