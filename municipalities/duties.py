"""Who may do what with municipalities: rows 1 to 3 and 36 of the action matrix (`domain.md` §2)."""

from common.viewer import Action

# fmt: off
PROFILE = Action(1, "市町村の基本情報・連絡先", {
    "MP": "E", "MA": "S", "MF": "R", "BS": "R", "BM": "R", "HS": "R", "HM": "R", "SD": "R", "AU": "R", "AD": "R",
    "OB": "R"})
MASTER = Action(2, "市町村・人口・隣接の参照", {
    "MP": "R", "MA": "R", "MF": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "AD": "E",
    "OB": "R"})
FORECAST = Action(3, "地域の未来予測", {
    "MP": "E", "MA": "S", "MF": "E", "BS": "C", "BM": "R", "HS": "R", "HM": "R", "SD": "R", "AU": "R", "AD": "R",
    "OB": "R"})
BRING_IN = Action(36, "人口・指標の一括取込", {
    "MA": "R", "BS": "E", "BM": "R", "HS": "E", "HM": "R", "AU": "R", "AD": "E"})
# fmt: on
