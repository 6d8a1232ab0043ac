"""Runs the web server and the worker side by side; when one ends, or on Ctrl-C, both end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType

GRACE_SECONDS = 10


def main(host: str, port: str) -> int:
    """Serve on host and port until told to stop; return 0 for that, 1 when a process died by itself."""
    signal.signal(signal.SIGTERM, _stop)
    parent = os.getppid()
    web = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{host}:{port}", "--workers", "2"]
    children = [
        # own sessions, so that Ctrl-C reaches only this process, which then stops the two in order
        subprocess.Popen([*web, "--timeout", "120", "--log-level", "warning"], start_new_session=True),
        subprocess.Popen([sys.executable, "manage.py", "worker"], start_new_session=True),
    ]
    try:
        while not _answers(host, int(port)):
            if any(child.poll() is not None for child in children):
                return 1
            time.sleep(0.1)
        subprocess.run([sys.executable, "manage.py", "sample_sign_ins"], check=True)
        print(f"\n[run] http://localhost:{port}/   Ctrl-C stops the portal.", file=sys.stderr)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
            if os.getppid() != parent:  # whoever started this was killed and could not say so
                return 1
        print("[run] a process ended by itself; stopping the other.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n[run] stopping.", file=sys.stderr)
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()


def _answers(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
