"""Whether anybody answers at an address, and what is wrong where nobody does."""

from __future__ import annotations

from socket import create_connection, gaierror


def require_listening(host: str, port: int, seconds: float) -> None:
    """Raises OSError where nobody takes a call within so many seconds."""
    create_connection((host, port), timeout=seconds).close()


def why_silent(error: Exception, seconds: float) -> str:
    """Whether the address is none, of no known host, refused, or did not answer within so many seconds."""
    if isinstance(error, ConnectionRefusedError):
        return "the connection was refused, nothing listens there"
    if isinstance(error, gaierror):
        return f"no such host ({error.strerror})"
    if isinstance(error, TimeoutError):
        return f"no answer within {seconds} s"
    return first_line(error)


def first_line(error: object) -> str:
    """Of what an error says, or its name."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
