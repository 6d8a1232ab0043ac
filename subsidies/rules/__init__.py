"""Rules as data: facts in, verdicts that explain themselves out. No query, no request, no clock (except `gather`).

from subsidies.rules.ruleset import Stage, parse, up_to
from subsidies.rules.engine import judge
from subsidies.rules.facts import ApplicationFacts, RegionFacts

evaluation = judge(parse(content), facts, stages=up_to(Stage.SUBMIT))
"""
