"""All addresses of the portal: each room brings its own, `portal:` holds those that need several rooms."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from .views import audit, overview, pages, refusals, tasks

pages_of_portal = [
    path("", pages.home, name="home"),
    path("worklist/", pages.worklist, name="worklist"),
    path("worklist/export/", pages.worklist_export, name="worklist_export"),
    path("search/", pages.search, name="search"),
    path("search/export/", pages.search_export, name="search_export"),
    path("overview/", overview.overview_page, name="overview"),
    path("overview/export/<slug:table>/", overview.overview_export, name="overview_export"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/export/", audit.audit_export, name="audit_export"),
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
