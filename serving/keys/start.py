"""What a server says about its keys when it starts, or why it does not."""

from serving.errors import ServingError
from serving.keys.gate import is_loopback
from serving.keys.keyring import Keyring


def told_of_keys(keyring: Keyring, book_name: str, host: str) -> str:
    """One sentence about the keys. Raises ServingError where others could ask and nobody would need a key."""
    number = len(keyring.keys())
    if number:
        return f"keys are on: {number:,} made so far; `python -m serving keys list {book_name}` shows them"
    if not is_loopback(host):
        example = f'python -m serving keys add {book_name} --name "…" --scope read'
        raise ServingError(
            f"--host {host} lets other machines ask, but the book has no keys; make one first ({example}), or leave "
            "--host out to answer to this machine alone"
        )
    return "keys are off: everybody on this machine may ask, nobody else"
