"""年度と記録: the pages that come after the daily work, on one page in few groups: the side menu holds twelve entries.

The side menu leads here those who come for several of them; a line shows only to whom its page opens.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from common.viewer import Action, Viewer
from subsidies.duties import DISCLOSURE, FOLLOW_UP, FOLLOW_UP_SUMMARY, PAYMENT, REGISTER

from .duties import AUDIT_LOG, RETENTION, ROLLOVER


@dataclass(frozen=True)
class Page:
    """One line: its words, what it is for, the view, and the action that it takes to read it (None: everybody)."""

    title: str
    told: str
    view: str
    action: Action | None = None

    @property
    def url(self) -> str:
        return reverse(self.view)


@dataclass(frozen=True)
class Group:
    """A heading with its lines."""

    title: str
    pages: tuple[Page, ...]


GROUPS = (
    Group(
        "年度",
        (
            Page("年間の予定", "月ごとの流れと、この所属の期限。予定表ファイルにも書き出せます", "portal:calendar"),
            Page("年度更新", "文書番号・募集・異動・前年度の残り。1つずつ済ませます", "portal:rollover", ROLLOVER),
        ),
    ),
    Group(
        "交付金",
        (
            Page("支払", "概算払・精算払・返納の請求、承認、支払の日", "subsidies:payment_list", PAYMENT),
            Page("交付金台帳", "1件1行で、日付・番号・金額のすべて", "subsidies:register_list", REGISTER),
            Page("支援後の状況", "取組ごとの毎年の回答と、振興局のコメント", "subsidies:follow_up_list", FOLLOW_UP),
            Page(
                "自走化の状況（集計）",
                "地域・年度・制度ごとに、続いている取組の数",
                "subsidies:follow_up_summary",
                FOLLOW_UP_SUMMARY,
            ),
        ),
    ),
    Group(
        "保存と公開",
        (
            Page("保存と廃棄", "保存期間、廃棄リスト、文書館への移管", "portal:retention_list", RETENTION),
            Page(
                "情報公開用の書き出し",
                "個人の名前を伏せた書類。起案した人のほかの決裁者が承認します",
                "subsidies:disclosure_list",
                DISCLOSURE,
            ),
            Page("操作の記録", "だれが、いつ、何をしたか", "portal:audit_list", AUDIT_LOG),
        ),
    ),
)


def groups_for(viewer: Viewer) -> list[Group]:
    """Return the groups with the pages that open to this person; groups without one are left out."""
    found = [
        Group(group.title, tuple(page for page in group.pages if page.action is None or viewer.may(page.action)))
        for group in GROUPS
    ]
    return [group for group in found if group.pages]
