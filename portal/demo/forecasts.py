"""Two forecasts of the demo world: one published by 根室市, one of 長沼町 on which its bureau is asked to comment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from common import clock
from common.viewer import Viewer
from regions import services as regions
from regions.services import ForecastDraft, IssueDraft

from ..forecast_paper import paper_of

NEMURO = ForecastDraft(
    title="根室地域の未来予測（デモ）",
    towns=("012238", "016918", "016926", "016934", "016942"),
    owners=("012238",),
    series="ipss_r5",
    remarks="働く世代の減り方が人口全体より大きい。市と町で減り方に差があるため、一つの答えではなく、分野ごとに組む相手を考える。\n"
    "（デモ用の文章であり、実在の市町の見解ではない。）",
    issues=(
        IssueDraft("専門職の採用と育成", "common", "共同で採用試験と研修ができる職種を出し合う"),
        IssueDraft("通院と買い物の足", "infrastructure", "町の境を越えるバスの時刻を一緒に見直す"),
        IssueDraft("学校の適正な配置", "children_education", "10年後の児童生徒数を学校ごとに持ち寄る"),
    ),
)
NAGANUMA = ForecastDraft(
    title="南空知の未来予測（デモ）",
    towns=("014281", "014231", "014273", "014290"),
    owners=("014281",),
    series="ipss_r5",
    remarks="4町の勉強会に向けた案。数字の見方について振興局の意見を聞く。（デモ用の文章）",
    issues=(IssueDraft("土木・建築の職員の不足", "common", "積算と検査を一緒に行う仕組みを調べる"),),
)
SHOWN, COMMENTED, PUBLISHED = 40, 33, 20  # days before today


def make_forecasts(people: Mapping[str, Viewer], today: date) -> None:
    """Write both, as the planners, the bureaus and the approver do."""
    with clock.standing_at(clock.at(today - timedelta(days=SHOWN))):
        nemuro = regions.create_forecast(NEMURO, viewer=people["nemuro-kikaku"])
        regions.show_forecast(nemuro.pk, viewer=people["nemuro-kikaku"])
        naganuma = regions.create_forecast(NAGANUMA, viewer=people["naganuma-kikaku"])
        regions.show_forecast(naganuma.pk, viewer=people["naganuma-kikaku"])
    with clock.standing_at(clock.at(today - timedelta(days=COMMENTED))):
        comment = "職員数は町ごとに職種の内訳も確かめると、話し合いが進みます。（デモ）"
        regions.comment_forecast(nemuro.pk, comment, viewer=people["nemuro-shinsa"])
    with clock.standing_at(clock.at(today - timedelta(days=PUBLISHED))):
        regions.agree_forecast(nemuro.pk, revision=nemuro.revision, paper=paper_of, viewer=people["shonin-012238"])
