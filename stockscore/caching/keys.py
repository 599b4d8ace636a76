"""Names of things in the cache: sites, versions, pages.

A page's key holds all that its content depends on but the edition, which stands in the entry: so a
new edition finds the old one's page at the same place, to show while it is made anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path

PREFIX = "stockscore:"


@dataclass(frozen=True, slots=True)
class Page:
    """A public page: its canonical address and the family that says how long it is fresh.

    `path` is text (not percent-encoded), `query` the canonical query string without a question
    mark."""

    path: str
    query: str
    family: str

    @property
    def url(self) -> str:
        """The address as people write it."""
        return f"{self.path}?{self.query}" if self.query else self.path


def page_key(page: Page, epoch: int, version: str) -> str:
    """Where a page is kept; a clear (a new epoch) and a new version of the program move all."""
    digest = blake2b(page.url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"page:{epoch}:{version}:{digest}"


def lock_key(key: str, edition: int) -> str:
    """The lock of whoever renders the page of `key` for an edition."""
    return f"lock:{edition}:{key}"


def version_of(folders: tuple[Path, ...], *context: object) -> str:
    """Twelve digits that change with every file pages are made of, and with `context`.

    A page made by another version of a template, of the program or of a setting that it depends on
    is another page.
    """
    return sha256(f"{_content_of(folders)} {context!r}".encode()).hexdigest()[:12]


@cache
def _content_of(folders: tuple[Path, ...]) -> str:
    """A digest of all files, as they were when the process first asked."""
    digest = sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix != ".pyc" and path.is_file():
                digest.update(f"{path.relative_to(folder)}\n".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def secret_of(secret: str) -> bytes:
    """The key of entries' digests, derived so that it is good for nothing else."""
    return blake2b(secret.encode(), person=b"page entries", digest_size=32).digest()
