"""Tables that every room uses and that know no room: they name their subject by type and id."""

from .audit import AuditEvent, AuditHead
from .document import DocumentIssue
from .file import StoredFile
from .notice import Notice, NoticeMail, NoticeRead
from .number import NumberEntry, NumberSequence
from .reminder import Reminder
from .sheet_import import SheetImport, SheetImportChunk
from .sheet_mapping import SheetMapping
from .task import Task

__all__ = [
    "AuditEvent",
    "AuditHead",
    "DocumentIssue",
    "Notice",
    "NoticeMail",
    "NoticeRead",
    "NumberEntry",
    "NumberSequence",
    "Reminder",
    "SheetImport",
    "SheetImportChunk",
    "SheetMapping",
    "StoredFile",
    "Task",
]
