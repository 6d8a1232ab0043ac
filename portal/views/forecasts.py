"""地域の未来予測: of any municipalities at once, and the stored ones with their words, comments and publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from common import audit, clock
from common.access import needs, require
from common.documents import DocumentError, ensure_pdf, pdf_answer
from common.errors import Conflict, Refused
from common.request import Request
from common.sheets.exporting import Export, export_page
from common.viewer import Access
from municipalities.duties import FORECAST
from municipalities.models import Municipality
from municipalities.population import UnknownMunicipality, UnknownSeries
from regions import services
from regions.exports import forecast_columns
from regions.forms import CommentForm, ForecastForm, IssueFormSet
from regions.models import FutureForecast
from regions.services.forecasts import is_owner
from regions.views.common import act, page_of

from ..forecast_choice import Asked, asked, choice, choice_map, editions, region_choices
from ..forecast_drawing import draw_later, drawn
from ..forecast_paper import forecast_paper, paper_of, title_names, written_of


@needs(FORECAST)
def forecast_look(request: Request) -> HttpResponse:
    """The forecast of the municipalities in the address, computed now; nothing is saved."""
    today = clock.today()
    question = asked(request.GET, request.viewer, today)
    paper, problem = None, ""
    if question.members:
        try:
            paper = forecast_paper(question.members, question.series, today)
        except (UnknownMunicipality, UnknownSeries, ValueError) as wrong:
            problem = str(wrong)
    found = choice(question, request.viewer, today)
    context = {
        "asked": question,
        "paper": paper,
        "problem": problem,
        "choice": found,
        "map": choice_map(question, found),
        "ticked": set(question.members),
        "chosen": len(question.members),
        "editions": editions(),
        "filters": _series_links(question),
        "regions": region_choices(request.viewer),
        "region": request.GET.get("region", ""),
        "pdf": question.link("regions:forecast_look_pdf"),
        "store": question.link("regions:forecast_new") if _may_store(request, question) else "",
    }
    return render(request, "regions/forecast_look.html", context, status=422 if problem and request.GET else 200)


@needs(FORECAST)
def forecast_look_pdf(request: Request) -> HttpResponse:
    """The same as a paper for a study meeting."""
    today = clock.today()
    question = asked(request.GET, request.viewer, today)
    try:
        paper = forecast_paper(question.members, question.series, today)
        data = drawn(paper)
    except (UnknownMunicipality, UnknownSeries, ValueError, DocumentError) as problem:
        messages.error(request, str(problem))
        return redirect(question.link())
    if data is None:
        address = question.link("regions:forecast_look_pdf")
        return redirect("portal:task_detail", draw_later(paper, address, request.viewer).pk)
    return pdf_answer(data, paper["head"]["title"])


@needs(FORECAST)
def forecast_list(request: Request) -> HttpResponse:
    """Stored forecasts this office may know: the own drafts, and what was published."""
    return render(request, "regions/forecast_list.html", {"page": page_of(_stored(request), request)})


@needs(FORECAST)
def forecast_export(request: Request) -> HttpResponseBase:
    """The forecasts of the list, all pages, written out."""
    trail = [("保存・公表された未来予測", reverse("regions:forecast_list"))]
    return export_page(request, Export("未来予測一覧", forecast_columns(), _stored(request), trail))


def _stored(request: Request) -> QuerySet[FutureForecast]:
    rows = FutureForecast.objects.visible_to(request.viewer).select_related("lead", "series", "following")
    return rows.prefetch_related("towns", "owners__municipality")


@needs(FORECAST, Access.EDIT)
def forecast_new(request: Request) -> HttpResponse:
    """Store the forecast of the municipalities in the address as a draft, with own words."""
    question = asked(request.GET, request.viewer, clock.today())
    own = request.viewer.office.code
    towns = _towns([own, *question.members])
    initial = {
        "title": f"{title_names([town.name for town in towns])}の未来予測"[:120],
        "towns": [town.pk for town in towns],
        "owners": [own],
        "series": question.series,
    }
    return _form(request, None, towns, initial)


def forecast_detail(request: Request, pk: int) -> HttpResponse:
    """A stored forecast: words, figures (of today for a draft, as published otherwise), comments, what one may do."""
    return _detail(request, _forecast(request, pk))


def forecast_edit(request: Request, pk: int) -> HttpResponse:
    """Change a draft; two people at once lose nobody's words."""
    forecast = _forecast(request, pk, Access.EDIT)
    if not is_owner(forecast, request.viewer):
        raise PermissionDenied("この未来予測は、作成市町村だけが変更できます。")
    chosen = list(forecast.towns.values_list("pk", flat=True))
    towns = _towns([*chosen, *(request.POST.getlist("towns") or request.GET.getlist("member"))])
    return _form(request, forecast, towns, ForecastForm.initial_of(forecast))


