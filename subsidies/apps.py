from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    verbose_name = "支援制度"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The ledger grows only, like the audit chain: `verify_audit` looks for its triggers too."""
        from common import audit  # needs the models, which are not loaded before

        audit.keep_triggers("budget_entry_no_update", "budget_entry_no_delete")
