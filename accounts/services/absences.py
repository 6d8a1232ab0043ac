"""A person is away: entered by herself or by who answers for the office, with a deputy for those days or without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from common import audit, clock, notices
from common.access import require
from common.errors import Refused
from common.fiscal_year import wareki
from common.locks import locking
from common.viewer import Access, Duty, Viewer

from ..duties import ABSENCE
from ..models import Absence, Office, Post, User
from ..querysets import PostQuerySet

LONGEST = timedelta(days=366)
ONE_DAY = timedelta(days=1)
APART = frozenset({Duty.AU, Duty.AD})  # they bear no business duty, not even for a day


@dataclass(frozen=True)
class AbsenceDraft:
    """What was typed: who, where, from when to when (inclusive), why, who stands in (None: nobody)."""

    user_id: int
    office_id: int
    first_day: date
    last_day: date
    reason: str
    deputy_id: int | None


@transaction.atomic
def enter_absence(draft: AbsenceDraft, *, viewer: Viewer) -> Absence:
    """Write down that somebody is away. Raises PermissionDenied and Refused with what keeps the deputy from it."""
    person = locking(User.objects).filter(pk=draft.user_id, is_active=True).first()
    office = Office.objects.filter(pk=draft.office_id).first()
    if person is None or office is None:
        raise Refused("登録のない利用者か所属です。一覧から選び直してください。")
    _require(viewer, person.pk, office)
    if problems := _problems(draft, person, office):
        raise Refused(*problems)
    absence = Absence.objects.create(
        user=person,
        office=office,
        first_day=draft.first_day,
        last_day=draft.last_day,
        reason=draft.reason,
        deputy_id=draft.deputy_id,
        entered_at=clock.now(),
        entered_who=viewer.label,
    )
    audit.record(viewer, "absence.enter", absence, f"不在を登録：{person}", after=_facts(absence))
    _tell(absence, "不在")
    return absence


@transaction.atomic
def end_absence(absence_id: int, *, viewer: Viewer) -> Absence:
    """End an absence before its last day, or call it off before its first. Raises Refused where it is over."""
    absence = locking(Absence.objects.visible_to(viewer)).get(pk=absence_id)
    _require(viewer, absence.user_id, absence.office)
    today, before = clock.today(), _facts(absence)
    if absence.ended_at is not None or absence.last_day < today:
        raise Refused("この不在はもう終わっています。")
    if absence.first_day >= today:
        absence.ended_at = clock.now()
    else:
        absence.last_day = today - ONE_DAY
    absence.save(update_fields=["ended_at", "last_day"])
    audit.record(viewer, "absence.end", absence, f"不在を終える：{absence.user}", before=before, after=_facts(absence))
    _tell(absence, "不在の終わり")
    return absence


@transaction.atomic
def read_deputy_work(absence_id: int, *, viewer: Viewer) -> None:
    """The person who was away has looked at what her deputy did."""
    absence = locking(Absence.objects.visible_to(viewer)).get(pk=absence_id)
    if absence.user_id != viewer.user_id or viewer.deputy_for is not None:
        raise PermissionDenied("代理が行ったことは、不在だった本人が確かめます。")
    absence.read_at = absence.read_at or clock.now()
    absence.save(update_fields=["read_at"])


def may_enter_for(viewer: Viewer, user_id: int, office: Office) -> bool:
    """Whether this person may write down or end an absence of that person in that office."""
    own = (viewer.office.kind, viewer.office.code) == (office.kind, office.code)
    if own and viewer.user_id == user_id and viewer.deputy_for is None:
        return viewer.may(ABSENCE, Access.EDIT)
    return viewer.may(ABSENCE, Access.SUBMIT) and (own or viewer.has(Duty.AD))


def _require(viewer: Viewer, user_id: int, office: Office) -> None:
    require(viewer, ABSENCE, Access.EDIT)
    if not may_enter_for(viewer, user_id, office):
        raise PermissionDenied("自分の不在か、自分が責任を持つ所属の人の不在を登録します。")


def _problems(draft: AbsenceDraft, person: User, office: Office) -> list[str]:
    first, last, today = draft.first_day, draft.last_day, clock.today()
    if last < first:
        return ["最後の日は最初の日以後にしてください。"]
    if last < today:
        return ["過ぎた日の不在は登録できません。"]
    if last - first > LONGEST:
        return ["1年を超える不在は登録できません。異動の引継ぎで役割を移してください。"]
    duties = _duties(person.pk, office, first)
    if not duties:
        return [f"{person}さんは{wareki(first)}に{office}の役割を持っていません。"]
    problems = []
    away = Absence.objects.overlapping(first, last)
    if away.filter(user=person, office=office).exists():
        problems.append(f"{person}さんの不在は、その期間にすでに登録されています。")
    if draft.deputy_id is not None:
        problems += _problems_of_deputy(draft, office, duties)
    return problems


def _problems_of_deputy(draft: AbsenceDraft, office: Office, duties: set[Duty]) -> list[str]:
    deputy = User.objects.filter(pk=draft.deputy_id, is_active=True).first()
    if deputy is None or deputy.pk == draft.user_id:
        return ["代理には、同じ所属のほかの利用者を選んでください。"]
    problems = []
    days = (draft.first_day, draft.last_day)
    held = [{Duty(duty) for duty in _posts(deputy.pk, office, day).values_list("duty", flat=True)} for day in days]
    if not all(held):
        problems.append(f"{deputy}さんは、その期間を通して{office.name}の役割を持っていません。")
    if any(own & APART for own in held) and not duties <= APART:
        problems.append(f"{deputy}さんは監査またはシステム管理者のため、業務の代理になれません。")
    if duties & APART and not all(own & APART for own in held):
        problems.append("監査・システム管理者の代理は、同じ役割の人に限ります。")
    away = Absence.objects.overlapping(*days).filter(user=deputy, office__kind=office.kind, office__code=office.code)
    if away.exists():
        problems.append(f"{deputy}さんも、その期間に不在です。")
    return problems


def _posts(user_id: int, office: Office, on: date) -> PostQuerySet:
    return Post.objects.held(on).filter(user=user_id, office__kind=office.kind, office__code=office.code)


def _duties(user_id: int, office: Office, on: date) -> set[Duty]:
    return {Duty(duty) for duty in _posts(user_id, office, on).filter(office=office).values_list("duty", flat=True)}


def _tell(absence: Absence, word: str) -> None:
    """Whoever shares the office with the person reads it."""
    office = absence.office
    days = f"{wareki(absence.first_day)}から{wareki(absence.last_day)}まで"
    deputy = f"、代理：{absence.deputy}さん" if absence.deputy else ""
    title = f"{word}：{absence.user}さん（{days}{deputy}）"
    url = reverse("accounts:absence_detail", args=[absence.pk])
    held = _duties(absence.user_id, office, absence.first_day)
    if absence.deputy_id:
        held |= {
            Duty(duty) for duty in _posts(absence.deputy_id, office, absence.first_day).values_list("duty", flat=True)
        }
    notices.send(f"{office.kind}:{office.code}", held, title, url=url, subject=absence)


def _facts(absence: Absence) -> dict[str, object]:
    return {
        "user": absence.user_id,
        "office": absence.office_id,
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "deputy": absence.deputy_id,
        "ended": absence.ended_at is not None,
    }