def forecast_pdf(request: Request, pk: int) -> HttpResponse:
    """The paper: as issued where it is published, marked 案 while it is made."""
    forecast = _forecast(request, pk)
    try:
        if forecast.document:
            return pdf_answer(ensure_pdf(forecast.document), forecast.title)
        paper = paper_of(forecast)
        data = drawn(paper, draft=True)
    except DocumentError as problem:
        messages.error(request, str(problem))
        return redirect("regions:forecast_detail", pk)
    if data is None:
        address = reverse("regions:forecast_pdf", args=[pk])
        return redirect("portal:task_detail", draw_later(paper, address, request.viewer, draft=True).pk)
    return pdf_answer(data, forecast.title)


@require_POST
def forecast_show(request: Request, pk: int) -> HttpResponse:
    """Show the draft to the bureaus for their comments."""
    forecast = _forecast(request, pk, Access.EDIT)
    return act(
        request,
        lambda: services.show_forecast(forecast.pk, viewer=request.viewer),
        "振興局に示し、意見を求めました。",
        "regions:forecast_detail",
        pk,
    )


@require_POST
def forecast_agree(request: Request, pk: int) -> HttpResponse:
    """Agree to publication; the last agreement publishes."""
    forecast = _forecast(request, pk, Access.SUBMIT)
    try:
        done = services.agree_forecast(pk, revision=_revision(request, forecast), paper=paper_of, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, forecast, refused=refused, status=422)
    said = "公表に同意しました。ほかの作成市町村の同意を待っています。" if done.is_draft else "公表しました。"
    messages.success(request, said)
    return redirect("regions:forecast_detail", pk)


@require_POST
def forecast_comment(request: Request, pk: int) -> HttpResponse:
    """Write a comment as the bureau."""
    forecast, form = _forecast(request, pk, Access.COMMENT), CommentForm(request.POST)
    if form.is_valid():
        try:
            services.comment_forecast(pk, form.cleaned_data["text"], viewer=request.viewer)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "意見を送りました。")
            return redirect("regions:forecast_detail", pk)
    return _detail(request, forecast, comment=form, status=422)


@require_POST
def forecast_revise(request: Request, pk: int) -> HttpResponse:
    """Copy the published edition to a draft of the next one and open it."""
    forecast = _forecast(request, pk, Access.EDIT)
    try:
        draft = services.revise_forecast(forecast.pk, viewer=request.viewer)
    except Refused as refused:
        return _detail(request, forecast, refused=refused, status=422)
    return redirect("regions:forecast_edit", draft.pk)


def _forecast(request: Request, pk: int, access: Access = Access.READ) -> FutureForecast:
    visible = FutureForecast.objects.visible_to(request.viewer)
    joined = visible.select_related("lead", "series", "document", "previous", "following")
    forecast: FutureForecast = get_object_or_404(joined, pk=pk)
    require(request.viewer, FORECAST, access)
    return forecast


