"""Who may do what with people and posts: row 37 of the action matrix (`domain.md` §2), as far as this issue goes.

Staff prepare a hand-over (E), approver, bureau head and administrator confirm it (S), each for the own office.
"""

from common.viewer import Action

PEOPLE = Action(37, "利用者・役割", {"MA": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "E"})
HANDOVER = Action(
    37,
    "異動の引継ぎ",
    {"MP": "E", "MA": "ES", "BS": "E", "BM": "ES", "HS": "R", "HM": "R", "AU": "R", "AD": "ES"},
)
