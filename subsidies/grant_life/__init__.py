"""A grant after the decision: which topics its page shows, and which acts it offers to whom.

One module a subject (changes, reports, payments …); each registers its functions with `registry`.
"""

from . import audit, changes, closing, findings, follow_up, money, payments, registry, reopening, reports, revocation

__all__ = [
    "audit",
    "changes",
    "closing",
    "findings",
    "follow_up",
    "money",
    "payments",
    "registry",
    "reopening",
    "reports",
    "revocation",
]
