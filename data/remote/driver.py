"""What reads and writes under a URL."""

from __future__ import annotations

from typing import Any

from data.errors import RemoteError


def system_of(url: str) -> tuple[Any, str]:
    """The driver of a URL or path, and the path within; RemoteError where none is known, or it is missing."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise RemoteError(f"{url}: {told(error)}; expected a path, or the URL of an object store") from error
    return system, path


def told(error: Exception) -> str:
    """An error's first line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
