"""All addresses of the portal: each room brings its own, `portal:` holds those that need several rooms."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from .views import (
    annual,
    audit,
    imports,
    indicators,
    kpis,
    overview,
    pages,
    refusals,
    retention,
    rollover,
    search,
    tasks,
    year_calendar,
)

pages_of_portal = [
    path("", pages.home, name="home"),
    path("calendar/", year_calendar.calendar, name="calendar"),
    path("calendar/days.ics", year_calendar.calendar_file, name="calendar_file"),
    path("records/", pages.records, name="records"),
    path("rollover/", rollover.rollover, name="rollover"),
    path("rollover/<int:year>/", rollover.rollover, name="rollover_year"),
    path("rollover/<int:year>/numbers/", rollover.rollover_numbers, name="rollover_numbers"),
    path("rollover/<int:year>/calls/", rollover.rollover_calls, name="rollover_calls"),
    path("rollover/<int:year>/steps/<slug:step>/", rollover.rollover_step, name="rollover_step"),
    path("worklist/", pages.worklist, name="worklist"),
    path("worklist/export/", pages.worklist_export, name="worklist_export"),
    path("search/", search.search, name="search"),
    path("search/answers/", search.search_answers, name="search_answers"),
    path("search/export/", search.search_export, name="search_export"),
    path("overview/", overview.overview_page, name="overview"),
    path("overview/export/<slug:table>/", overview.overview_export, name="overview_export"),
    path("indicators/", indicators.indicator_list, name="indicator_list"),
    path("indicators/export/", indicators.indicator_export, name="indicator_export"),
    path("indicators/<slug:code>/", indicators.indicator_detail, name="indicator_detail"),
    path("indicators/<slug:code>/plan/", indicators.indicator_plan, name="indicator_plan"),
    path("indicators/<slug:code>/plan/decide/", indicators.indicator_plan_decide, name="indicator_plan_decide"),
    path("indicators/<slug:code>/<int:year>/confirm/", indicators.indicator_confirm, name="indicator_confirm"),
    *annual.urls,
    path("kpis/", kpis.kpi_overview, name="kpi_list"),
    path("kpis/export/", kpis.kpi_overview_export, name="kpi_export"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/export/", imports.import_export, name="import_export"),
    path("imports/new/", imports.import_kinds, name="import_kinds"),
    path("imports/new/<slug:kind>/", imports.import_new, name="import_new"),
    path("imports/new/<slug:kind>/form.xlsx", imports.import_form, name="import_form"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/reread/", imports.import_reread, name="import_reread"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/retry/", imports.import_retry, name="import_retry"),
    path("imports/<int:pk>/result.xlsx", imports.import_result, name="import_result"),
    path("imports/<int:pk>/original/", imports.import_original, name="import_original"),
    path("retention/", retention.retention_list, name="retention_list"),
    path("retention/export/", retention.retention_export, name="retention_export"),
    path("retention/lists/new/", retention.disposal_new, name="disposal_new"),
    path("retention/lists/<int:pk>/", retention.disposal_detail, name="disposal_detail"),
    path("retention/lists/<int:pk>/export/", retention.disposal_export, name="disposal_export"),
    path("retention/lists/<int:pk>/propose/", retention.disposal_propose, name="disposal_propose"),
    path("retention/lists/<int:pk>/decide/", retention.disposal_decide, name="disposal_decide"),
    path("retention/lists/<int:pk>/send-back/", retention.disposal_send_back, name="disposal_send_back"),
    path("retention/lists/<int:pk>/archive.zip", retention.disposal_archive, name="disposal_archive"),
    path("retention/items/<int:pk>/", retention.disposal_item, name="disposal_item"),
    path("tasks/<int:pk>/", tasks.task_detail, name="task_detail"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((pages_of_portal, "portal"))),
    path("", include("accounts.urls")),
    path("", include("municipalities.urls")),
    path("", include("portal.region_urls")),
    path("", include("subsidies.urls")),
    path("admin/", admin.site.urls),
]

handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.broken
