"""The sheets of the regions: national zones (I-06), designated hubs (I-07), regions with their members (I-08)."""

from .regions import RegionMembers
from .zones import HubDesignations, ZoneMembers

__all__ = ["HubDesignations", "RegionMembers", "ZoneMembers"]
