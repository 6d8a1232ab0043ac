"""Which office hears of which step, and in which words. In-portal notices; offices are addressed, not mailboxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from common import notices
from common.viewer import Duty, OfficeKind

from .models import Application, FollowUp, Package, Payment
from .rulesets import rules_of
from .workflow import Action


@dataclass(frozen=True)
class Message:
    """One notice: `to` names the side, `duties` who in that office reads it."""

    to: str
    duties: tuple[Duty, ...]
    title: str


MESSAGES: dict[Action, tuple[Message, ...]] = {
    Action.ASK_CONSULTATION: (Message("bureau", (Duty.BS,), "事前協議の申込みがありました：{region}"),),
    Action.CLOSE_CONSULTATION: (Message("lead", (Duty.MP,), "事前協議の記録が届きました：{region}"),),
    Action.ASK_CONSENT: (Message("participants", (Duty.MA,), "共同申請への同意をお願いします：{region}"),),
    Action.DECLINE: (
        Message(
            "lead",
            (
                Duty.MP,
                Duty.MA,
            ),
            "構成市町村から修正の求めがありました：{region}",
        ),
    ),
    Action.ALL_AGREED: (
        Message(
            "lead",
            (
                Duty.MP,
                Duty.MA,
            ),
            "全ての構成市町村が同意しました。提出できます：{region}",
        ),
    ),
    Action.SUBMIT: (
        Message("bureau", (Duty.BS,), "申請が提出されました：{region}"),
        Message("participants", (Duty.MP,), "申請が提出されました：{region}"),
    ),
    Action.RECEIVE: (Message("lead", (Duty.MP,), "申請を受け付けました（{receipt}）：{region}"),),
    Action.UNDO_RECEIVE: (Message("lead", (Duty.MP,), "申請の受付を取り消しました。改めて受け付けます：{region}"),),
    Action.RETURN: (
        Message(
            "lead",
            (
                Duty.MP,
                Duty.MA,
            ),
            "補正の依頼があります：{region}",
        ),
    ),
    Action.RESUBMIT: (Message("bureau", (Duty.BS,), "申請が再提出されました：{region}"),),
    Action.LAPSE: (
        Message(
            "lead",
            (
                Duty.MP,
                Duty.MA,
            ),
            "補正の期限が過ぎたため失効しました：{region}",
        ),
    ),
    Action.FORWARD: (
        Message("headquarters", (Duty.HS,), "申請が進達されました：{region}"),
        Message("lead", (Duty.MP,), "振興局の審査が終わり、本庁へ進達されました：{region}"),
    ),
    Action.HAND_BACK: (Message("bureau", (Duty.BS,), "本庁から審査が戻されました：{region}"),),
    Action.SELECT: (
        Message(
            "participants",
            (
                Duty.MP,
                Duty.MA,
            ),
            "内定しました：{region}",
        ),
        Message("bureau", (Duty.BS,), "内定しました：{region}"),
    ),
    Action.NOT_SELECT: (
        Message(
            "participants",
            (
                Duty.MP,
                Duty.MA,
            ),
            "不採択となりました：{region}",
        ),
    ),
    Action.DRAFT_DECISION: (
        Message(
            "authority",
            (
                Duty.BM,
                Duty.HM,
            ),
            "決裁を待つ起案があります：{region}",
        ),
    ),
    Action.SEND_BACK: (Message("bureau", (Duty.BS,), "決裁が差し戻されました：{region}"),),
    Action.GRANT: (
        Message(
            "participants",
            (
                Duty.MP,
                Duty.MA,
            ),
            "交付が決定しました：{region}",
        ),
        Message("headquarters", (Duty.HS,), "交付が決定しました：{region}"),
    ),
    Action.REFUSE: (
        Message(
            "participants",
            (
                Duty.MP,
                Duty.MA,
            ),
            "不交付が決定しました：{region}",
        ),
    ),
    Action.WITHDRAW: (Message("bureau", (Duty.BS,), "申請が取り下げられました：{region}"),),
    Action.WITHDRAW_GRANT: (
        Message(
            "bureau",
            (
                Duty.BS,
                Duty.BM,
            ),
            "交付決定後に申請が取り下げられました：{region}",
        ),
    ),
    Action.FINISH: (Message("lead", (Duty.MP, Duty.MA), "事業の期間が終わりました。実績を報告してください：{region}"),),
    Action.COMPLETE: (Message("bureau", (Duty.BS,), "事業の完了の届出がありました：{region}"),),
    Action.MISS_REPORT: (
        Message("lead", (Duty.MP, Duty.MA), "実績報告の期限が過ぎました：{region}"),
        Message("bureau", (Duty.BS,), "実績報告が期限までに提出されていません：{region}"),
    ),
    Action.REPORT: (Message("bureau", (Duty.BS,), "実績報告が提出されました：{region}"),),
    Action.RETURN_REPORT: (Message("lead", (Duty.MP, Duty.MA), "実績報告の補正の依頼がありました：{region}"),),
    Action.REPORT_AGAIN: (Message("bureau", (Duty.BS,), "実績報告が再提出されました：{region}"),),
    Action.INSPECT: (Message("bureau", (Duty.BM,), "検査が済みました。額を確定してください：{region}"),),
    Action.FIX: (
        Message("lead", (Duty.MP, Duty.MA), "交付金の額が確定しました：{region}"),
        Message("participants", (Duty.MP,), "交付金の額が確定しました：{region}"),
    ),
    Action.ORDER_RETURN: (Message("lead", (Duty.MP, Duty.MA), "交付金の返還の命令がありました：{region}"),),
    Action.ORDER_PART_RETURN: (Message("lead", (Duty.MP, Duty.MA), "交付金の返還の命令がありました：{region}"),),
    Action.REVOKE: (
        Message("participants", (Duty.MP, Duty.MA), "交付の決定が取り消されました：{region}"),
        Message("headquarters", (Duty.HS, Duty.AC), "交付の決定が取り消されました：{region}"),
    ),
    Action.REVOKE_PART: (
        Message("participants", (Duty.MP, Duty.MA), "交付の決定の一部が取り消されました：{region}"),
        Message("headquarters", (Duty.HS, Duty.AC), "交付の決定の一部が取り消されました：{region}"),
    ),
    Action.REOPEN: (
        Message("lead", (Duty.MP, Duty.MA), "交付金の額が再確定されました：{region}"),
        Message("bureau", (Duty.BS,), "完結した申請の額が再確定されました：{region}"),
    ),
    Action.SETTLE: (
        Message("bureau", (Duty.BS,), "精算が済みました。完結できます：{region}"),
        Message("lead", (Duty.MP,), "交付金の精算が済みました：{region}"),
    ),
    Action.CLOSE: (Message("lead", (Duty.MP,), "この年度の手続が完結しました：{region}"),),
    Action.BEGIN: (Message("lead", (Duty.MP,), "事業の開始日になりました：{region}"),),
    Action.ASK_CHANGE: (
        Message("bureau", (Duty.BS,), "変更承認申請がありました：{region}"),
        Message("participants", (Duty.MP,), "変更承認を申請しました：{region}"),
    ),
    Action.APPROVE_CHANGE: (
        Message("participants", (Duty.MP, Duty.MA), "変更が承認されました：{region}"),
        Message("headquarters", (Duty.HS,), "変更が承認されました：{region}"),
    ),
    Action.FILE_LIGHT_CHANGE: (
        Message("bureau", (Duty.BS,), "軽微な変更の届出がありました：{region}"),
        Message("participants", (Duty.MP,), "軽微な変更を届け出ました：{region}"),
    ),
    Action.ASK_STOP: (
        Message("bureau", (Duty.BS,), "中止（廃止）承認申請がありました：{region}"),
        Message("participants", (Duty.MP,), "中止（廃止）の承認を申請しました：{region}"),
    ),
    Action.APPROVE_SUSPENSION: (Message("participants", (Duty.MP, Duty.MA), "中止が承認されました：{region}"),),
    Action.APPROVE_DISCONTINUATION: (
        Message("participants", (Duty.MP, Duty.MA), "廃止が承認されました。実績を報告してください：{region}"),
        Message("headquarters", (Duty.HS,), "廃止が承認されました：{region}"),
    ),
    Action.RESUME: (Message("bureau", (Duty.BS, Duty.BM), "中止していた事業の再開の届出がありました：{region}"),),
    Action.TELL_DELAY: (Message("bureau", (Duty.BS,), "遅延等の報告がありました：{region}"),),
    Action.CONFIRM_DELAY: (Message("participants", (Duty.MP, Duty.MA), "完了予定日の延長が確認されました：{region}"),),
    Action.CARRY_OVER: (
        Message("participants", (Duty.MP, Duty.MA), "翌年度への繰越が承認されました：{region}"),
        Message("bureau", (Duty.BS,), "翌年度への繰越が承認されました：{region}"),
    ),
    Action.RETURN_CHANGE: (Message("lead", (Duty.MP, Duty.MA), "変更等の申請に補正の依頼がありました：{region}"),),
    Action.RETURN_WHILE_SUSPENDED: (
        Message("lead", (Duty.MP, Duty.MA), "廃止の申請に補正の依頼がありました：{region}"),
    ),
    Action.REFUSE_CHANGE: (Message("participants", (Duty.MP, Duty.MA), "変更等は承認されませんでした：{region}"),),
    Action.REFUSE_WHILE_SUSPENDED: (
        Message("participants", (Duty.MP, Duty.MA), "廃止は承認されませんでした：{region}"),
    ),
    Action.REFUSE_DELAY: (Message("lead", (Duty.MP, Duty.MA), "期間の延長は認められませんでした：{region}"),),
    Action.REFUSE_CARRY_OVER: (Message("lead", (Duty.MP, Duty.MA), "繰越は認められませんでした：{region}"),),
    Action.WITHDRAW_CHANGE: (Message("bureau", (Duty.BS,), "変更等の申請が取り下げられました：{region}"),),
    Action.WITHDRAW_WHILE_SUSPENDED: (Message("bureau", (Duty.BS,), "廃止の申請が取り下げられました：{region}"),),
}


def notify(application: Application, action: Action) -> None:
    """Tell the other side of a step, in the step's own transaction: a notice exists only if the step does."""
    url = reverse("subsidies:application_detail", args=[application.pk])
    for message in MESSAGES.get(action, ()):
        title = message.title.format(region=application.region.name, receipt=application.receipt_number)
        for office_key in _offices(application, message.to):
            notices.send(office_key, message.duties, title, url=url, subject=application)


