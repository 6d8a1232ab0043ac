"""The review of one case: the submission on the left, the rules on the right, one act for each button."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.access import require
from common.errors import Refused
from common.part_forms import Problem
from common.request import Request
from common.viewer import Access
from common.viewer import Action as Duties

from ..case_file import case_file_of
from ..corrections import proposed_items
from ..delegated import on_behalf
from ..duties import BUDGET, JUDGE, NOTE, REVIEW
from ..forms.review import (
    ConsultationForm,
    JudgeForm,
    NoteForm,
    OpinionForm,
    ReasonForm,
    ReceiveForm,
    ReduceForm,
    ReturnForm,
)
from ..judging import stage_of
from ..models import Application
from ..realism import questions_for
from ..rules.ruleset import Stage
from ..rulesets import rules_of
from ..services import due, preconsultations, reviews
from ..services.advance import open_actions
from ..services.approvals import may_concur
from ..state_badges import badge
from ..states import State
from ..verdict_panel import Panel, may_judge, needs_of, panel_of
from ..workflow import STEPS, Action
from ..worklist import place_of
from .acting import acted
from .finding import application_for, posted

Act = Callable[..., Any]
UNDER_OPINION = (State.BUREAU_REVIEW, State.HQ_REVIEW, State.APPROVAL)


def application_review(request: Request, pk: int) -> HttpResponse:
    """The case as this office reads it; buttons only for what this person may do now."""
    application = _case(request, pk)
    if application.state == State.DRAFT and on_behalf(application, request.viewer) is not None:
        return redirect("subsidies:application_detail", pk)  # nothing to review yet: it is typed in the town's name
    return _page(request, application)


def _case(request: Request, pk: int) -> Application:
    application = application_for(request, pk)
    require(request.viewer, REVIEW)
    return application


def _require_reviewer(request: Request, action: Duties) -> None:
    """Raise PermissionDenied, before any form is read, unless the duty edits or confirms in this row."""
    if not request.viewer.may(action, Access.SUBMIT):
        require(request.viewer, action, Access.EDIT)


def _require_remarks(request: Request) -> None:
    """Raise PermissionDenied unless the duty writes notes and opinions, its own or on being asked."""
    if not request.viewer.may(NOTE, Access.COMMENT):
        require(request.viewer, NOTE, Access.EDIT)


def _page(request: Request, application: Application, **bound: Any) -> HttpResponse:
    """Draw the page; `bound` are forms that were refused, by name."""
    viewer = request.viewer
    case = case_file_of(application, viewer, request.GET.get("compare", ""))
    authority = str(rules_of(application.call.ruleset).value("decision_authority"))
    own = next((opinion for opinion in case.opinions if opinion.office_key == viewer.office.key), None)
    context = _panel_context(request, application, bound.get("judge"))
    context |= {
        "case": case,
        "place": place_of(application.pk, viewer),
        "note_form": bound.get("note") or NoteForm(),
        "opinion_form": bound.get("opinion") or OpinionForm(own=own),
        "reduce_form": bound.get("reduce") or ReduceForm(application),
        "receive_form": bound.get("receive") or ReceiveForm(),
        "refused_form": next(iter(bound.values()), None),
        "badge": badge(application, viewer, authority=authority),
        "own_opinion": own,
        "questions": questions_for([application])[application.pk] if viewer.may(BUDGET) else [],
        "may_opine": context["may_note"] and application.state in UNDER_OPINION,
        "may_reduce": may_judge(application, viewer) and viewer.may(NOTE, Access.EDIT),
    }
    return render(request, "subsidies/application_review.html", context)


def _panel_context(request: Request, application: Application, judge: JudgeForm | None = None) -> dict[str, Any]:
    """What the rule panel and the bar of buttons need; both are swapped together after a judgement."""
    viewer = request.viewer
    panel = panel_of(application, viewer)
    if panel is not None:
        _attach_forms(panel, judge)
    can = set(open_actions(application, viewer))
    stage = stage_of(application)
    return {
        "application": application,
        "panel": panel,
        "may_note": viewer.may(NOTE, Access.EDIT) or viewer.may(NOTE, Access.COMMENT),
        "may_concur": application.state == State.APPROVAL and may_concur(application, viewer),
        "can": can,
        "stage": stage,
        "needs": needs_of(application, stage) if stage in (Stage.BUREAU, Stage.HQ) else "",
        "proposed": len(proposed_items(application)) if Action.RETURN in can else 0,
    }


def _attach_forms(panel: Panel, judge: JudgeForm | None) -> None:
    for rule in panel.walk():
        if rule.asks:
            rule.form = judge if judge is not None and judge.prefix == rule.id else JudgeForm(rule, panel.reason_chars)


def _tell(request: Request, refused: Refused) -> None:
    for problem in refused.problems:
        messages.error(request, problem)


def doing(action: Action) -> Callable[[Act], Act]:
    """Decorate a view for one act: 404 when the case is not visible, 403 with a sentence when it is not one's duty."""

    def decorate(view: Act) -> Act:
        @wraps(view)
        def checked(request: Request, pk: int, **kwargs: Any) -> HttpResponse:
            application = _case(request, pk)
            step = STEPS[action]
            if not request.viewer.has(*step.duties):
                able = "、".join(duty.label for duty in sorted(step.duties))
                raise PermissionDenied(f"「{step.title}」は、{able}の役割で行います。")
            return view(request, application, **kwargs)

        return checked

    return decorate


