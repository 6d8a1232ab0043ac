"""Who may do what together with others: rows 2, 4–8, 26, 34 and 36 of the action matrix (`domain.md` §2).

A field officer (MF) reads here. Her own initiative is assigned in an application, which `subsidies` knows: what she
writes of it (its KPIs, its words in a vision) she writes by way of `portal`, entrusted.
"""

from common.viewer import Action

# fmt: off
MASTER = Action(2, "国制度の圏域・中心都市の登録", {
    "MP": "R", "MA": "R", "MF": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "AD": "E",
    "OB": "R"})
SCHEME_LISTS = Action(2, "中心都市・未宣言中心市・国制度の状況", {
    "MP": "R", "MA": "R", "MF": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "AD": "R",
    "OB": "R"})
REGION = Action(4, "連携地域の登録", {
    "MP": "E", "MA": "S", "MF": "R", "BS": "E", "BM": "S", "HS": "C", "HM": "R", "SD": "R", "AU": "R", "AD": "R",
    "OB": "R"})
REGION_COMMENT = Action(4, "連携地域・協定・ビジョンへの意見", {
    "MP": "R", "MA": "R", "BS": "C", "BM": "C", "HS": "C", "HM": "R", "SD": "C", "AU": "R"})  # SD: visions only
REGION_LINK = Action(4, "前身・後継の登録", {
    "MP": "R", "MA": "R", "BS": "R", "BM": "E", "HS": "E", "HM": "R", "SD": "R", "AU": "R"})
BURDEN = Action(4, "作業の分担", {
    "MP": "R", "MA": "R", "MF": "R", "BS": "R", "BM": "R", "HS": "R", "HM": "R", "SD": "R", "AU": "R"})
BRING_IN = Action(36, "連携地域・構成の一括取込", {
    "MA": "R", "BS": "E", "BM": "R", "HS": "E", "HM": "R", "AU": "R", "AD": "E"})
AGREEMENT = Action(5, "地域連携協定", {
    "MP": "E", "MA": "S", "MF": "R", "BS": "C", "BM": "S", "HS": "C", "HM": "R", "SD": "R", "AU": "R", "OB": "R"})
VISION = Action(6, "地域連携ビジョン", {
    "MP": "E", "MA": "S", "MF": "R", "BS": "C", "BM": "S", "HS": "C", "HM": "R", "SD": "C", "AU": "R", "OB": "R"})
FORWARD_PLAN = Action(7, "広域連携前進プラン", {
    "MP": "C", "MA": "C", "BS": "E", "BM": "S", "HS": "C", "HM": "S", "SD": "C", "AU": "R", "OB": "R"})
CONFERENCE = Action(8, "検討会議", {
    "MP": "C", "MA": "C", "BS": "E", "BM": "S", "HS": "R", "HM": "R", "SD": "R", "AU": "R", "OB": "R"})
KPI = Action(26, "KPIの計画と実績", {
    "MP": "E", "MA": "S", "MF": "R", "BS": "C", "BM": "R", "HS": "R", "HM": "R", "SD": "R", "AU": "R", "OB": "R"})
BRING_IN_KPIS = Action(36, "取組・KPIの一括取込", {
    "MP": "E", "MA": "R", "BS": "E", "BM": "R", "HS": "E", "HM": "R", "AU": "R", "AD": "E"})
STAGE = Action(34, "ステージの評価", {
    "MP": "C", "MA": "R", "BS": "E", "BM": "S", "HS": "C", "HM": "S", "AU": "R", "OB": "R"})
# fmt: on