def tell_approver(application: Application, kind: str) -> None:
    """Tell the approver of the lead that a change waits to be submitted."""
    url = reverse("subsidies:application_changes", args=[application.pk])
    lead = f"{OfficeKind.MUNICIPALITY}:{application.lead_id}"
    notices.send(lead, (Duty.MA,), f"{kind}の書類の提出をお願いします：{application.region.name}", url=url,
                 subject=application)  # fmt: skip


def tell_opined(application: Application, kind: str, *, carries_over: bool) -> None:
    """Tell the decider that the bureau has said what it thinks of a change."""
    url = reverse("subsidies:application_changes", args=[application.pk])
    title = f"{'繰越' if carries_over else kind}の決裁をお願いします：{application.region.name}"
    by_hq = carries_over or rules_of(application.call.ruleset).value("decision_authority") == "hq"
    office_key = next(_offices(application, "headquarters" if by_hq else "bureau"))
    notices.send(office_key, (Duty.HM,) if by_hq else (Duty.BM,), title, url=url, subject=application)


def tell_typing_began(application: Application) -> None:
    """Tell the lead that its bureau has begun an application in its name (代理入力)."""
    _tell_lead(application, f"{application.lead_bureau.name}が代理入力を始めました：{application.region.name}")


def tell_typing_done(application: Application, note: str) -> None:
    """Tell the lead that the bureau has typed what it was asked to; the town reads it and goes on by itself."""
    title = f"代理入力が終わりました。内容を確かめてください：{application.region.name}"
    _tell_lead(application, title, note)


