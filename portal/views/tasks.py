"""Following long work until it is done."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from common.models import Task
from common.request import Request
from common.tasks import title_of

SHOWN = {
    Task.State.QUEUED: ("順番待ち", "them"),
    Task.State.RUNNING: ("処理中", "ours"),
    Task.State.FAILED: ("再試行待ち", "late"),
    Task.State.DEAD: ("失敗", "late"),
    Task.State.DONE: ("完了", "done"),
}


def task_detail(request: Request, pk: int) -> HttpResponse:
    """How far a task is; htmx asks for the moving piece alone. Only its owner knows that it exists."""
    task = get_object_or_404(Task.objects.visible_to(request.viewer), pk=pk)
    template = "portal/_task_progress.html" if request.htmx else "portal/task_detail.html"
    label, shape = SHOWN[Task.State(task.state)]
    return render(request, template, {"task": task, "title": title_of(task.kind), "label": label, "shape": shape})
