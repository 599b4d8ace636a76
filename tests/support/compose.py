"""docker-compose.yml as Compose reads it: anchors merged, variables filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "docker-compose.yml"

_VARIABLE = re.compile(r"\$\{(\w+)(?:(:\?|:-)([^}]*))?\}")

SECRETS = {"SECRET_KEY": "5" * 64, "POSTGRES_PASSWORD": "a1b2c3", "REDIS_PASSWORD": "d4e5f6"}
"""A `.env` that has what compose asks for, and nothing else."""


class RefusedError(Exception):
    """Compose would not start; the message is the one that the file gives."""


def filled_in(text: str, environ: Mapping[str, str]) -> str:
    """The text with `${NAME:?message}` and `${NAME:-default}` replaced, as Compose does it."""

    def value(match: re.Match[str]) -> str:
        name, operator, word = match.groups()
        given = environ.get(name, "")
        if not given and operator == ":?":
            raise RefusedError(word)
        return given or (word or "")

    return _VARIABLE.sub(value, text)


def read(environ: Mapping[str, str] = SECRETS) -> dict[str, Any]:
    """The whole file. Raises `RefusedError` where a variable that it needs is missing."""
    return _filled(yaml.safe_load(FILE.read_text("utf-8")), environ)


def _filled(node: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, environ) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, environ) for value in node]
    return filled_in(node, environ) if isinstance(node, str) else node
