"""What the import pages say: states, steps, outcomes and what to do about each message."""

from __future__ import annotations

from dataclasses import dataclass

from common.models import SheetImport, Task

State = SheetImport.State

# The state of a run: what its office reads, and the shape that says whose turn it is.
BADGES = {
    State.UPLOADED: ("読み取り済み", "ours"),
    State.MAPPING: ("列の対応待ち", "ours"),
    State.CHECKING: ("照合中", "them"),
    State.CHECKED: ("確認待ち", "ours"),
    State.WRITING: ("取込中", "them"),
    State.DONE: ("取込済み", "done"),
    State.UNDOING: ("取消し中", "them"),
    State.UNDONE: ("取消済み", "end"),
    State.REFUSED: ("取り込めません", "late"),
    State.DISCARDED: ("取りやめ", "end"),
    State.FAILED: ("処理できず", "late"),
}
HEADINGS = {
    State.CHECKING: "登録済みのデータと比べています",
    State.CHECKED: "取り込む内容を確かめてください",
    State.WRITING: "取り込んでいます",
    State.DONE: "取り込みました",
    State.UNDOING: "取込を取り消しています",
    State.UNDONE: "取込を取り消しました",
    State.REFUSED: "このファイルは取り込めません",
    State.DISCARDED: "取込を取りやめました",
    State.FAILED: "処理できませんでした",
}
STEPS = ("ファイルを選ぶ", "列の対応", "違いの確認", "取込")
STEP_OF = {
    State.UPLOADED: 1,
    State.MAPPING: 1,
    State.CHECKING: 2,
    State.CHECKED: 2,
    State.WRITING: 3,
    State.DONE: 4,
}

ADVICE = {
    "E-05": "値を入れてください。値のない行なら、行ごと削ってください。",
    "E-06": "団体コードを確かめてください。検査数字のない5桁でも読み取れます。",
    "E-07": "「市町村と人口」の画面で正しいコードを確かめてください。",
    "E-08": "コードと市町村名のどちらかを直してください。",
    "E-09": "数字だけを入れてください。不明なときは空欄か「－」にします。",
    "E-10": "円単位の数字だけを入れてください。",
    "E-11": "日付を直してください。",
    "E-12": "年度を直してください。",
    "E-13": "重なる行のどちらかを削ってください。",
    "E-14": "開始日と終了日を確かめてください。",
    "E-15": "期間を直すか、既存の登録に終了日を入れてから取り込んでください。",
    "E-16": "対象の分野を選び直してください。",
    "E-17": "内訳か総人口を直してください。内訳が不明なら空欄にします。",
    "E-18": "この所属で取り込める市町村の行だけにしてください。",
    "E-19": "2つのコードのどちらかを直してください。",
    "E-20": "この行を削ってください。",
    "W-01": "正しい値なら、このまま取り込めます。",
}

KILLED = "処理の途中で中断されました。ここまでの分は書き込まれていません。自動でやり直します。"
NOTHING_WRITTEN = "途中までの書込みはありません。"


@dataclass(frozen=True)
class Badge:
    """A state as word and shape (`{% state badge %}`)."""

    label: str
    shape: str


@dataclass(frozen=True)
class Step:
    """One step of the wizard."""

    title: str
    done: bool
    current: bool
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """What an import would do or has done: a word, a sentence, the kind of note ("", "warn", "ng")."""

    word: str
    sentence: str
    kind: str = ""


def badge_of(run: SheetImport, *, mine: bool = True) -> Badge:
    """Return the state of a run; `mine` says whether the reader is the one to act where somebody must."""
    label, shape = BADGES[State(run.state)]
    return Badge(label, shape if mine or shape != "ours" else "them")


def steps_at(step: int, columns_url: str = "") -> list[Step]:
    """Return the four steps; `step` counts from 0, 4 means that all are done."""
    return [
        Step(title, done=at < step, current=at == step, url=columns_url if at == 1 and step == 2 else "")
        for at, title in enumerate(STEPS)
    ]


def outcome_of(run: SheetImport) -> Outcome:
    """Return in one sentence what will happen, or what has."""
    match State(run.state):
        case State.DONE | State.UNDONE as state:
            done = f"登録 {run.new:,}件、更新 {run.changed:,}件を書き込みました。変更なし {run.same:,}件。"
            if run.skip_errors and run.error:
                done += f"エラーの{run.error:,}行は除きました。"
            if state == State.UNDONE:
                return Outcome("取消済み", "この取込で変わった行は、取込前の値に戻しました。")
            return Outcome("取込済み", done)
        case State.DISCARDED:
            return Outcome("取りやめ", "何も書き込んでいません。")
        case State.FAILED:
            return Outcome("処理できず", f"{run.problem or '処理を終えられませんでした。'}{NOTHING_WRITTEN}", "ng")
    if run.error:
        return Outcome("エラーがあります", _blocked(run), "ng")
    if not run.new and not run.changed:
        return Outcome("変わりません", f"{run.same:,}行すべてが登録済みの値と同じです。取り込むものはありません。")
    return Outcome("こうなります", _would(run), "warn" if run.warning else "")


def _would(run: SheetImport) -> str:
    parts = []
    if run.new:
        parts.append(f"{run.new:,}件を新しく登録")
    if run.changed:
        parts.append(f"{run.changed:,}件の値を更新")
    sentence = f"{'し、'.join(parts)}します。"
    if run.same:
        sentence += f"登録済みと同じ{run.same:,}件には触れません。"
    sentence += "表にない行を消すことはありません。"
    if run.warning:
        sentence += f"注意が{run.warning:,}件あります。取り込む前に確かめてください。"
    return sentence


def _blocked(run: SheetImport) -> str:
    return (
        f"{run.error:,}行に直すところがあります。このままでは1行も書き込みません。"
        "下の一覧のとおり元の表を直して、もう一度選んでください。"
    )


def progress_of(run: SheetImport, task: Task | None) -> tuple[Badge, str, bool]:
    """Return how a busy run is shown: its badge, one sentence, and whether nothing more will happen by itself."""
    if task is None:
        return Badge("止まっています", "late"), f"処理が見つかりません。{NOTHING_WRITTEN}", True
    match Task.State(task.state):
        case Task.State.DEAD:
            return (
                Badge("止まりました", "late"),
                f"{task.progress_text or '処理できませんでした。'}{NOTHING_WRITTEN}",
                True,
            )
        case Task.State.FAILED:
            return Badge("再試行待ち", "late"), f"{task.progress_text}{NOTHING_WRITTEN}", False
        case Task.State.RUNNING if task.attempts > 1:
            return (
                Badge("やり直し中", "them"),
                f"前の処理が中断されたため、{task.attempts}回目の処理をしています。{NOTHING_WRITTEN}",
                False,
            )
        case Task.State.RUNNING:
            return Badge("処理中", "them"), task.progress_text or HEADINGS[State(run.state)] + "。", False
        case Task.State.DONE:
            return Badge("まもなく終わります", "them"), "結果をまとめています。", False
    return Badge("順番待ち", "them"), "ほかの処理が終わりしだい始めます。", False
