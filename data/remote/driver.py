"""What reads and writes under a URL."""

from __future__ import annotations

import re
from typing import Any

from data.errors import RemoteError


def system_of(url: str) -> tuple[Any, str]:
    """The driver of a URL or path, and the path within; RemoteError where none is known, or it is missing."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise RemoteError(f"{url}: {told(error)}, with pip, here and wherever a worker runs") from error
    except (ValueError, OSError) as error:
        raise RemoteError(f"{url}: {told(error)}; expected a path, or the URL of an object store") from error
    return system, path


def require_url(text: str) -> None:
    """RemoteError for what looks like a URL and is none: it would be taken for a path."""
    found = re.match(r"([A-Za-z][A-Za-z0-9+.-]+):/(/?)(.*)", text)
    if found and not (found[2] and (found[3].strip("/") or found[1] == "file")):
        raise RemoteError(f"{text}: expected a path, or a URL such as s3://bucket/folder")


def told(error: Exception) -> str:
    """An error's first line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
