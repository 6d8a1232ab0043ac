from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    verbose_name = "支援制度"
    default_auto_field = "django.db.models.BigAutoField"
