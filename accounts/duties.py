"""Who may do what with people and posts: row 37 of the action matrix (`domain.md` §2), as far as this issue goes.

Staff prepare a hand-over (E), approver, bureau head and administrator confirm it (S), each for the own office. Everyone
enters her own absence (E), who answers for the office also that of others there (S).
"""

from common.viewer import Action

PEOPLE = Action(37, "利用者・役割", {"MA": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "E"})
HANDOVER = Action(
    37,
    "異動の引継ぎ",
    {"MP": "E", "MA": "ES", "BS": "E", "BM": "ES", "HS": "R", "HM": "R", "AU": "R", "AD": "ES"},
)
ABSENCE = Action(
    37,
    "不在と代理",
    {
        "MP": "E", "MA": "ES", "MF": "E", "BS": "E", "BM": "ES", "HS": "E", "HM": "ES", "SD": "E", "AC": "E", "AU": "E",
        "AD": "ES", "OB": "E",
    },
)  # fmt: skip
