"""Who may do what with money: rows 9–20, 22–24 and of row 37 the delegations of the action matrix (`domain.md` §2)."""

from common.viewer import Action

# fmt: off
PROGRAM = Action(9, "支援制度・ルール", {
    "MP": "R", "MA": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AU": "R", "AD": "E"})
STUDIO = Action(9, "制度の設計（ルールの案）", {"HS": "E", "HM": "S", "SD": "R", "AU": "R", "AD": "E"})
CALL = Action(10, "募集・配当", {
    "MP": "R", "MA": "R", "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AC": "R", "AU": "R"})
BUDGET = Action(10, "配当の額と残額（庁内限り）", {
    "BS": "R", "BM": "R", "HS": "E", "HM": "S", "SD": "R", "AC": "R", "AU": "R"})
LEDGER = Action(10, "予算の台帳（庁内限り）", {"HS": "R", "HM": "R", "AC": "R", "AU": "R"})
REGISTER = Action(36, "交付金台帳", {
    "BS": "R", "BM": "R", "HS": "R", "HM": "R", "AC": "R", "AU": "R"})
PRECONSULTATION = Action(11, "事前協議", {
    "MP": "E", "MA": "R", "MF": "C", "BS": "E", "BM": "R", "HS": "C", "HM": "R", "SD": "C", "AU": "R"})
DRAFT = Action(12, "申請書の作成", {
    "MP": "E", "MA": "R", "MF": "E", "BS": "E", "BM": "R", "HS": "R", "HM": "R", "AU": "R"})  # BS: only delegated
CONSENT = Action(13, "共同申請への同意", {
    "MP": "R", "MA": "S", "BS": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R"})
SUBMIT = Action(14, "提出・取下げ", {"MA": "S", "AU": "R"})
RECEIVE = Action(15, "受付・差戻し", {
    "MP": "R", "MA": "R", "BS": "ES", "BM": "R", "HS": "ES", "HM": "R", "AU": "R"})
JUDGE = Action(16, "要件の判定・判断", {
    "MP": "R", "MA": "R", "BS": "E", "BM": "S", "HS": "E", "HM": "S", "SD": "C", "AU": "R"})
NOTE = Action(17, "審査メモ・意見書（庁内限り）", {
    "BS": "E", "BM": "S", "HS": "E", "HM": "S", "SD": "C", "AU": "R"})
REVIEW = Action(17, "申請の審査", NOTE.access)
APPROVAL = Action(18, "起案・決裁（庁内限り）", {
    "BS": "E", "BM": "S", "HS": "E", "HM": "S", "SD": "C", "AC": "C", "AU": "R"})
BATCH = Action(17, "まとめて処理（庁内限り）", NOTE.access | {"AC": "E"})
DOCUMENT = Action(19, "通知書の発行", {
    "MP": "R", "MA": "R", "BS": "E", "BM": "S", "HS": "E", "HM": "S", "SD": "R", "AC": "R", "AU": "R"})
PROGRESS = Action(21, "遂行状況の報告", {
    "MP": "E", "MA": "S", "MF": "E", "BS": "C", "BM": "R", "HS": "R", "HM": "R", "AU": "R"})
CHANGE = Action(20, "変更・中止・廃止・遅延の申請", {
    "MP": "E", "MA": "S", "MF": "E", "BS": "C", "BM": "S", "HS": "C", "HM": "S", "AC": "R", "AU": "R"})
PAYMENT = Action(22, "概算払・精算払の請求と支払", {
    "MP": "E", "MA": "S", "BS": "E", "BM": "S", "HS": "R", "HM": "R", "AC": "E", "AU": "R"})
REPORT = Action(23, "実績報告", {
    "MP": "E", "MA": "S", "MF": "E", "BS": "CS", "BM": "R", "HS": "R", "HM": "R", "AC": "R", "AU": "R"})
SETTLEMENT = Action(24, "検査と額の確定", {
    "MP": "R", "MA": "R", "BS": "E", "BM": "S", "HS": "C", "HM": "S", "AC": "R", "AU": "R"})
REVOCATION = Action(25, "交付決定の取消しと返還", {
    "MP": "R", "MA": "R", "BS": "E", "BM": "S", "HS": "E", "HM": "S", "SD": "C", "AC": "E", "AU": "R"})
REOPENING = Action(24, "完結後の額の再確定", {"BS": "R", "BM": "S", "HS": "R", "HM": "ES", "AC": "R", "AU": "R"})
FINDING = Action(16, "交付後の所見（庁内限り）", {
    "BS": "E", "BM": "S", "HS": "E", "HM": "S", "AU": "R"})
AUDIT = Action(38, "監査の画面と監査パッケージ", {"BM": "R", "HS": "R", "HM": "R", "AU": "R"})
DISCLOSURE = Action(38, "情報公開用の書き出し", {"HS": "E", "HM": "S"})
FOLLOW_UP = Action(27, "支援後の状況", {
    "MP": "E", "MA": "S", "MF": "E", "BS": "C", "BM": "R", "HS": "R", "HM": "R", "AU": "R"})
FOLLOW_UP_SUMMARY = Action(27, "自走化の状況（集計）", {
    "BS": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R", "OB": "R"})
LIST = Action(12, "申請の一覧", {
    "MP": "R", "MA": "R", "MF": "R", "BS": "R", "BM": "R", "HS": "R", "HM": "R", "SD": "R", "AC": "R", "AU": "R"})
DELEGATION = Action(37, "代理入力の委任", {
    "MP": "R", "MA": "S", "BS": "R", "BM": "R", "HS": "R", "HM": "R", "AU": "R", "AD": "R"})
CHECK = Action(12, "要件チェック（保存しない）", {
    "MP": "E", "MA": "E", "MF": "E", "BS": "E", "BM": "E", "HS": "E", "HM": "E", "SD": "E", "AU": "E", "AD": "R",
    "OB": "R", "AC": "R"})
MATCHING = Action(32, "連携先の検索", {
    "MP": "E", "MA": "R", "BS": "E", "BM": "R", "HS": "E", "HM": "R", "AU": "R"})
# fmt: on