def _detail(
    request: Request,
    forecast: FutureForecast,
    *,
    comment: CommentForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    own, draft = is_owner(forecast, viewer), forecast.is_draft
    owners = list(forecast.owners.select_related("municipality"))
    mine = next((row for row in owners if row.municipality_id == viewer.office.code), None)
    edits = own and viewer.may(FORECAST, Access.EDIT)
    comments_on = viewer.is_bureau and viewer.may(FORECAST, Access.COMMENT)
    context = {
        "forecast": forecast,
        "paper": forecast.document.snapshot if forecast.document else paper_of(forecast),
        "owners": owners,
        "comments": list(forecast.comments.all()) if _reads_comments(request, own=own) else [],
        "reads_comments": _reads_comments(request, own=own),
        "events": audit.timeline(forecast, internal=viewer.sees_internal)[:12] if own or viewer.sees_internal else [],
        "may_edit": edits and draft,
        "may_show": edits and draft and forecast.shown_on is None,
        "may_agree": draft and viewer.may(FORECAST, Access.SUBMIT) and mine is not None and not mine.agreed_at,
        "may_revise": edits and not draft and not hasattr(forecast, "following"),
        "comment_form": (comment or CommentForm()) if comments_on else None,
        "refused": refused,
    }
    return render(request, "regions/forecast_detail.html", context, status=status)


def _form(
    request: Request, forecast: FutureForecast | None, towns: list[Municipality], initial: dict[str, Any]
) -> HttpResponse:
    """The form; where somebody saved meanwhile, what was typed stays and what is saved stands beside it."""
    own = forecast.lead_id if forecast else request.viewer.office.code
    data = request.POST if request.method == "POST" else None
    form = ForecastForm(data, towns=towns, own=own, initial=initial)
    rows = IssueFormSet.initial_of(forecast) if forecast else []
    issues, saved = IssueFormSet(data, initial=rows), None
    if data is not None and all([form.is_valid(), issues.is_valid()]):
        try:
            stored = _save(request, forecast, form, issues)
        except Refused as refused:
            form.refuse(refused)
            if isinstance(refused, Conflict) and forecast:
                saved = written_of(forecast)
        else:
            return redirect("regions:forecast_detail", stored.pk)
    revision = request.POST.get("revision", "") if data is not None and saved is None else ""
    context = {
        "form": form,
        "issues": issues,
        "forecast": forecast,
        "saved": saved,
        "revision": revision or (forecast.revision if forecast else ""),  # the next save stands on what is shown
    }
    return render(request, "regions/forecast_form.html", context, status=422 if data is not None else 200)


def _save(
    request: Request, forecast: FutureForecast | None, form: ForecastForm, issues: IssueFormSet
) -> FutureForecast:
    if forecast is None:
        return services.create_forecast(form.draft(issues), viewer=request.viewer)
    return services.update_forecast(
        forecast.pk, form.draft(issues), revision=_revision(request, forecast), viewer=request.viewer
    )


def _revision(request: Request, forecast: FutureForecast) -> int:
    """The number that the page bore; that of now where a client sends none."""
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() else forecast.revision


def _towns(codes: list[str]) -> list[Municipality]:
    """The municipalities of these codes that exist, in the order given."""
    order = list(dict.fromkeys(codes))
    found = Municipality.objects.existing(clock.today()).in_bulk(order)
    return [found[code] for code in order if code in found]


def _series_links(question: Asked) -> list[dict[str, Any]]:
    return [
        {"label": row.name, "url": question.link(series=row.pk), "current": row.pk == question.series}
        for row in editions()
    ]


def _may_store(request: Request, question: Asked) -> bool:
    return request.viewer.is_municipal and request.viewer.may(FORECAST, Access.EDIT) and bool(question.members)


def _reads_comments(request: Request, *, own: bool) -> bool:
    """Comments are between the owners, the bureaus and headquarters."""
    return own or request.viewer.is_bureau or request.viewer.is_prefecture
