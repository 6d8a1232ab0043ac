"""Who reads what spans several rooms: row 35 of the action matrix (`domain.md` §2)."""

from common.viewer import Action

INDICATORS = Action(
    35,
    "全道の状況・指標",
    {"MP": "R", "MA": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "OB": "R"},
)
AUDIT_LOG = Action(38, "操作の記録", {"BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "R"})