@require_POST
@doing(Action.RECEIVE)
def application_receive(request: Request, application: Application) -> HttpResponse:
    """受付."""
    form = ReceiveForm(request.POST)
    if not form.is_valid():
        return _page(request, application, receive=form)
    try:
        done = reviews.receive(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)
    except Refused as refused:
        _tell(request, refused)
    else:
        messages.success(request, f"受け付けました（{done.receipt_number}）。要件を判定しました。")
    return redirect("subsidies:application_review", application.pk)


@require_POST
def application_judge_again(request: Request, pk: int) -> HttpResponse:
    """もう一度判定する."""
    application = _case(request, pk)
    _require_reviewer(request, JUDGE)
    try:
        reviews.judge_again(application_id=pk, viewer=request.viewer)
    except Refused as refused:
        _tell(request, refused)
    else:
        messages.success(request, "現在のデータで、もう一度判定しました。")
    return redirect("subsidies:application_review", application.pk)


@require_POST
def application_judge(request: Request, pk: int, rule: str) -> HttpResponse:
    """判断を記録する: with a script only the panel and the bar of buttons come back."""
    application = _case(request, pk)
    _require_reviewer(request, JUDGE)
    panel = panel_of(application, request.viewer)
    asked = panel.rule(rule) if panel else None
    if panel is None or asked is None or not asked.asks:
        messages.error(request, "この要件は、いまはここで判断できません。")
        return redirect("subsidies:application_review", pk)
    form = JudgeForm(asked, panel.reason_chars, request.POST)
    saved = ""
    if form.is_valid():
        try:
            done = reviews.judge_rule(application_id=pk, viewer=request.viewer, rule=rule, **form.judgement())
        except Refused as refused:
            form.add_error("reason", refused.problems)
        else:
            saved = f"{rule} を「{done.get_result_display()}」と判断しました。"
    if not saved:
        form.point_out()
    if request.htmx:
        application = application_for(request, pk)
        context = _panel_context(request, application, None if saved else form)
        return render(request, "subsidies/_review_swap.html", context | {"saved": saved})
    if not saved:
        return _page(request, application, judge=form)
    messages.success(request, saved)
    return redirect(f"{_url(pk)}#{rule}")


def _url(pk: int) -> str:
    return reverse("subsidies:application_review", args=[pk])


@require_POST
def application_note(request: Request, pk: int) -> HttpResponse:
    """審査メモ（庁内限り）."""
    application = _case(request, pk)
    _require_remarks(request)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, application, note=form)
    reviews.write_note(application_id=pk, viewer=request.viewer, **form.cleaned_data)
    messages.success(request, "審査メモを記録しました（庁内限り）。")
    return redirect(f"{_url(pk)}#notes")


@require_POST
def application_opinion(request: Request, pk: int) -> HttpResponse:
    """意見（庁内限り）."""
    application = _case(request, pk)
    _require_remarks(request)
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            reviews.write_opinion(application_id=pk, viewer=request.viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.problems)
    if form.errors:
        return _page(request, application, opinion=form)
    messages.success(request, "意見を記録しました（庁内限り）。")
    return redirect(f"{_url(pk)}#notes")