def tell_delegation(office_key: str, title: str) -> None:
    """Tell the staff of a bureau that a municipality has delegated typing to it, or ended that."""
    notices.send(office_key, (Duty.BS,), title, url=reverse("subsidies:delegation_list"))


def tell_concurring(application: Application, office_key: str, duty: Duty) -> None:
    """Ask an office for its agreement to a draft decision (合議)."""
    url = reverse("subsidies:decision_concur", args=[application.pk])
    notices.send(office_key, (duty,), f"合議の依頼があります：{application.region.name}", url=url, subject=application)


def tell_objection(application: Application, label: str) -> None:
    """Tell the bureau and headquarters that an office does not agree to the draft decision."""
    url = reverse("subsidies:decision_decide", args=[application.pk])
    title = f"合議で異議がありました（{label}）：{application.region.name}"
    for office_key in _offices(application, "authority"):
        notices.send(office_key, (Duty.BS, Duty.BM, Duty.HS, Duty.HM), title, url=url, subject=application)


def tell_payment(payment: Payment, to: str, duties: tuple[Duty, ...], title: str, body: str = "") -> None:
    """Tell a side what became of a claim; `to` is named as in `Message`."""
    application = payment.application
    url = reverse("subsidies:application_payments", args=[application.pk])
    for office_key in _offices(application, to):
        notices.send(office_key, duties, f"{title}：{application.region.name}", body=body, url=url, subject=application)


