"""Forecasts (地域の未来予測): write, show to the bureau, agree and publish, comment, and the next edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from common import audit, clock, notices
from common.access import require
from common.documents import DocumentError, issue
from common.errors import Conflict, Refused
from common.locks import locking
from common.viewer import Access, Duty, OfficeKind, Viewer
from municipalities.duties import FORECAST
from municipalities.models import Jurisdiction, Municipality, PopulationSeries, ServiceField

from ..models import ForecastComment, ForecastIssue, ForecastOwner, FutureForecast

PAPER = "D-33"
S = FutureForecast.State


@dataclass(frozen=True)
class IssueDraft:
    """One priority issue; `field` is the code of a field of services, empty where it belongs to none."""

    issue: str
    field: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class ForecastDraft:
    """What a person typed. `towns` are the municipalities looked at, `owners` those in whose name it is published."""

    title: str
    towns: tuple[str, ...]
    owners: tuple[str, ...]
    series: str
    remarks: str = ""
    issues: tuple[IssueDraft, ...] = ()


@transaction.atomic
def create_forecast(draft: ForecastDraft, *, viewer: Viewer) -> FutureForecast:
    """Store a forecast as a draft (作成中) of the own municipality. Raises PermissionDenied, Refused."""
    require(viewer, FORECAST, Access.EDIT)
    forecast = FutureForecast(lead_id=viewer.office.code)
    _write(forecast, draft, viewer)
    audit.record(viewer, "forecast.create", forecast, f"「{forecast.title}」を作成", after=_state(forecast))
    return forecast


@transaction.atomic
def update_forecast(forecast_id: int, draft: ForecastDraft, *, revision: int, viewer: Viewer) -> FutureForecast:
    """Change a draft; agreements given to the earlier wording lapse.

    Raises Refused, and Conflict where somebody saved since `revision` was read: then nothing is written.
    """
    forecast = _own(viewer, forecast_id, Access.EDIT)
    _only_draft(forecast)
    if revision != forecast.revision:
        raise Conflict(
            "ほかの人がこの未来予測を更新しました。入力した内容はこの画面に残っています。"
            "下の「保存されている内容」と見比べ、必要なところを書き足してから、もう一度保存してください。"
        )
    before = _state(forecast)
    forecast.revision += 1
    _write(forecast, draft, viewer)
    audit.record(
        viewer, "forecast.update", forecast, f"「{forecast.title}」を変更", before=before, after=_state(forecast)
    )
    return forecast


@transaction.atomic
def show_forecast(forecast_id: int, *, viewer: Viewer) -> FutureForecast:
    """Show the draft to the bureaus over its owners, for their comments. Raises Refused."""
    forecast = _own(viewer, forecast_id, Access.EDIT)
    _only_draft(forecast)
    if forecast.shown_on is not None:
        raise Refused("すでに振興局へ示しています。")
    forecast.shown_on = clock.today()
    forecast.save(update_fields=["shown_on"])
    audit.record(viewer, "forecast.show", forecast, f"「{forecast.title}」を振興局へ示す")
    for bureau in _bureaus(forecast):
        title = f"「{forecast.title}」への意見を求められています"
        _tell(f"{OfficeKind.BUREAU.value}:{bureau}", [Duty.BS], title, forecast)
    return forecast


@transaction.atomic
def comment_forecast(forecast_id: int, text: str, *, viewer: Viewer) -> ForecastComment:
    """Write down a comment of the bureau; the owners are told. Raises Refused where nothing was written."""
    forecast = FutureForecast.objects.visible_to(viewer).get(pk=forecast_id)
    require(viewer, FORECAST, Access.COMMENT)
    if not text.strip():
        raise Refused("意見を入力してください。")
    comment = ForecastComment.objects.create(
        forecast=forecast,
        office=viewer.office.name,
        text=text.strip(),
        written_at=clock.now(),
        written_by_id=viewer.person,
    )
    audit.record(viewer, "forecast.comment", forecast, f"「{forecast.title}」へ意見", after={"text": comment.text})
    for owner in forecast.owners.all():
        title = f"「{forecast.title}」に{viewer.office.name}から意見がありました"
        _tell(_office(owner.municipality_id), [Duty.MP, Duty.MF], title, forecast)
    return comment


@transaction.atomic
def agree_forecast(
    forecast_id: int, *, revision: int, paper: Callable[[FutureForecast], Mapping[str, Any]], viewer: Viewer
) -> FutureForecast:
    """Agree to publication as the approver of an owner; with the last agreement it is published.

    `paper` gives the data of D-33, asked for only then and frozen as it is. Raises Refused (not a draft, agreed before,
    cannot be printed) and Conflict (the wording changed since `revision` was read).
    """
    forecast = _own(viewer, forecast_id, Access.SUBMIT)
    _only_draft(forecast)
    if revision != forecast.revision:
        raise Conflict("確認したあとに内容が変わりました。最新の内容を確かめてから、もう一度公表してください。")
    owner = forecast.owners.get(municipality=viewer.office.code)
    if owner.agreed_at is not None:
        raise Refused("すでに公表に同意しています。ほかの作成市町村の同意を待っています。")
    owner.agreed_at, owner.agreed_by_id = clock.now(), viewer.person
    owner.save()
    waiting = list(forecast.owners.filter(agreed_at=None).select_related("municipality"))
    audit.record(viewer, "forecast.agree", forecast, f"「{forecast.title}」の公表に同意")
    if waiting:
        for other in waiting:
            title = f"「{forecast.title}」の公表に同意を求められています"
            _tell(_office(other.municipality_id), [Duty.MA], title, forecast)
        return forecast
    try:
        document = issue(
            PAPER, paper(forecast), subject=forecast, office=viewer.office, viewer=viewer, on=clock.today()
        )
    except DocumentError as problem:
        raise Refused(str(problem)) from problem
    forecast.state, forecast.published_on, forecast.document = S.PUBLISHED, clock.today(), document
    forecast.save(update_fields=["state", "published_on", "document"])
    audit.record(viewer, "forecast.publish", forecast, f"「{forecast.title}」を公表", after={"document": document.pk})
    return forecast


@transaction.atomic
def revise_forecast(forecast_id: int, *, viewer: Viewer) -> FutureForecast:
    """Copy the published edition to a draft of the next one; the published one stays. Raises Refused."""
    old = _own(viewer, forecast_id, Access.EDIT)
    if old.is_draft:
        raise Refused("作成中の未来予測です。そのまま内容を変えてください。")
    if FutureForecast.objects.filter(previous=old).exists():
        raise Refused("次の版がすでに作られています。")
    draft = ForecastDraft(
        title=old.title,
        towns=tuple(old.towns.values_list("pk", flat=True)),
        owners=tuple(old.owners.values_list("municipality", flat=True)),
        series=old.series_id,
        remarks=old.remarks,
        issues=tuple(IssueDraft(row.issue, row.field_id or "", row.next_step) for row in old.issues.all()),
    )
    forecast = FutureForecast(lead_id=viewer.office.code, previous=old, edition=old.edition + 1)
    _write(forecast, draft, viewer)
    audit.record(
        viewer, "forecast.revise", forecast, f"「{old.title}」第{forecast.edition}版を作成", after=_state(forecast)
    )
    return forecast


def is_owner(forecast: FutureForecast, viewer: Viewer) -> bool:
    """Whether this office is one of those that make the forecast."""
    return viewer.is_municipal and forecast.owners.filter(municipality=viewer.office.code).exists()


def _own(viewer: Viewer, forecast_id: int, access: Access) -> FutureForecast:
    forecast = locking(FutureForecast.objects.visible_to(viewer)).get(pk=forecast_id)
    require(viewer, FORECAST, access)
    if not is_owner(forecast, viewer):
        raise PermissionDenied("この未来予測は、作成市町村だけが変更し、公表できます。")
    return forecast


def _only_draft(forecast: FutureForecast) -> None:
    if not forecast.is_draft:
        raise Refused("公表した未来予測は変えられません。内容を改めるときは、次の版を作ってください。")


def _write(forecast: FutureForecast, draft: ForecastDraft, viewer: Viewer) -> None:
    problems = _problems(forecast, draft)
    if problems:
        raise Refused(*problems)
    forecast.title, forecast.remarks, forecast.series_id = draft.title.strip(), draft.remarks.strip(), draft.series
    forecast.changed_at, forecast.changed_by_id = clock.now(), viewer.person
    forecast.save()
    forecast.towns.set(Municipality.objects.filter(pk__in=draft.towns))
    forecast.owners.exclude(municipality__in=draft.owners).delete()
    forecast.owners.update(agreed_at=None, agreed_by=None)
    ForecastOwner.objects.bulk_create(
        [ForecastOwner(forecast=forecast, municipality_id=code) for code in draft.owners], ignore_conflicts=True
    )
    forecast.issues.all().delete()
    ForecastIssue.objects.bulk_create(
        ForecastIssue(
            forecast=forecast,
            number=number,
            field_id=row.field or None,
            issue=row.issue.strip(),
            next_step=row.next_step.strip(),
        )
        for number, row in enumerate(draft.issues, 1)
    )


def _problems(forecast: FutureForecast, draft: ForecastDraft) -> list[str]:
    towns = Municipality.objects.existing(clock.today()).filter(pk__in=draft.towns)
    fields = {row.field for row in draft.issues if row.field}
    problems = []
    if not draft.title.strip():
        problems.append("題名を入力してください。")
    if not draft.towns:
        problems.append("対象の市町村を1つ以上選んでください。")
    elif towns.count() < len(set(draft.towns)):
        problems.append("登録されていない市町村が含まれています。")
    if forecast.lead_id not in draft.towns or forecast.lead_id not in draft.owners:
        problems.append("作成する市町村（自らの市町村）を、対象と作成市町村に含めてください。")
    if not set(draft.owners) <= set(draft.towns):
        problems.append("作成市町村は、対象の市町村から選んでください。")
    if not PopulationSeries.objects.filter(pk=draft.series, kind=PopulationSeries.Kind.PROJECTION).exists():
        problems.append("将来推計の版を1つ選んでください。")
    if any(not row.issue.strip() for row in draft.issues):
        problems.append("優先課題を入力してください。")
    if ServiceField.objects.filter(pk__in=fields).count() < len(fields):
        problems.append("登録されていない分野が含まれています。")
    return problems


def _state(forecast: FutureForecast) -> dict[str, object]:
    return {
        "title": forecast.title,
        "edition": forecast.edition,
        "series": forecast.series_id,
        "towns": sorted(forecast.towns.values_list("pk", flat=True)),
        "owners": sorted(forecast.owners.values_list("municipality", flat=True)),
        "remarks": forecast.remarks,
        "issues": list(forecast.issues.values_list("issue", flat=True)),
    }


def _bureaus(forecast: FutureForecast) -> list[str]:
    """The bureaus over the owners today (the one above where a branch is meant)."""
    today = clock.today()
    held = Jurisdiction.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today),
        municipality__in=forecast.owners.values("municipality"),
        valid_from__lte=today,
    )
    return sorted({row.bureau.parent_id or row.bureau_id for row in held.select_related("bureau")})


def _office(code: str) -> str:
    return f"{OfficeKind.MUNICIPALITY.value}:{code}"


def _tell(office_key: str, told: list[Duty], title: str, forecast: FutureForecast) -> None:
    notices.send(office_key, told, title, url=reverse("regions:forecast_detail", args=[forecast.pk]), subject=forecast)
