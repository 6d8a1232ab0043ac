"""The rule studio (制度の設計): drafts of rulesets, their test bench, their way to publication."""

from . import bench, drafts, rules, table

urls = [*drafts.urls, *table.urls, *rules.urls, *bench.urls]
