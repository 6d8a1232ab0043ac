"""What can go wrong with a paper, each with a Japanese sentence that may be shown."""

from ..errors import Refused


class DocumentError(Refused):
    """A paper cannot be made or cannot be trusted; `str()` is the sentence for the reader."""


class UnknownKind(DocumentError):
    """No template bears this document id."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"様式「{kind}」はありません。")


class MissingData(DocumentError):
    """The snapshot lacks a value that its template prints."""

    def __init__(self, kind: str, names: list[str]) -> None:
        self.names = names
        super().__init__(f"様式{kind}のデータに「{'」「'.join(names)}」がありません。")


class MissingGlyph(DocumentError):
    """A character that none of our fonts can draw; a letter never prints a box in its place."""

    def __init__(self, characters: str) -> None:
        self.characters = characters
        listed = "、".join(f"「{character}」（U+{ord(character):04X}）" for character in characters)
        super().__init__(f"印刷できない文字があります：{listed}。別の字体か、かな書きに改めてください。")


class RenderingFailed(DocumentError):
    """The renderer reported an error (a forbidden address, a broken style sheet); nothing half drawn leaves."""

    def __init__(self, kind: str, detail: str) -> None:
        self.detail = detail
        super().__init__(f"様式{kind}のPDFを作成できませんでした。（{detail}）")


class HashMismatch(DocumentError):
    """The stored PDF is not the one that was issued."""

    def __init__(self, title: str) -> None:
        super().__init__(f"「{title}」のPDFが発行時のものと一致しません。管理者に連絡してください。")


class Superseded(DocumentError):
    """The PDF file is lost and the template has changed since, so that it cannot be drawn again byte for byte."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"「{title}」のPDFが失われており、様式が改められたため同じものを作成できません。"
            "バックアップから復元してください。"
        )
