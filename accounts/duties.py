"""Who may do what with people and posts: row 37 of the action matrix (`domain.md` §2), as far as this issue goes.

Requests of planners and confirmations of approvers come with the rotation pages; until then the administrator enters.
"""

from common.viewer import Action

PEOPLE = Action(37, "利用者・役割", {"MA": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "E"})
