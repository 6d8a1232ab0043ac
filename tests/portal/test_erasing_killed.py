"""A worker that is killed in the middle of erasing: another one goes on and everything ends the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now

from common import audit
from common.models import DocumentIssue, StoredFile, Task
from common.tasks import run_next
from portal.models import Erased
from portal.retention import services
from subsidies.models import Application, CostLine
from tests.factories.subsidies import Scene
from tests.portal.test_erasing import decided_list, second, told_case

HELD = """
import os, time
import django; django.setup()
from django.conf import settings
settings.MEDIA_ROOT = {media!r}
from django.core.management import call_command
from portal.retention import erasing
whole = erasing._is_used
def held(name):
    if os.path.exists({begun!r}):
        return whole(name)
    open({begun!r}, 'w').close()
    time.sleep(60)
erasing._is_used = held
call_command('worker')
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_rows_and_files_leaves_nothing_half_done(tmp_path: Path):
    scene = Scene()
    elsewhere = Scene(towns=(("014311", "浦臼町"), ("014320", "新十津川町"), ("014346", "雨竜町")), call=scene.call)
    cases = [told_case(scene), told_case(elsewhere)]
    made = decided_list()
    keys = [str(one.pk) for one in cases]
    names = [
        *DocumentIssue.objects.filter(subject_id__in=keys).exclude(pdf="").values_list("pdf", flat=True),
        *StoredFile.objects.filter(subject_id__in=keys).values_list("file", flat=True),
    ]
    begun = tmp_path / "begun"
    services.carry_out(list_id=made.pk, viewer=second(), count=2)
    process = _worker(HELD.format(begun=str(begun), media=str(settings.MEDIA_ROOT)))
    try:
        _wait_for(begun.exists)  # the first case's rows are committed, none of its files is removed yet
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    (first,) = Erased.objects.all()
    assert first.pending
    assert all(default_storage.exists(name) for name in first.pending)
    assert CostLine.objects.filter(application__in=keys).exclude(application=first.ref).exists(), "the second is whole"

    Task.objects.filter(state="running").update(lease_until=Now() - timedelta(seconds=1))  # a minute passes
    while run_next("another"):
        pass
    made.refresh_from_db()
    assert made.state == "erased"
    assert {entry.ref for entry in Erased.objects.all()} == {one.pk for one in cases}
    assert all(entry.pending == [] for entry in Erased.objects.all())
    assert len(names) >= 4
    assert not any(default_storage.exists(name) for name in names)
    assert not CostLine.objects.filter(application__in=keys).exists()
    assert Application.objects.exclude(erased_on=None).count() == 2
    assert DocumentIssue.objects.filter(kind="D-34").count() == 1, "one log, not one for each try"
    assert audit.first_broken() is None
    call_command("verify_audit")


def _worker(code: str) -> subprocess.Popen[bytes]:
    """A worker on this test's database and storage that can be killed."""
    database = connection.settings_dict
    url = f"postgres://{database['USER']}@/{database['HOST']}/{database['NAME']}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    return subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment)


def _wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
