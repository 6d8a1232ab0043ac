"""The states of an application (domain.md §5), those after the decision already named."""

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """One stored state; how it reads depends on who looks (`badge`)."""

    DRAFT = "draft", "作成中"
    PRECONSULT = "preconsult", "事前協議中"
    CONSENT = "consent", "同意確認中"
    READY = "ready", "提出可"
    SUBMITTED = "submitted", "提出済"
    BUREAU_REVIEW = "bureau_review", "振興局審査中"
    RETURNED = "returned", "補正依頼"
    HQ_REVIEW = "hq_review", "本庁審査中"
    APPROVAL = "approval", "決裁中"
    SELECTED = "selected", "内定"
    NOT_SELECTED = "not_selected", "不採択"
    REFUSED = "refused", "不交付"
    WITHDRAWN = "withdrawn", "取下げ"
    LAPSED = "lapsed", "失効"
    GRANTED = "granted", "交付決定済"
    RUNNING = "running", "実施中"
    CHANGE_REVIEW = "change_review", "変更審査中"
    DELAY_REVIEW = "delay_review", "遅延報告確認中"
    STOP_REVIEW = "stop_review", "中止・廃止審査中"
    SUSPENDED = "suspended", "中止"
    DISCONTINUED = "discontinued", "廃止"
    REPORT_DUE = "report_due", "実績報告待ち"
    REPORT_OVERDUE = "report_overdue", "実績報告未提出"
    REPORTED = "reported", "報告済"
    REPORT_RETURNED = "report_returned", "報告の補正依頼"
    INSPECTED = "inspected", "検査済"
    FIXED = "fixed", "額の確定"
    SETTLED = "settled", "精算済"
    RETURN_ORDERED = "return_ordered", "返還命令中"
    REVOKED = "revoked", "取消"
    CLOSED = "closed", "完結"


BEFORE_SUBMISSION = (State.DRAFT, State.PRECONSULT, State.CONSENT, State.READY)
UNDER_REVIEW = (State.SUBMITTED, State.BUREAU_REVIEW, State.HQ_REVIEW, State.APPROVAL)
ENDED_WITHOUT_GRANT = (State.NOT_SELECTED, State.REFUSED, State.WITHDRAWN, State.LAPSED)
BEFORE_DECISION = (*BEFORE_SUBMISSION, State.SUBMITTED, State.BUREAU_REVIEW, State.RETURNED, State.HQ_REVIEW)


@dataclass(frozen=True)
class Group:
    """Several states as one choice of a list."""

    label: str
    states: tuple[State, ...]


S = State
GROUPS = {
    "before": Group("提出前", BEFORE_SUBMISSION),
    "review": Group("審査中", (S.SUBMITTED, S.BUREAU_REVIEW, S.HQ_REVIEW)),
    "returned": Group("補正中", (S.RETURNED,)),
    "approval": Group("決裁中", (S.APPROVAL,)),
    "granted": Group(
        "内定・交付決定",
        (S.SELECTED, S.GRANTED, S.RUNNING, S.CHANGE_REVIEW, S.DELAY_REVIEW, S.STOP_REVIEW, S.SUSPENDED),
    ),
    "report": Group("報告・精算", (
        S.REPORT_DUE, S.REPORT_OVERDUE, S.REPORTED, S.REPORT_RETURNED, S.INSPECTED, S.FIXED, S.RETURN_ORDERED)),
    "closed": Group("精算済・完結", (S.SETTLED, S.CLOSED)),
    "ended": Group("不採択・取下げなど", (*ENDED_WITHOUT_GRANT, S.DISCONTINUED, S.REVOKED)),
}  # fmt: skip
