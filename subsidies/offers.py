"""What a municipal reader may do with an application now, as buttons: words, page, and whether it acts at once."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from common.viewer import Access, Duty, Viewer

from .duties import CONSENT
from .grant_life.registry import Offer, offers_after
from .guards import GUARDS
from .models import Application
from .services.advance import Attempt, open_actions
from .services.drafts import may_write
from .states import State
from .workflow import STEPS, Action


def offers_of(application: Application, viewer: Viewer) -> list[Offer]:
    """Return the buttons of the application's page, the main one last (it stands at the right).

    Before the decision they are those of the towns (and of bureau staff to whom the lead delegated its typing); what
    follows the decision is offered to every side (`grant_life`).
    """
    every = [*_offers(application, viewer), *offers_after(application, viewer)]
    return sorted(every, key=lambda offer: (offer.main, not offer.stop))


def _offers(application: Application, viewer: Viewer) -> Iterator[Offer]:
    if not viewer.is_municipal:
        if application.editable and may_write(application, viewer):
            yield Offer("代理入力を続ける", _url(application, "draft_resume"), main=True)
        return
    actions = open_actions(application, viewer)
    returned = application.state == State.RETURNED
    if application.editable and may_write(application, viewer):
        label = "申請書を直す" if returned else "続きから作成する"
        yield Offer(label, _url(application, "draft_resume"), main=not returned)
        if viewer.has(Duty.MP):
            yield Offer("事業担当を選ぶ", _url(application, "application_officers"))
    elif application.editable and viewer.has(Duty.MF):
        yield Offer("担当の取組を入力する", _url(application, "draft_item"), main=True)
    if returned and viewer.has(Duty.MP, Duty.MA):
        yield Offer("補正に回答する", _url(application, "application_corrections"), main=True)
    if application.state in (State.CONSENT, State.READY) and viewer.may(CONSENT, Access.SUBMIT):
        own = application.parts.filter(municipality=viewer.office.code).first()
        waits = own is not None and own.consent == own.Consent.ASKED
        yield Offer("同意の手続をする" if waits else "同意を見る", _url(application, "application_consent"), main=waits)
    elif application.state in (State.CONSENT, State.READY) and viewer.has(Duty.MP):
        yield Offer("同意の状況を見る", _url(application, "application_consent"))
    if Action.SUBMIT in actions:
        yield Offer("提出へ進む", _url(application, "application_submit"), main=True)
    if Action.TAKE_BACK in actions:
        yield Offer("受付前に取り下げる", _url(application, "application_take_back"), stop=True)
    elif Action.WITHDRAW in actions or Action.WITHDRAW_GRANT in actions:
        yield Offer("申請を取り下げる", _url(application, "application_withdraw"), stop=True)
    if Action.OPEN_GRANT_PHASE in actions:
        yield Offer("交付申請の作成を始める", _url(application, "application_open_grant"), main=True, post=True)


def problems_before(application: Application, action: Action, viewer: Viewer) -> list[str]:
    """Say what would keep the step from being taken now: the sentences of its guards, nothing else is looked at."""
    step = STEPS[action]
    attempt = Attempt(application, action, step, viewer)
    return [problem for name in step.guards for problem in GUARDS[name](attempt)]


def _url(application: Application, name: str) -> str:
    return reverse(f"subsidies:{name}", args=[application.pk])
