"""Reference data of zones and fields for the system administrator; regions and what headquarters decides only to read.

Agreements, visions, plans and meetings are not here: the administrator has no part in them (matrix rows 5–8).
"""

from django.contrib import admin

from common.admin import ReadOnlyAdmin, ReferenceAdmin

from .models import (
    Field,
    HubDesignation,
    NationalZone,
    Region,
    RegionLink,
    RegionMembership,
    UndeclaredHub,
    ZoneMembership,
    ZoneStatusOverride,
)


@admin.register(Field)
class FieldAdmin(ReferenceAdmin):
    list_display = ["code", "name", "group", "order"]
    list_filter = ["group"]


@admin.register(NationalZone)
class NationalZoneAdmin(ReferenceAdmin):
    list_display = ["code", "name", "kind", "declared_on", "formed_on", "ended_on", "successor"]
    list_filter = ["kind", "prefecture"]
    list_select_related = ["successor"]
    search_fields = ["code", "name"]


@admin.register(ZoneMembership)
class ZoneMembershipAdmin(ReferenceAdmin):
    list_display = ["zone", "municipality", "role", "in_force_by", "in_force_basis", "ended_on", "basis"]
    list_filter = ["role", "basis", "zone"]
    list_select_related = ["zone", "municipality"]
    search_fields = ["municipality__name", "municipality__code"]
    raw_id_fields = ["municipality"]


@admin.register(HubDesignation)
class HubDesignationAdmin(ReadOnlyAdmin):
    list_display = ["plan", "municipality", "kind", "valid_from", "valid_to"]
    list_select_related = ["municipality"]


@admin.register(UndeclaredHub)
class UndeclaredHubAdmin(ReadOnlyAdmin):
    list_display = ["municipality", "valid_from", "valid_to", "reason"]
    list_select_related = ["municipality"]


@admin.register(ZoneStatusOverride)
class ZoneStatusOverrideAdmin(ReadOnlyAdmin):
    list_display = ["municipality", "status", "valid_from", "valid_to", "reason", "decided_by"]
    list_select_related = ["municipality", "decided_by"]


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "type", "state", "lead", "lead_bureau", "basis"]
    list_filter = ["state", "type", "lead_bureau"]
    list_select_related = ["lead", "lead_bureau"]
    search_fields = ["code", "name"]


@admin.register(RegionMembership)
class RegionMembershipAdmin(ReadOnlyAdmin):
    list_display = ["region", "municipality", "joined_on", "left_on", "basis"]
    list_select_related = ["region", "municipality"]
    search_fields = ["region__name", "municipality__name", "municipality__code"]


@admin.register(RegionLink)
class RegionLinkAdmin(ReadOnlyAdmin):
    list_display = ["predecessor", "successor", "successor_zone", "continued", "note"]
    list_select_related = ["predecessor", "successor", "successor_zone"]
