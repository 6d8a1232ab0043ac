"""What the operator looks at: long work (given-up tasks can be tried again) and the audit chain, both read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from . import tasks
from .models import AuditEvent, Task


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at; nothing is added, changed or removed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    list_display = ["id", "at", "who", "title", "action", "subject_type", "subject_id", "internal"]
    list_filter = ["action", "internal"]
    search_fields = ["who", "subject_id"]
    ordering = ["-id"]
    show_full_result_count = False
