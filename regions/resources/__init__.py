"""The sheets of the regions: zones (I-06), hubs (I-07), regions with members (I-08), KPIs (I-09, I-10)."""

from .kpi_actuals import KpiActuals
from .kpi_plans import KpiPlans
from .regions import RegionMembers
from .zones import HubDesignations, ZoneMembers

__all__ = ["HubDesignations", "KpiActuals", "KpiPlans", "RegionMembers", "ZoneMembers"]
