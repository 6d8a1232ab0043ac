"""The sentences of imports and exports: E- stops, W- warns, I- tells.

E-01 … E-23, W-01, W-02 and I-00 are the office's own list; the later numbers are ours. A sentence about a row begins
with its number, 「5行目：」, which is left out while the row is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Refused

ROW = "{row}行目："
TEMPLATES = {
    "E-01": "ファイル形式が対応していません（.xlsx、.xls または .csv を選択してください）。",
    "E-02": "文字コードを判定できません。UTF-8 または Shift_JIS（cp932）で保存し直してください。",
    "E-03": "見出し行が見つかりません。必要な列：{columns}",
    "E-04": "必須列「{column}」がありません。",
    "E-05": ROW + "「{column}」が未入力です。",
    "E-06": ROW + "団体コード「{value}」の検査数字が一致しません（正：{right}）。",
    "E-07": ROW + "団体コード「{value}」は登録されていません。",
    "E-08": ROW + "コード「{value}」と市町村名「{name}」が一致しません（登録名：{registered}）。",
    "E-09": ROW + "数値ではありません（「{value}」）。",
    "E-10": ROW + "0以上の整数（円）で入力してください。",
    "E-11": ROW + "日付として読み取れません（例：令和6年4月1日、2024/4/1）。",
    "E-12": ROW + "年度として読み取れません（例：令和6年度、R6、2024）。",
    "E-13": ROW + "同じキーの行が重複しています（{other_row}行目）。",
    "E-14": ROW + "終了日が開始日より前です。",
    "E-15": ROW + "期間が既存の登録（{period}）と重なっています。",
    "E-16": ROW + "分野「{value}」は{program}の対象外です。",
    "E-17": ROW + "年齢別人口の合計が総人口と一致しません（差 {difference}人）。",
    "E-18": ROW + "権限のない市町村のデータです。",
    "E-19": ROW + "隣接の組合せが同じ市町村同士です。",
    "E-20": "確定済みのデータのため変更できません（{subject}）。",
    "E-21": "推計版が混在しているため減少率を計算できません（{edition}／{other_edition}）。",
    "E-22": "行数が上限（{limit}行）を超えています。",
    "E-23": "次の文字は Shift_JIS で出力できません：{characters}",
    "E-31": "マクロを含むファイルは受け付けられません。マクロを外して保存し直してください。",
    "E-32": "パスワードの付いたファイルは受け付けられません。パスワードを外して保存し直してください。",
    "E-33": "ファイルが壊れているため読み取れません。表計算ソフトで開けることを確かめて、保存し直してください。",
    "E-34": "ファイルの名前は{ending}ですが、中身は{content}です。正しい拡張子で保存し直してください。",
    "E-35": "圧縮を解くと大きくなりすぎるため、受け付けられません。必要な表だけのファイルにしてください。",
    "E-36": "ファイルが大きすぎます（{size}）。{limit}までです。表を分けてください。",
    "E-37": "列数が上限（{limit}列）を超えています。表の外（{place}など）に値がないか確かめてください。",
    "E-38": "読み取りに{limit}秒以上かかるため中止しました。必要な表だけのファイルにしてください。",
    "E-39": "ファイルが空です。内容を確かめて、もう一度選んでください。",
    "E-40": "シート「{sheet}」がありません。あるのは{names}です。",
    "E-41": "シート「{sheet}」に値がありません。",
    "E-42": ROW + "計算のエラー（{value}）の値は読み取れません。元の表で直してください。",
    "E-43": ROW + "団体コード「{value}」は5桁または6桁の数字で入力してください。",
    "E-44": ROW + "「{value}」は選べません。選べるのは{choices}です。",
    "E-45": ROW + "{length}字です。{limit}字以内で入力してください。",
    "E-46": ROW + "整数ではありません（「{value}」）。",
    "E-47": ROW + "「{value}」は数が大きすぎます。",
    "E-48": '閉じていない引用符（"）があるため、列に分けられません（{start}行目から）。',
    "E-49": "指定された文字コード（{encoding}）では読み取れません。別の文字コードを選んでください。",
    "E-50": "表が大きすぎます（{rows}行×{columns}列）。{limit}セルまでです。表の外に値がないか確かめてください。",
    "E-51": ROW + "1つのセルの文字が長すぎます（{limit}字まで）。",
    "E-52": "計算のエラーになっているセルが{limit}を超えています。元の表で直してください。",
    "E-61": ROW + "{what}「{value}」は登録されていません。",
    "E-62": ROW + "「{value}」は{limit}を超えています。",
    "E-63": ROW + "{other_row}行目の「{other}」と異なります。同じものについての行では、同じ値にしてください。",
    "E-64": ROW + "{reason}",
    "E-65": ROW + "市町村名「{value}」は{count}つあります。団体コードで指定してください（{codes}）。",
    "E-71": ROW + "{column}は、登録済みの最後の番号に続けて{expected}から順に付けてください。",
    "E-72": ROW + "数量×単価（{product}円）と一致しません。",
    "E-73": ROW + "対象額は金額（{amount}円）以下にしてください。",
    "E-74": ROW + "0以上の数で入力してください。",
    "E-75": ROW + "基準値の年度を入力してください。",
    "E-76": ROW + "目標値を入力してください（条件が「全数」のときを除く）。",
    "E-77": ROW + "目標年度は基準年度より後にしてください。",
    "E-78": ROW + "対象額は実績額（{amount}円）以下にしてください。",
    "E-79": ROW + "実績額が空欄です。対象額がある行には、実績額を入力してください。",
    "W-01": ROW + "前回値から{percent}％変動しています。確認してください。",
    "W-02": ROW + "合計行と判断して読み飛ばしました。",
    "W-03": "非表示の行を読み込みました（{count}行：{rows}行目）。",
    "W-04": "見出しより上の{count}行（「{text}」など）は、表題や注記と判断して読み飛ばしました。",
    "W-05": ROW + "注記と判断して読み飛ばしました（「{text}」）。",
    "W-06": "見出し「{column}」が{count}列あります。左から順に「{column}」「{column}（2）」…と呼びます。",
    "W-07": "見出しのない列に値があります。列の位置で「{letters}」と呼びます。",
    "W-08": "シート「{sheet}」は非表示です。",
    "W-09": ROW + "見出しの繰返しと判断して読み飛ばしました。",
    "W-10": "{what}（{count}行）は、この様式では対象としないため読み飛ばしました。",
    "W-11": "この表は「{layout}」のようです。様式「{kind}」を選ぶと、そのまま取り込めます。",
    "W-12": ROW + "累計の指標ですが、前の年度の実績（{value}）より小さい値です。確認してください。",
    "I-00": "登録 {new}件、更新 {changed}件、変更なし {same}件、エラー {error}件",
    "I-01": "「{layout}」の様式として読み取りました。",
    "I-02": "{told}",
}


def sentence(id: str, **parts: object) -> str:
    """Return the sentence of an id with its parts filled in; without `row` its 「…行目：」 is left out.

    >>> sentence("E-05", row=5, column="総人口")
    '5行目：「総人口」が未入力です。'
    """
    template = TEMPLATES[id]
    if parts.get("row") is None:
        template = template.removeprefix(ROW)
    return template.format(**parts)


@dataclass(frozen=True, slots=True)
class Message:
    """One finding with its place: sheet, row as the sheet numbers it, heading of the column ("" or None if none)."""

    id: str
    sheet: str
    row: int | None
    column: str
    text: str

    @classmethod
    def of(cls, id: str, *, sheet: str = "", row: int | None = None, column: str = "", **parts: object) -> Message:
        """Return the message of an id; `row` and `column` fill the sentence as well."""
        return cls(id, sheet, row, column, sentence(id, sheet=sheet, row=row, column=column, **parts))

    @property
    def is_error(self) -> bool:
        return self.id.startswith("E")


class Unreadable(Refused):
    """A file, a sheet or a cell that cannot be read; `id` and `parts` tell which sentence, `str()` is the sentence."""

    def __init__(self, id: str, **parts: object) -> None:
        self.id = id
        self.parts = parts
        super().__init__(sentence(id, **parts))

    def at(self, *, sheet: str = "", row: int | None = None, column: str = "") -> Message:
        """Return the message of this fault at its place."""
        parts = {"sheet": sheet} | self.parts | {"row": row, "column": column}
        return Message(self.id, sheet, row, column, sentence(self.id, **parts))
