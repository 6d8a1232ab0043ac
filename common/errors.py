"""What a service raises when it will not do what was asked; the text is Japanese and meant for the person."""


class Refused(Exception):
    """Not now, or not like this: nothing was changed. `problems` are sentences, one for each thing to mend."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Conflict(Refused):
    """Someone else changed the same thing in the meantime; nothing was changed, what was typed is kept."""
