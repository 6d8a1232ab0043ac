"""Asks ClamAV's daemon about an upload, over its socket. Used where settings.UPLOAD_SCANNER names `scan`."""

from __future__ import annotations

import socket
from typing import IO, Any

from django.conf import settings

CHUNK = 64 * 1024
PATIENCE_SECONDS = 30


def scan(upload: IO[Any]) -> str:
    """Return the name of what clamd found in the open file, or an empty string.

    Raises OSError when the daemon at settings.CLAMD_SOCKET does not answer or cannot judge the file.
    """
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.settimeout(PATIENCE_SECONDS)
        daemon.connect(settings.CLAMD_SOCKET)
        daemon.sendall(b"zINSTREAM\0")
        while chunk := upload.read(CHUNK):
            daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
        daemon.sendall(bytes(4))
        answer = b""
        while part := daemon.recv(4096):
            answer += part
    text = answer.decode(errors="replace").rstrip("\0\n").removeprefix("stream: ")
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")
    raise OSError(f"clamd answers {text!r}")
