"""The parameter table and the eligible fields of a draft."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from common.errors import Refused
from common.request import Request
from common.viewer import Access

from ...forms.studio import FieldsForm, NewFieldForm, ParametersForm
from ...initiatives import fields_known
from ...rulesets import editions
from ...services import studio
from ...studio.content import Content
from .frame import DesignView, OneForm, page, version_for


def _options(content: Content) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What may be chosen where a value names something that the portal has."""
    fields = [(name, name) for name in content.get("fields") or []]
    return {"series": editions(), "exempt_field": fields}


class ParametersView(DesignView):
    """数と条件: every number with unit, explanation and source."""

    tab = "studio_parameters"
    template = "subsidies/studio/parameters.html"

    def form(self, data: QueryDict | None = None) -> OneForm:
        base = self.version.based_on.content if self.version.based_on else {}
        content = self.version.content
        return OneForm(ParametersForm(data, content=content, options=_options(content), base=base))

    def changed(self, form: Any) -> Callable[[Content], Content]:
        return lambda content: {**content, "parameters": form.form.table(content)}

    def title(self, form: Any) -> str:
        return "数と条件を変更"

    def next_url(self) -> str:
        return reverse("subsidies:studio_parameters", args=[self.version.pk])

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form.form}


class FieldsView(DesignView):
    """対象分野: which fields are eligible, by group; a field that is missing is registered here."""

    tab = "studio_fields"
    template = "subsidies/studio/fields.html"

    def form(self, data: QueryDict | None = None) -> OneForm:
        return OneForm(_fields_form(data, self.version.content), sets=("fields",))

    def changed(self, form: Any) -> Callable[[Content], Content]:
        chosen: FieldsForm = form.form
        return lambda content: {**content, "fields": chosen.chosen(content)}

    def title(self, form: Any) -> str:
        return "対象分野を変更"

    def next_url(self) -> str:
        return reverse("subsidies:studio_fields", args=[self.version.pk])

    def context(self, form: Any) -> dict[str, Any]:
        return {"form": form.form, "new": NewFieldForm(prefix="new")}


def _fields_form(data: QueryDict | None, content: Content) -> FieldsForm:
    return FieldsForm(data, content=content, known=fields_known())


@require_POST
def studio_field_new(request: Request, pk: int) -> HttpResponseBase:
    """Register a field and make it eligible in this draft."""
    version = version_for(request, pk, Access.EDIT)
    form = NewFieldForm(request.POST, prefix="new")
    if form.is_valid():
        given = form.cleaned_data
        try:
            field = studio.register_field(
                version_id=pk, viewer=request.viewer, name=given["name"], group=given["group"]
            )
        except Refused as refused:
            form.add_error(None, refused.problems)
        else:
            messages.success(request, f"分野「{field.name}」を登録し、この案の対象分野に加えました。")
            return redirect("subsidies:studio_fields", pk)
    context = {"tab": "studio_fields", "form": _fields_form(None, version.content), "new": form}
    answer: HttpResponse = page(request, "fields.html", version, context, status=422)
    return answer


urls = [
    path("studio/<int:pk>/parameters/", ParametersView.as_view(), name="studio_parameters"),
    path("studio/<int:pk>/fields/", FieldsView.as_view(), name="studio_fields"),
    path("studio/<int:pk>/fields/new/", studio_field_new, name="studio_field_new"),
]
