"""What a service raises when it will not do what was asked; the text is Japanese and meant for the person."""

from django.http import Http404


class Refused(Exception):
    """Not now, or not like this: nothing was changed. `problems` are sentences, one for each thing to mend."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Conflict(Refused):
    """Someone else changed the same thing in the meantime; nothing was changed, what was typed is kept."""


class Erased(Http404):
    """The thing was erased after its retention period; what is left of it is one line of a register.

    `kind` and `key` name that line; where no register answers, the thing is simply not found.
    """

    def __init__(self, kind: str, key: object) -> None:
        self.kind, self.key = kind, str(key)
        super().__init__("保存期間の満了により廃棄しました。")
