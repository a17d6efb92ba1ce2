"""What identifies an input in a report: a hash of its bytes, or its name and size when large."""

from __future__ import annotations

from collections.abc import Sequence

from mleval.reading.content import Content, HeldFile, LocalFile, read_exactly

HASHED_BYTES = 64 << 20
"""A file above this size is identified by name and size: hashing takes longer than reading."""


def digest_of_contents(contents: Sequence[Content]) -> str:
    """The digest of one input, or of the digests of several."""
    import hashlib

    digests = [_digest(content) for content in contents]
    if len(digests) == 1:
        return digests[0]
    return f"sha256:{hashlib.sha256(' '.join(digests).encode()).hexdigest()}"


def digest_of_bytes(data: bytes | memoryview) -> str:
    """The digest of something in memory."""
    import hashlib

    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _digest(content: Content) -> str:
    import hashlib

    size = _size(content)
    if size is not None and size > HASHED_BYTES:
        name = content.path.name if isinstance(content, LocalFile) else content.name
        return f"size:{name}:{size}"
    hashed = hashlib.sha256()
    with content.open() as stream:
        while block := read_exactly(stream, 1 << 20):
            hashed.update(block)
    return f"sha256:{hashed.hexdigest()}"


def _size(content: Content) -> int | None:
    if isinstance(content, LocalFile):
        return content.path.stat().st_size
    if isinstance(content, HeldFile):
        return content.file.seek(0, 2)
    return None
