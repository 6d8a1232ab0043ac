"""D-32: one case as an auditor takes it away, verified without the portal; what a disclosure leaves out."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from common import audit, files
from common.errors import Refused
from common.models import AuditEvent, Task
from common.tasks import run_next
from common.viewer import Duty
from subsidies.audit_trail import entries_of
from subsidies.models import Package
from subsidies.packing.audit import build
from subsidies.packing.disclosure import MASK, masked
from subsidies.services import packages
from tests.factories.subsidies import Scene
from tests.queries import queries_of
from tests.viewers import client_for, saved, viewer

pytestmark = [pytest.mark.django_db, pytest.mark.either_database]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def auditor() -> Any:
    return saved(viewer(Duty.AU))


def granted(scene: Scene) -> Any:
    """A granted case with one file attached, and another case whose events lie between."""
    one = scene.application("bureau_review")
    upload = SimpleUploadedFile("領収書（会場費）.pdf", b"%PDF-1.4\n%%EOF\n")
    files.store(upload, subject=one, label="領収書", viewer=scene.planner())
    audit.record(scene.staff(), "list.export", ("list", "others"), "ほかの業務")
    for step in ("hq_review", "approval", "granted"):
        getattr(scene, f"_{step}")(one)
    one.refresh_from_db()
    return one


def unpacked(package: Package, into: Path) -> Path:
    with package.file.open("rb") as source, zipfile.ZipFile(io.BytesIO(source.read())) as archive:
        archive.extractall(into)
    return into


def verified(folder: Path) -> tuple[int, str]:
    """What the script of the package says, run by a plain Python that knows nothing of the portal."""
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return ran.returncode, ran.stdout.decode()


class TestAuditPackage:
    def test_it_is_made_by_the_worker_and_verifies_offline(
        self, scene: Scene, auditor: Any, tmp_path: Path, settings: Any
    ):
        settings.MEDIA_ROOT = tmp_path / "media"
        one = granted(scene)
        package = packages.ask_audit(application_id=one.pk, viewer=auditor)
        assert package.state == "making"
        while run_next("worker", heartbeat=False):
            pass
        package.refresh_from_db()
        assert package.state == "made", Task.objects.values_list("error", flat=True)
        folder = unpacked(package, tmp_path / "out")
        names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert {"表紙.pdf", "はじめにお読みください.txt", "SHA256SUMS", "verify.py", "記録/操作の記録.csv"} <= names
        assert any(name.startswith("証拠書類/") for name in names)
        assert {name.partition("_")[2] for name in names if name.startswith("文書/")} >= {"D-03.pdf", "D-08.pdf"}
        assert package.entries == len(names)
        summed = subprocess.run(
            [shutil.which("sha256sum") or "sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False,
            capture_output=True,
        )  # fmt: skip
        assert summed.returncode == 0, summed.stderr
        assert verified(folder) == (0, "すべてのファイルと記録は、作成したときのままです。\n")
        assert "ほかの業務" not in "".join(
            path.read_text(errors="ignore") for path in folder.rglob("*") if path.suffix in (".csv", ".jsonl", ".html")
        )
        self.changed_bytes_are_found(folder)

    def changed_bytes_are_found(self, folder: Path) -> None:
        log = folder / "記録" / "操作の記録.jsonl"
        kept = log.read_text(encoding="utf-8")
        log.write_text(kept.replace("交付決定", "交付決走", 1), encoding="utf-8")
        code, said = verified(folder)
        assert code == 1
        assert "ファイルの内容が変わっています：記録/操作の記録.jsonl" in said
        assert "内容が変わっています。" in said.replace("ファイルの内容", "")
        log.write_text("".join(kept.splitlines(keepends=True)), encoding="utf-8")
        links = folder / "記録" / "連鎖.csv"
        rows = links.read_text(encoding="utf-8").splitlines(keepends=True)
        links.write_text("".join(rows[:3] + rows[4:]), encoding="utf-8")
        assert "前の記録につながっていません" in verified(folder)[1]
        (folder / "証拠書類" / "領収書99.pdf").write_bytes(b"%PDF-1.4")
        assert "作成した後に加えられたファイルがあります：証拠書類/領収書99.pdf" in verified(folder)[1]

    def test_the_same_case_gives_the_same_bytes(self, scene: Scene, auditor: Any, tmp_path: Path, settings: Any):
        settings.MEDIA_ROOT = tmp_path / "media"
        one = granted(scene)
        package = packages.ask_audit(application_id=one.pk, viewer=auditor)
        audit.record(auditor, "application.look", one, "後から見た")  # after what the package tells of
        assert build(package) == build(package)
        with zipfile.ZipFile(io.BytesIO(build(package)[0])) as archive:
            assert "後から見た" not in archive.read("記録/操作の記録.csv").decode("utf-8-sig")

    def test_a_file_that_is_not_what_came_in_stops_the_package(
        self, scene: Scene, auditor: Any, tmp_path: Path, settings: Any
    ):
        settings.MEDIA_ROOT = tmp_path / "media"
        one = granted(scene)
        package = packages.ask_audit(application_id=one.pk, viewer=auditor)
        (path,) = (tmp_path / "media" / "uploads").rglob("*.pdf")
        path.write_bytes(b"%PDF-1.4\nother\n")
        with pytest.raises(Refused, match="受け付けたときの内容と一致しません"):
            build(package)

    def test_each_download_and_each_look_is_written_down(
        self, scene: Scene, auditor: Any, tmp_path: Path, settings: Any
    ):
        settings.MEDIA_ROOT = tmp_path / "media"
        one = granted(scene)
        client = client_for(auditor)
        assert client.post(reverse("subsidies:package_make", args=[one.pk])).status_code == 302
        while run_next("worker", heartbeat=False):
            pass
        page = client.get(reverse("subsidies:case_audit", args=[one.pk]))
        assert "ダウンロード" in page.content.decode()
        package = Package.objects.get()
        taken = client.get(reverse("subsidies:package_download", args=[one.pk, package.pk]))
        assert taken["Content-Type"] == "application/zip"
        acts = AuditEvent.objects.filter(subject_id=str(one.pk)).values_list("action", flat=True)
        assert {"package.ask", "package.take", "application.look"} <= set(acts)

    def test_the_line_of_time_is_searched_by_number_and_amount(self, scene: Scene, auditor: Any):
        one = granted(scene)
        client = client_for(auditor)
        address = reverse("subsidies:case_audit", args=[one.pk])
        for words, found in (("6,000,000", "交付決定"), ("指令", "交付決定通知書"), ("領収書", "領収書（会場費）.pdf")):
            assert found in client.get(address, {"q": words}).content.decode()
        assert "を含む記録はありません" in client.get(address, {"q": "見つからない語"}).content.decode()

    def test_a_long_line_of_time_asks_no_more_than_a_short_one(self, scene: Scene, auditor: Any):
        one = granted(scene)
        short = len(queries_of(lambda: entries_of(one)))
        for number in range(40):
            audit.record(auditor, "application.look", one, f"閲覧{number}")
        assert len(queries_of(lambda: entries_of(one))) == short <= 6

    def test_towns_and_other_bureaus_take_nothing(self, scene: Scene):
        one = scene.application("bureau_review")
        with pytest.raises(PermissionDenied):
            packages.ask_audit(application_id=one.pk, viewer=scene.planner())


class TestDisclosure:
    def test_names_phones_and_mails_are_masked_field_by_field(self):
        told = {
            "head": {"title": "検査調書"},
            "inspector": "空知総合振興局 山田太郎",
            "boxes": [{"label": "局長", "who": "佐藤花子"}],
            "who": "",
            "findings": "山田太郎が電話（0126-12-3456）と yamada@example.lg.jp で確かめた。金額は1,234円。",
        }
        assert masked(told, ["山田太郎"]) == {
            "head": {"title": "検査調書"},
            "inspector": MASK,
            "boxes": [{"label": "局長", "who": MASK}],
            "who": "",
            "findings": f"{MASK}が電話（{MASK}）と {MASK} で確かめた。金額は1,234円。",
        }

    def test_it_needs_a_second_person_and_leaves_out_what_is_internal(
        self, scene: Scene, tmp_path: Path, settings: Any
    ):
        settings.MEDIA_ROOT = tmp_path / "media"
        one = granted(scene)
        both = saved(viewer(Duty.HS, Duty.HM))
        ask: dict[str, Any] = {"application_ids": [one.pk], "reason": "住民からの公開請求による。"}
        with pytest.raises(Refused, match="含めるときは、その理由"):
            packages.ask_disclosure(**ask, viewer=both, with_internal=True)
        package = packages.ask_disclosure(**ask, viewer=both, with_internal=False)
        with pytest.raises(Refused, match="起案した人は承認できません"):
            packages.approve(package_id=package.pk, viewer=both)
        assert not run_next("worker", heartbeat=False) or Package.objects.get().state == "asked"
        packages.approve(package_id=package.pk, viewer=scene.decider())
        while run_next("worker", heartbeat=False):
            pass
        package.refresh_from_db()
        folder = unpacked(package, tmp_path / "out")
        kinds = {path.stem.partition("_")[2] for path in folder.rglob("*.pdf")}
        assert "D-08" in kinds
        assert not kinds & {"D-04", "D-05"}
        (log,) = folder.rglob("経過.csv")
        said = log.read_text(encoding="utf-8-sig")
        assert scene.approver().name not in said or not scene.approver().name
        assert MASK in said
        with pytest.raises(Refused, match="承認を待つ書き出しではありません"):
            packages.approve(package_id=package.pk, viewer=scene.decider())
