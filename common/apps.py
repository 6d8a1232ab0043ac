"""The room every other room stands on."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "共通"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every room register the bodies of its long work and the kinds of its sheets."""
        autodiscover_modules("tasks", "documents.tasks", "notices", "sheets.tasks", "resources")
