"""What every room's admin.py builds on, and what the operator looks at: long work and the audit chain.

Reference data is there to look up and mend, states only to read; given-up tasks can be tried again.
The technical site lies at /admin/ and is there for system administrators alone (`portal.admin_site`). People have no
Django permissions: the duty decides, and every change reaches the audit chain.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from . import audit, tasks
from .models import AuditEvent, Task
from .viewer import Duty


class ReadOnlyAdmin(admin.ModelAdmin):
    """To look up: nothing can be added, changed or removed."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReferenceAdmin(ReadOnlyAdmin):
    """To look up and to mend; nothing is ever removed, and each change is an audit event.

    The values of `secret_fields` (passwords) stay out of it.
    """

    secret_fields: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Save and write the changed fields down, in the admin's own transaction."""
        shown = [name for name in form.changed_data if name not in self.secret_fields]
        before = {name: form.initial.get(name) for name in shown} if change else {}
        super().save_model(request, obj, form, change)
        after = {name: _plain(form.cleaned_data.get(name)) for name in shown}
        title = f"{obj._meta.verbose_name}を{'改める' if change else '加える'}：{obj}"
        audit.record(request.viewer, "reference.save", obj, title, before=before, after=after)  # type: ignore[attr-defined]


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "state", "attempts", "progress_text", "created_at", "finished_at", "worker"]
    list_filter = ["state", "kind"]
    ordering = ["-id"]
    actions = ["try_again"]

    @admin.action(description="失敗した処理をもう一度実行する", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Give the chosen given-up tasks their tries back."""
        count = sum(tasks.requeue(task) for task in queryset)
        self.message_user(request, f"{count}件の処理をもう一度実行します。", messages.SUCCESS)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["id", "at", "who", "title", "action", "subject_type", "subject_id"]
    list_filter = ["action"]
    search_fields = ["who", "subject_id"]
    ordering = ["-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Leave out what is 庁内限り: the system administrator reads none of it."""
        return super().get_queryset(request).filter(internal=False)


def _is_administrator(request: HttpRequest) -> bool:
    return bool(request.viewer.has(Duty.AD))  # type: ignore[attr-defined]


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else str(value) if hasattr(value, "all") else value