@require_POST
def application_reduce(request: Request, pk: int) -> HttpResponse:
    """減額査定."""
    application = _case(request, pk)
    require(request.viewer, NOTE, Access.EDIT)
    form = ReduceForm(application, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            reviews.reduce_line(
                application_id=pk,
                viewer=request.viewer,
                cost_id=given["cost"],
                amount_yen=given["amount_yen"],
                reason=given["reason"],
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
    if form.errors:
        return _page(request, application, reduce=form)
    messages.success(request, "減額を記録しました。" if form.cleaned_data["amount_yen"] else "減額を取り消しました。")
    return redirect(f"{_url(pk)}#costs")


@doing(Action.RETURN)
def application_return(request: Request, application: Application) -> HttpResponse:
    """差戻し: the items, proposed from the findings, with the date until which they are to be mended."""
    if request.method == "POST":
        form = ReturnForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            try:
                reviews.send_back_to_town(
                    application_id=application.pk,
                    viewer=request.viewer,
                    items=form.inputs(),
                    due_on=given["due_on"],
                    message=given["message"],
                )
            except Refused as refused:
                form.add_error(None, refused.problems)
            else:
                messages.success(request, f"補正{len(form.inputs())}件を付けて差し戻しました。")
                return redirect("subsidies:application_review", application.pk)
    else:
        form = ReturnForm(proposed=proposed_items(application))
    return render(request, "subsidies/application_return.html", {"application": application, "form": form})


@doing(Action.FORWARD)
def application_forward(request: Request, application: Application) -> HttpResponse:
    """進達: the decider reads opinion and judgements, which this act confirms."""
    refusal: list[Problem] = []
    if request.method == "POST":
        try:
            reviews.forward(application_id=application.pk, viewer=request.viewer)
        except Refused as refused:
            refusal = [Problem(text) for text in refused.problems]
        else:
            messages.success(request, "本庁へ進達しました。審査調書・意見書（D-04）を作成しました。")
            return redirect("subsidies:application_review", application.pk)
    opinion = application.opinions.filter(office_key=request.viewer.office.key).first()
    context = {
        "application": application,
        "refusal": refusal,
        "opinion": opinion,
        "judgements": application.judgements.filter(superseded_at=None).order_by("rule"),
        "needs": needs_of(application, Stage.BUREAU),
        "may": Action.FORWARD in open_actions(application, request.viewer),
    }
    return render(request, "subsidies/application_forward.html", context)


@doing(Action.HAND_BACK)
def application_hand_back(request: Request, application: Application) -> HttpResponse:
    """振興局へ審査を戻す（庁内）."""
    form = ReasonForm(posted(request))

    def act() -> None:
        reviews.hand_back(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "振興局へ審査を戻しました。申請者には知らされません。"):
        return redirect("subsidies:application_review", application.pk)
    return render(request, "subsidies/application_hand_back.html", {"application": application, "form": form})


@doing(Action.LAPSE)
def application_lapse(request: Request, application: Application) -> HttpResponse:
    """失効の確認."""
    form = ReasonForm(posted(request), required=False)

    def act() -> None:
        due.lapse(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "補正の期限が過ぎたため、失効としました。"):
        return redirect("subsidies:application_review", application.pk)
    current = application.rounds.order_by("-number").first()
    context = {"application": application, "form": form, "round": current}
    return render(request, "subsidies/application_lapse.html", context)


@doing(Action.CLOSE_CONSULTATION)
def consultation_close(request: Request, application: Application) -> HttpResponse:
    """事前協議の記録（D-02）."""
    form = ConsultationForm(posted(request))

    def act() -> None:
        preconsultations.close(application_id=application.pk, viewer=request.viewer, **form.cleaned_data)

    if acted(request, form, act, "事前協議を記録し、申請者へ知らせました（D-02）。"):
        return redirect("subsidies:application_review", application.pk)
    context = {
        "application": application,
        "form": form,
        "asked": application.consultations.filter(closed_on=None).order_by("-id").first(),
        "case": case_file_of(application, request.viewer),
    }
    return render(request, "subsidies/consultation_close.html", context)


def application_next(request: Request, pk: int) -> HttpResponse:
    """次の案件: the one after this in the queue, or the list when nothing waits."""
    application = _case(request, pk)
    place = place_of(application.pk, request.viewer)
    return redirect(place.next_url or "subsidies:application_list")


urls = [
    path("applications/<int:pk>/review/", application_review, name="application_review"),
    path("applications/<int:pk>/receive/", application_receive, name="application_receive"),
    path("applications/<int:pk>/judge-again/", application_judge_again, name="application_judge_again"),
    path("applications/<int:pk>/judge/<str:rule>/", application_judge, name="application_judge"),
    path("applications/<int:pk>/note/", application_note, name="application_note"),
    path("applications/<int:pk>/opinion/", application_opinion, name="application_opinion"),
    path("applications/<int:pk>/reduce/", application_reduce, name="application_reduce"),
    path("applications/<int:pk>/return/", application_return, name="application_return"),
    path("applications/<int:pk>/forward/", application_forward, name="application_forward"),
    path("applications/<int:pk>/hand-back/", application_hand_back, name="application_hand_back"),
    path("applications/<int:pk>/lapse/", application_lapse, name="application_lapse"),
    path("applications/<int:pk>/next/", application_next, name="application_next"),
    path("applications/<int:pk>/consultation/", consultation_close, name="consultation_close"),
]
