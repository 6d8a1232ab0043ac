"""Changes, stops and delays of a granted application: the list, one of them, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from common.access import require
from common.errors import Refused
from common.fiscal_year import parse_day, wareki
from common.request import Request
from common.viewer import Access, Duty
from common.yen import show_yen

from ..approved_plan import CHANGES_PLANS, COUNTS, approved_plan, granted_plan
from ..changing import Weighed
from ..duties import CHANGE
from ..forms.changes import (
    ApproveForm,
    KindForm,
    LightOrNot,
    OpinionForm,
    RefuseForm,
    ResumeForm,
    ReturnForm,
    WithdrawForm,
)
from ..models import Application, ChangeRequest
from ..papers_access import bare_name
from ..rows import load_rows
from ..services import change_decisions, changes
from ..services.advance import hindrances, may_take, sits_on
from ..state_badges import badge
from ..states import State
from ..workflow import STEPS, Action, Side
from .acting import acted
from .change_edit import ChangeEdit
from .finding import application_for, posted

Kind, Phase = ChangeRequest.Kind, ChangeRequest.State
KINDS = (
    (
        Kind.CHANGE,
        "変更",
        "経費の配分、交付額、取組、構成市町村、実施の内容や期間を変えるとき。届出で足りる軽微な変更かどうかは、"
        "入力した額から画面がその場で示します。",
    ),
    (
        Kind.DELAY,
        "遅延等の報告",
        "予定の日までに終わらないとき。年度の内に終わるときは振興局が確認し、翌年度にかかるときは本庁が繰越を決めます。",
    ),
    (Kind.SUSPEND, "中止", "しばらく止めて、あとで再開する見込みがあるとき。"),
    (Kind.DISCONTINUE, "廃止", "この事業をやめるとき。それまでの実績を報告し、額を確定します。"),
)


def application_changes(request: Request, pk: int) -> HttpResponse:
    """Everything that changed this application, newest first, with every version that was submitted."""
    application = _case(request, pk)
    rows = application.changes.prefetch_related("versions__document").select_related("decision__document")
    visible = [row for row in rows if _may_know(row, application, request)]
    changed = any(row.kind in CHANGES_PLANS and row.state in COUNTS for row in rows)
    return render(
        request,
        "subsidies/changes/list.html",
        {
            "application": application,
            "badge": badge(application, request.viewer),
            "changes": [(row, _named(row)) for row in visible],
            "since_grant": Weighed(application, granted_plan(application), approved_plan(application)).pairs
            if changed
            else [],
            "may_begin": changes.may_write(application, request.viewer) and _begins(application),
            "may_resume": may_take(application, STEPS[Action.RESUME], request.viewer)
            and application.state == State.SUSPENDED,
        },
    )


def change_new(request: Request, pk: int) -> HttpResponse:
    """Which of the four is needed, in plain words; choosing one opens its form."""
    application = _case(request, pk)
    if not changes.may_write(application, request.viewer):
        raise PermissionDenied(changes.WRITES)
    possible = [
        (kind.value, title, text) for kind, title, text in KINDS if application.state in changes.BEGINS_IN[kind]
    ]
    form = KindForm(posted(request), [(kind, title) for kind, title, _ in possible])
    if request.method == "POST" and form.is_valid():
        try:
            change = changes.start(application_id=pk, kind=form.cleaned_data["kind"], viewer=request.viewer)
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            return redirect("subsidies:change_edit", pk, change.number)
    context = {"application": application, "badge": badge(application, request.viewer), "form": form, "kinds": possible}
    return render(request, "subsidies/changes/new.html", context)


def change_detail(request: Request, pk: int, number: int) -> HttpResponse:
    """One change with everything that follows from it; each side acts here."""
    return _page(request, *_found(request, pk, number))


@require_POST
def change_hand_on(request: Request, pk: int, number: int) -> HttpResponse:
    """承認者に回す."""
    application, change = _found(request, pk, number)
    if not changes.may_write(application, request.viewer):
        raise PermissionDenied(changes.WRITES)
    form = forms.Form(request.POST)
    return _act(
        request, application, change, "hand_on", form,
        lambda: changes.hand_on(application_id=pk, number=number, viewer=request.viewer),
        "代表市町村の承認者に回しました。",
    )  # fmt: skip


@require_POST
def change_submit(request: Request, pk: int, number: int) -> HttpResponse:
    """提出: 届け出る or 申請する, as the page said which."""
    application, change = _found(request, pk, number)
    if not changes.may_submit(application, request.viewer):
        raise PermissionDenied(changes.SUBMITS)
    form = LightOrNot(request.POST)

    def act() -> None:
        changes.submit(
            application_id=pk, number=number, viewer=request.viewer, light=form.cleaned_data["act"] == "light",
            document_no=form.cleaned_data["document_no"],
        )  # fmt: skip

    light = request.POST.get("act") == "light"
    done = "軽微な変更を届け出ました。変更後の額が、実績報告の計画の額になります。" if light else "提出しました。"
    return _act(request, application, change, "submit", form, act, done)


@require_POST
def change_withdraw(request: Request, pk: int, number: int) -> HttpResponse:
    """取下げ."""
    application, change = _found(request, pk, number)
    if not (sits_on(application, Side.LEAD, request.viewer) and request.viewer.has(Duty.MP, Duty.MA)):
        raise PermissionDenied("取り下げられるのは、代表市町村の企画担当と承認者です。")
    form = WithdrawForm(request.POST)

    def act() -> None:
        changes.withdraw(application_id=pk, number=number, viewer=request.viewer, reason=form.cleaned_data["reason"])

    return _act(request, application, change, "withdraw", form, act, "取り下げました。")


@require_POST
def change_return(request: Request, pk: int, number: int) -> HttpResponse:
    """差戻し."""
    application, change = _found(request, pk, number)
    if not change_decisions.may_opine(application, request.viewer):
        raise PermissionDenied(change_decisions.OPINES)
    form = ReturnForm(request.POST)

    def act() -> None:
        change_decisions.send_back(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    return _act(request, application, change, "return", form, act, "差し戻しました。市町村が直して提出し直します。")


@require_POST
def change_opine(request: Request, pk: int, number: int) -> HttpResponse:
    """振興局の意見."""
    application, change = _found(request, pk, number)
    if not change_decisions.may_opine(application, request.viewer):
        raise PermissionDenied(change_decisions.OPINES)
    form = OpinionForm(request.POST)

    def act() -> None:
        change_decisions.opine(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    return _act(request, application, change, "opine", form, act, "意見を記録しました。決裁者に知らせました。")


@require_POST
def change_approve(request: Request, pk: int, number: int) -> HttpResponse:
    """承認."""
    application, change = _decided(request, pk, number)
    form = ApproveForm(request.POST, told_by_letter=change.kind != Kind.DELAY)

    def act() -> None:
        change_decisions.approve(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    return _act(request, application, change, "approve", form, act, "承認しました。市町村に知らせました。")


@require_POST
def change_refuse(request: Request, pk: int, number: int) -> HttpResponse:
    """不承認."""
    application, change = _decided(request, pk, number)
    form = RefuseForm(request.POST)

    def act() -> None:
        change_decisions.refuse(application_id=pk, number=number, viewer=request.viewer, **form.cleaned_data)

    return _act(request, application, change, "refuse", form, act, "承認しないことを決め、市町村に知らせました。")


def application_resume(request: Request, pk: int) -> HttpResponse:
    """再開の届出."""
    application = _case(request, pk)
    if not may_take(application, STEPS[Action.RESUME], request.viewer):
        raise PermissionDenied("再開は、代表市町村の承認者が届け出ます。")
    form = ResumeForm(posted(request))

    def act() -> None:
        changes.resume(application_id=pk, viewer=request.viewer, reason=form.cleaned_data["reason"])

    if acted(request, form, act, "再開を届け出ました。事業は実施中に戻りました。"):
        return redirect("subsidies:application_detail", pk)
    return render(
        request,
        "subsidies/changes/resume.html",
        {"application": application, "badge": badge(application, request.viewer), "form": form},
    )


def _found(request: Request, pk: int, number: int) -> tuple[Application, ChangeRequest]:
    application = _case(request, pk)
    rows = application.changes.select_related("decision__document").prefetch_related("versions__document")
    change = get_object_or_404(rows, number=number)
    change.application = application
    if not _may_know(change, application, request):
        raise Http404
    return application, change


def _decided(request: Request, pk: int, number: int) -> tuple[Application, ChangeRequest]:
    application, change = _found(request, pk, number)
    require(request.viewer, CHANGE, Access.SUBMIT)
    if not may_take(application, STEPS[change_decisions.approving(change)], request.viewer):
        raise PermissionDenied("この手続は、定められた決裁者（主管振興局または本庁）が決めます。")
    return application, change


def _may_know(change: ChangeRequest, application: Application, request: Request) -> bool:
    """Offices know what was submitted once; drafts are known to the towns that take part and to auditors."""
    if change.submitted_at is not None or request.viewer.has(Duty.AU):
        return True
    return sits_on(application, Side.PARTICIPANT, request.viewer)


def _case(request: Request, pk: int) -> Application:
    """The granted application: 404 where the viewer may not know it, 403 where changes are not their duty."""
    application = application_for(request, pk)
    require(request.viewer, CHANGE)
    if application.granted_yen is None:
        raise Http404
    return application


def _begins(application: Application) -> bool:
    states = {state for several in changes.BEGINS_IN.values() for state in several}
    standing = application.changes.filter(state__in=[Phase.DRAFT, Phase.SUBMITTED, Phase.RETURNED])
    return application.state in states and not standing.exists()


def _act(
    request: Request, application: Application, change: ChangeRequest, name: str, form: forms.Form,
    act: Callable[[], object], done: str,
) -> HttpResponse:  # fmt: skip
    """The last move of every act: back to the page, with what refuses if something does."""
    if form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, done)
            return redirect("subsidies:change_detail", application.pk, change.number)
    application, change = _found(request, application.pk, change.number)
    return _page(request, application, change, **{name: form})


def _page(request: Request, application: Application, change: ChangeRequest, **bound: forms.Form) -> HttpResponse:
    viewer = request.viewer
    if change.kind == Kind.CHANGE and change.is_open:
        load_rows(application)
    weighed = Weighed.of(change)
    action = changes.action_of(change, weighed) if change.editable else None
    can_submit = change.editable and changes.may_submit(application, viewer)
    decides = change.state == Phase.SUBMITTED and may_take(
        application, STEPS[change_decisions.approving(change)], viewer
    )
    problems = []
    if action is not None and (can_submit or changes.may_write(application, viewer)):
        problems = hindrances(application, action, viewer, change=change, weighed=weighed)
    elif decides:
        approving = change_decisions.approving(change)
        problems = hindrances(application, approving, viewer, change=change, weighed=weighed)
    context: dict[str, Any] = {
        "application": application,
        "badge": badge(application, viewer),
        "change": change,
        "weighed": weighed,
        "is_change": change.kind in (Kind.CHANGE, Kind.LIGHT),
        "light": action == Action.FILE_LIGHT_CHANGE,
        "finding": (weighed.light if change.is_open else None) if change.kind == Kind.CHANGE else None,
        "problems": problems,
        "budget": _budget_words(weighed) if viewer.sees_internal else "",
        "to_headquarters": change_decisions.goes_to_headquarters(change),
        "versions": change.versions.all(),
        "named": _named(change),
        "consents": [(share, _told(change.consents.get(share.code))) for share in weighed.needs_consent],
        "inside": viewer.sees_internal,
        "may_edit": change.editable and changes.may_write(application, viewer),
        "may_submit": can_submit,
        "may_withdraw": change.is_open
        and sits_on(application, Side.LEAD, viewer)
        and (viewer.has(Duty.MA) or (change.editable and viewer.has(Duty.MP))),
        "may_opine": change.state == Phase.SUBMITTED and change_decisions.may_opine(application, viewer),
        "may_decide": decides,
        "own_opinion": viewer.stands_for(change.opinion_by_id),
        "submit_form": bound.get("submit")
        or LightOrNot(
            initial={
                "document_no": change.document_no,
                "act": "light" if action == Action.FILE_LIGHT_CHANGE else "ask",
            }
        ),
        "withdraw_form": bound.get("withdraw") or WithdrawForm(),
        "return_form": bound.get("return") or ReturnForm(),
        "opinion_form": bound.get("opine") or OpinionForm(initial=_own(change, viewer.user_id)),
        "approve_form": bound.get("approve") or ApproveForm(told_by_letter=change.kind != Kind.DELAY),
        "refuse_form": bound.get("refuse") or RefuseForm(),
        "refused_form": next(iter(bound.values()), None),
    }
    return render(request, "subsidies/changes/detail.html", context)


def _named(change: ChangeRequest) -> dict[str, str]:
    """The bare names of the papers of a change: that of the towns, and the answer."""
    asked = next((bare_name(row.document) for row in change.versions.all() if row.document is not None), "")
    answer = change.decision.document if change.decision is not None else None
    return {"asked": asked, "answer": bare_name(answer) if answer is not None else ""}


def _told(told: dict[str, str] | None) -> str:
    """令和8年10月1日　企第1号; empty where either is missing."""
    if not told or not told.get("on") or not told.get("no"):
        return ""
    return f"{wareki(parse_day(told['on']))}　{told['no']}"


def _own(change: ChangeRequest, user_id: int | None) -> dict[str, Any]:
    if change.opinion_by_id != user_id or change.opinion_fits is None:
        return {}
    return {"text": change.opinion, "fits": "yes" if change.opinion_fits else "no"}


def _budget_words(weighed: Weighed) -> str:
    """What the approval does to the budget, in one sentence."""
    delta, left = weighed.delta_yen, weighed.left_yen
    if delta > 0:
        return f"承認すると、配当の残額{show_yen(left)}円から{show_yen(delta)}円を確保します。"
    if delta < 0:
        return f"承認すると、{show_yen(-delta)}円が配当の残額（現在{show_yen(left)}円）に戻ります。"
    return ""


urls = [
    path("applications/<int:pk>/changes/", application_changes, name="application_changes"),
    path("applications/<int:pk>/changes/new/", change_new, name="change_new"),
    path("applications/<int:pk>/changes/<int:number>/", change_detail, name="change_detail"),
    path("applications/<int:pk>/changes/<int:number>/edit/", ChangeEdit.as_view(), name="change_edit"),
    path("applications/<int:pk>/changes/<int:number>/hand-on/", change_hand_on, name="change_hand_on"),
    path("applications/<int:pk>/changes/<int:number>/submit/", change_submit, name="change_submit"),
    path("applications/<int:pk>/changes/<int:number>/withdraw/", change_withdraw, name="change_withdraw"),
    path("applications/<int:pk>/changes/<int:number>/return/", change_return, name="change_return"),
    path("applications/<int:pk>/changes/<int:number>/opinion/", change_opine, name="change_opine"),
    path("applications/<int:pk>/changes/<int:number>/approve/", change_approve, name="change_approve"),
    path("applications/<int:pk>/changes/<int:number>/refuse/", change_refuse, name="change_refuse"),
    path("applications/<int:pk>/resume/", application_resume, name="application_resume"),
]
