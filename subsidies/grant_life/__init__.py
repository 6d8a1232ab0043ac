"""A grant after the decision: which topics its page shows, and which acts it offers to whom.

One module a subject (changes, reports, payments …); each registers its functions with `registry`.
"""

from . import closing, money, payments, registry, reports, revocation

__all__ = ["closing", "money", "payments", "registry", "reports", "revocation"]
