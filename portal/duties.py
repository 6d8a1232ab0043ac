"""Who reads what spans several rooms: rows 35, 36 and 38 of the action matrix (`domain.md` §2)."""

from common.viewer import Action

INDICATORS = Action(
    35,
    "全道の状況・指標",
    {"MP": "R", "MA": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "OB": "R"},
)
AUDIT_LOG = Action(38, "操作の記録", {"BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "R"})
RETENTION = Action(38, "保存と廃棄", {"BM": "R", "HS": "E", "HM": "S", "AU": "R", "AD": "R"})  # HS prepares, HM decides
# who may bring a sheet in is said by its kind (`SheetKind.Sheet.action`); accounting only writes out
IMPORT = Action(
    36,
    "データの取込",
    {"MP": "E", "MA": "R", "BS": "E", "BM": "R", "HS": "E", "HM": "R", "AU": "R", "AD": "E"},
)
ROLLOVER = Action(37, "年度更新", {"HS": "E", "HM": "ES", "AU": "R", "AD": "E"})
ANNUAL = Action(
    35,
    "年次報告書",
    {"MP": "R", "MA": "R", "BS": "R", "BM": "R", "HS": "ES", "HM": "S", "SD": "R", "AU": "R", "OB": "R"},
)
