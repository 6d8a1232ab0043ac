"""Two regions whose agreements show the whole way: one being consented to after a round that was declined, one amended.

The towns are real; the regions, their texts and their numbers are made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from regions import services as regions
from regions.models import Agreement, Field
from regions.services import AgreementDraft, InitiativeEntry, RegionDraft

from .regions import planner_of

YUBARI, NANPORO, YUNI, NAGANUMA, KURIYAMA, TSUKIGATA = "012092", "014231", "014273", "014281", "014290", "014303"
FIVE = (NANPORO, YUNI, NAGANUMA, KURIYAMA, TSUKIGATA)
EAST = (YUBARI, YUNI, KURIYAMA)
TRAINING = InitiativeEntry(
    name="土木・建築職員の共同研修",
    secretariat=NAGANUMA,
    outline="積算と検査の研修を年4回行い、工事の検査に互いの職員が立ち会う。",
    common_role="職員を研修に参加させ、検査の応援に応じる。",
    roles={NAGANUMA: "研修の企画と講師との連絡、会計を担当する。", NANPORO: "会場を提供する。"},
)
SHELTERS = InitiativeEntry(
    name="避難所の物資の共同備蓄",
    secretariat=KURIYAMA,
    outline="備蓄の品目と数量をそろえ、期限の近いものを融通し合う。",
    common_role="備蓄の一覧を毎年3月に事務局へ出す。",
    roles={KURIYAMA: "一覧をまとめ、融通の連絡を担当する。"},
)
SHELTERS_OF_THREE = InitiativeEntry(
    name=SHELTERS.name, secretariat=KURIYAMA, outline=SHELTERS.outline, common_role=SHELTERS.common_role
)
TRAINING_OF_FOUR = InitiativeEntry(
    name=TRAINING.name, secretariat=NAGANUMA, outline=TRAINING.outline, common_role=TRAINING.common_role
)


def make_agreements(people: Mapping[str, Viewer], today: date) -> None:
    """Write both, as planners and approvers do."""
    _asked(people, today)
    _amended(people, today)


def _asked(people: Mapping[str, Viewer], today: date) -> None:
    """Five towns after a declined round: three have agreed, 由仁町 waits for its council, 月形町 has not answered."""
    planner = people[planner_of(NAGANUMA)]
    with clock.standing_at(clock.at(today - timedelta(days=75))):
        region = regions.propose_region(
            RegionDraft("南空知五町連携地域（デモ）", FIVE, NAGANUMA, clock.today(), note="デモ用の地域です。"),
            viewer=planner,
        )
        agreement = regions.create_agreement(
            region.pk,
            AgreementDraft(
                title="南空知五町連携地域における連携に関する協定（デモ）",
                fields=_fields("人材の育成", "防災"),
                parties=FIVE,
                valid_until=date(today.year + 5, 3, 31),
            ),
            viewer=planner,
        )
        for entry, field in ((TRAINING, "人材の育成"), (SHELTERS, "防災")):
            regions.save_initiative(agreement.pk, replace(entry, fields=_fields(field)), viewer=planner)
        regions.save_costs(agreement.pk, method="equal", viewer=planner)
        regions.start_consent(agreement.pk, viewer=planner, answer_by=today - timedelta(days=45))
    with clock.standing_at(clock.at(today - timedelta(days=66))):
        _consent(agreement, people, [NAGANUMA, NANPORO])
        reason = "人口の差が大きいので、費用の半分は人口割にしてほしい。（デモ）"
        regions.decline_consent(agreement.pk, reason=reason, viewer=people[f"shonin-{KURIYAMA}"])
    with clock.standing_at(clock.at(today - timedelta(days=40))):
        regions.save_costs(agreement.pk, method="both", equal_bp=5000, viewer=planner)
        regions.start_consent(agreement.pk, viewer=planner, answer_by=today + timedelta(days=9))
    with clock.standing_at(clock.at(today - timedelta(days=20))):
        _consent(agreement, people, [NAGANUMA, NANPORO, KURIYAMA])
        regions.record_consent(
            agreement.pk,
            viewer=people[f"shonin-{YUNI}"],
            agreed_on=clock.today(),
            document_no="由企第31号",
            needs_council=True,
        )
    with clock.standing_at(clock.at(today - timedelta(days=6))):
        regions.remind_consent(agreement.pk, viewer=planner)


def _amended(people: Mapping[str, Viewer], today: date) -> None:
    """Three towns agreed; 長沼町 joined by an amendment, the costs are split since; a third draft is open."""
    planner = people[planner_of(KURIYAMA)]
    first_day = today - timedelta(days=560)
    with clock.standing_at(clock.at(first_day)):
        region = regions.propose_region(
            RegionDraft("空知南東部連携地域（デモ）", EAST, KURIYAMA, first_day, note="デモ用の地域です。"),
            viewer=planner,
        )
        first = regions.create_agreement(
            region.pk,
            AgreementDraft(
                title="空知南東部連携地域における連携に関する協定（デモ）",
                fields=_fields("防災"),
                parties=EAST,
                valid_until=date(first_day.year + 5, 3, 31),
            ),
            viewer=planner,
        )
        regions.save_initiative(first.pk, replace(SHELTERS_OF_THREE, fields=_fields("防災")), viewer=planner)
        regions.start_consent(first.pk, viewer=planner)
        _consent(first, people, EAST)
    with clock.standing_at(clock.at(today - timedelta(days=150))):
        start = today - timedelta(days=100)
        second = regions.amend(first.pk, viewer=planner, joiners=(NAGANUMA,), in_force_on=start)
        regions.save_initiative(second.pk, replace(TRAINING_OF_FOUR, fields=_fields("人材の育成")), viewer=planner)
        regions.save_costs(second.pk, method="population", viewer=planner)
        regions.start_consent(second.pk, viewer=planner, answer_by=start)
    with clock.standing_at(clock.at(today - timedelta(days=120))):
        _consent(second, people, (*EAST, NAGANUMA))
    with clock.standing_at(clock.at(today - timedelta(days=90))):
        regions.receive_agreement(second.pk, received_on=clock.today(), viewer=people["sorachi-kyokucho"])
    with clock.standing_at(clock.at(today - timedelta(days=3))):
        regions.amend(second.pk, viewer=people[planner_of(NAGANUMA)], joiners=(NANPORO,))


def _consent(agreement: Agreement, people: Mapping[str, Viewer], codes: Iterable[str]) -> None:
    for number, code in enumerate(codes, 1):
        regions.record_consent(
            agreement.pk, viewer=people[f"shonin-{code}"], agreed_on=clock.today(), document_no=f"企第{number}号"
        )


def _fields(*names: str) -> tuple[str, ...]:
    codes = dict(Field.objects.values_list("name", "pk"))
    return tuple(codes[name] for name in names)
