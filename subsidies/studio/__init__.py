"""The rule studio (制度の設計): a ruleset as staff write it, its differences, its problems, its test bench."""