def tell_revocation_proposed(application: Application) -> None:
    """Ask the deciders to look at a proposal to revoke; only offices hear of it."""
    _tell_offices(application, "authority", (Duty.BM, Duty.HM), "決裁を待つ取消しの案があります")


def tell_finding(application: Application, count: int) -> None:
    """Tell the staff of the lead bureau that rules which held at the decision hold no more."""
    url = reverse("subsidies:case_findings", args=[application.pk])
    title = f"交付後の所見が{count}件あります：{application.region.name}"
    for office_key in _offices(application, "bureau"):
        notices.send(office_key, (Duty.BS,), title, url=url, subject=application)


def tell_reopening_asked(application: Application) -> None:
    """Ask the other deciders to confirm that a closed file is fixed anew; only offices hear of it."""
    url = reverse("subsidies:case_reopening", args=[application.pk])
    title = f"確認を待つ再確定があります：{application.region.name}"
    for office_key in _offices(application, "authority"):
        notices.send(office_key, (Duty.BM, Duty.HM), title, url=url, subject=application)


def tell_revocation_sent_back(application: Application) -> None:
    """Tell the staff that the decider did not approve the proposal to revoke."""
    _tell_offices(application, "authority", (Duty.BS, Duty.HS), "取消しの案が差し戻されました")


def tell_revocation_concurring(application: Application, office_key: str, duty: Duty) -> None:
    """Ask a section for its agreement to a revocation (合議)."""
    url = reverse("subsidies:case_revocation", args=[application.pk])
    title = f"取消しの合議の依頼があります：{application.region.name}"
    notices.send(office_key, (duty,), title, url=url, subject=application)


def _tell_offices(application: Application, to: str, duties: tuple[Duty, ...], title: str) -> None:
    url = reverse("subsidies:case_revocation", args=[application.pk])
    for office_key in _offices(application, to):
        notices.send(office_key, duties, f"{title}：{application.region.name}", url=url, subject=application)


def tell_follow_up(row: FollowUp, to: str, duties: tuple[Duty, ...], title: str, body: str = "") -> None:
    """Tell a side what became of a yearly question after the support; `to` is named as in `Message`."""
    application = row.application
    url = reverse("subsidies:follow_up_detail", args=[row.pk])
    for office_key in _offices(application, to):
        notices.send(office_key, duties, f"{title}：{application.region.name}", body=body, url=url, subject=application)


def tell_disclosure(package: Package, duties: tuple[Duty, ...], title: str, body: str = "") -> None:
    """Tell headquarters what became of a disclosure: it waits for a decider, or was answered."""
    office_key = f"{OfficeKind.PREFECTURE}:{package.prefecture_id}"
    url = reverse("subsidies:disclosure_detail", args=[package.pk])
    many = f"（{package.applications.count()}件の申請）"
    notices.send(office_key, duties, f"{title}{many}", body=body.strip(), url=url, subject=package)


def _tell_lead(application: Application, title: str, body: str = "") -> None:
    url = reverse("subsidies:application_detail", args=[application.pk])
    lead = f"{OfficeKind.MUNICIPALITY}:{application.lead_id}"
    notices.send(lead, (Duty.MP, Duty.MA), title, body=body, url=url, subject=application)


def _offices(application: Application, to: str) -> Iterator[str]:
    headquarters = f"{OfficeKind.PREFECTURE}:{application.region.prefecture_id}"
    bureau = f"{OfficeKind.BUREAU}:{application.lead_bureau_id}"
    match to:
        case "lead":
            yield f"{OfficeKind.MUNICIPALITY}:{application.lead_id}"
        case "participants":
            for code in application.parts.values_list("municipality", flat=True):
                yield f"{OfficeKind.MUNICIPALITY}:{code}"
        case "bureau":
            yield bureau
        case "headquarters":
            yield headquarters
        case "authority":
            yield bureau
            yield headquarters
