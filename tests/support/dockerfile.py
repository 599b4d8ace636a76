"""A reader of Dockerfiles: instructions with their continuation lines joined."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, such as `RUN` with what follows it, and the number of its stage from 0."""

    word: str
    rest: str
    stage: int


def parse(text: str) -> list[Instruction]:
    """The instructions in order. Raises `ValueError` where the last one does not end."""
    found: list[Instruction] = []
    joined, stage = "", -1
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.rstrip().endswith("\\"):
            joined += line.rstrip()[:-1] + " "
            continue
        word, _, rest = (joined + line).strip().partition(" ")
        joined = ""
        stage += word.upper() == "FROM"
        found.append(Instruction(word.upper(), " ".join(rest.split()), stage))
    if joined:
        raise ValueError("the last instruction ends with a backslash")
    return found
