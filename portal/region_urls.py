"""The namespace `regions`: the room's own pages, and those that show what `subsidies` knows too."""

from django.urls import path

from regions.urls import urls

from .views import burden, forecasts, initiatives, kpis, region_sheet, regions, vision_words

app_name = "regions"
urlpatterns = [
    *urls,
    path("regions/", regions.region_list, name="region_list"),
    path("regions/export/", regions.region_export, name="region_export"),
    path("regions/<str:code>/", regions.region_detail, name="region_detail"),
    path("regions/<str:code>/members/export/", regions.region_members, name="region_members"),
    path("regions/<str:code>/burden/", burden.region_burden, name="region_burden"),
    path("regions/<str:code>/burden/export/", burden.region_burden_export, name="region_burden_export"),
    path("regions/<str:code>/sheet.pdf", region_sheet.region_sheet_pdf, name="region_sheet"),
    path("visions/<int:pk>/own/<int:item>/", vision_words.OwnItemView.as_view(), name="vision_own_item"),
    path("projects/<int:pk>/", initiatives.project_detail, name="project_detail"),
    path("regions/<str:code>/kpis/", kpis.GridView.as_view(), name="kpi_list"),
    path("regions/<str:code>/kpis/export/", kpis.kpi_export, name="kpi_export"),
    path("regions/<str:code>/kpis/new/", kpis.kpi_new, name="kpi_new"),
    path("regions/<str:code>/kpis/form.xlsx", kpis.kpi_form, name="kpi_form"),
    path("regions/<str:code>/kpis/<int:pk>/", kpis.kpi_detail, name="kpi_detail"),
    path("regions/<str:code>/kpis/<int:pk>/edit/", kpis.PlanView.as_view(), name="kpi_edit"),
    path("regions/<str:code>/kpis/<int:pk>/remove/", kpis.kpi_remove, name="kpi_remove"),
    path("regions/<str:code>/kpis/<int:pk>/files/<int:file>/", kpis.kpi_file, name="kpi_file"),
    path("regions/<str:code>/kpis/<int:pk>/files/<int:file>/remove/", kpis.kpi_file_remove, name="kpi_file_remove"),
    path("forecasts/", forecasts.forecast_list, name="forecast_list"),
    path("forecasts/export/", forecasts.forecast_export, name="forecast_export"),
    path("forecasts/look/", forecasts.forecast_look, name="forecast_look"),
    path("forecasts/look.pdf", forecasts.forecast_look_pdf, name="forecast_look_pdf"),
    path("forecasts/new/", forecasts.forecast_new, name="forecast_new"),
    path("forecasts/<int:pk>/", forecasts.forecast_detail, name="forecast_detail"),
    path("forecasts/<int:pk>/forecast.pdf", forecasts.forecast_pdf, name="forecast_pdf"),
    path("forecasts/<int:pk>/edit/", forecasts.forecast_edit, name="forecast_edit"),
    path("forecasts/<int:pk>/show/", forecasts.forecast_show, name="forecast_show"),
    path("forecasts/<int:pk>/agree/", forecasts.forecast_agree, name="forecast_agree"),
    path("forecasts/<int:pk>/comment/", forecasts.forecast_comment, name="forecast_comment"),
    path("forecasts/<int:pk>/revise/", forecasts.forecast_revise, name="forecast_revise"),
]
