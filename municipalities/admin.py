"""Reference data for the system administrator: to look up and to mend; loaded figures and outlines only to look up."""

from django.contrib import admin

from common.admin import ReadOnlyAdmin, ReferenceAdmin

from .models import (
    Adjacency,
    Bureau,
    DataSource,
    Indicator,
    Jurisdiction,
    Municipality,
    PopulationFigure,
    PopulationSeries,
    Prefecture,
    ServiceField,
    ServiceMeasure,
)


@admin.register(Prefecture)
class PrefectureAdmin(ReferenceAdmin):
    list_display = ["code", "name"]
    search_fields = ["name"]


@admin.register(Bureau)
class BureauAdmin(ReferenceAdmin):
    list_display = ["code", "name", "symbol", "head_title", "parent", "valid_from", "valid_to"]
    list_filter = ["prefecture"]
    list_select_related = ["parent"]


@admin.register(Municipality)
class MunicipalityAdmin(ReferenceAdmin):
    list_display = ["code", "name", "kana", "kind", "prefecture", "valid_from", "valid_to"]
    list_filter = ["kind", "northern_territory", "prefecture"]
    list_select_related = ["prefecture"]
    search_fields = ["code", "name", "kana"]
    raw_id_fields = ["successor"]


@admin.register(Jurisdiction)
class JurisdictionAdmin(ReferenceAdmin):
    list_display = ["municipality", "bureau", "valid_from", "valid_to"]
    list_filter = ["bureau"]
    list_select_related = ["municipality", "bureau"]
    search_fields = ["municipality__name", "municipality__code"]
    raw_id_fields = ["municipality"]


@admin.register(Adjacency)
class AdjacencyAdmin(ReferenceAdmin):
    list_display = ["a", "b", "kind", "border_km", "valid_from", "valid_to"]
    list_filter = ["kind", "cross_prefecture"]
    list_select_related = ["a", "b"]
    search_fields = ["a__name", "b__name", "a__code", "b__code"]
    raw_id_fields = ["a", "b"]


@admin.register(DataSource)
class DataSourceAdmin(ReferenceAdmin):
    list_display = ["code", "title", "publisher", "licence", "as_of"]


@admin.register(PopulationSeries)
class PopulationSeriesAdmin(ReferenceAdmin):
    list_display = ["code", "name", "kind", "base_year", "partial", "source"]
    list_select_related = ["source"]


@admin.register(PopulationFigure)
class PopulationFigureAdmin(ReadOnlyAdmin):
    list_display = ["municipality", "series", "year", "total", "age_0_14", "age_15_64", "age_65_over", "note"]
    list_filter = ["series", "year"]
    list_select_related = ["municipality", "series"]
    search_fields = ["municipality__name", "municipality__code"]
    show_full_result_count = False


@admin.register(Indicator)
class IndicatorAdmin(ReferenceAdmin):
    list_display = ["code", "name", "unit", "source"]
    list_select_related = ["source"]


@admin.register(ServiceField)
class ServiceFieldAdmin(ReferenceAdmin):
    list_display = ["name", "question", "source", "order"]


@admin.register(ServiceMeasure)
class ServiceMeasureAdmin(ReferenceAdmin):
    list_display = ["name", "field", "kind", "of", "by", "unit", "ahead"]
    list_filter = ["field", "kind"]
    list_select_related = ["field"]
