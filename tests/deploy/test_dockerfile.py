"""The Dockerfile: hadolint's rules that concern it, and its RUN steps in a fresh directory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.compose import ROOT
from tests.support.dockerfile import Instruction, parse

STEPS = parse((ROOT / "Dockerfile").read_text("utf-8"))
LAST = max(step.stage for step in STEPS)


def of(word: str, stage: int | None = None) -> list[Instruction]:
    """The instructions of a kind."""
    return [step for step in STEPS if step.word == word and stage in (None, step.stage)]


def test_the_reader_joins_lines_and_counts_stages() -> None:
    steps = parse("FROM a AS b\n# no\nRUN x && \\\n    y\nFROM c\nCMD z\n")
    assert steps[1] == Instruction("RUN", "x && y", 0)
    assert steps[-1] == Instruction("CMD", "z", 1)
    with pytest.raises(ValueError, match="backslash"):
        parse("FROM a\nRUN x \\\n")


def test_both_stages_begin_with_the_same_pinned_image() -> None:
    images = [step.rest.split()[0] for step in of("FROM")]
    assert len(images) == 2
    assert len(set(images)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", images[0])


def test_the_image_runs_as_nobody_in_particular() -> None:
    (user,) = of("USER", LAST)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user.rest)
    assert STEPS.index(user) > max(map(STEPS.index, of("RUN")))


def test_instructions_are_in_their_safe_forms() -> None:
    assert not of("ADD")
    assert not of("MAINTAINER")
    assert all(step.rest.startswith("/") for step in of("WORKDIR"))
    (command,) = of("CMD")
    assert json.loads(command.rest) == ["flask", "serve"]
    for step in of("RUN"):
        assert not re.search(r"\bsudo\b|\bcd /|curl|wget|apt-get|\|", step.rest), step.rest
    told = " ".join(step.rest for step in of("ENV") + of("ARG"))
    assert not re.search(r"PASSWORD|SECRET|TOKEN", told)


def test_packages_are_pinned_and_keep_no_cache() -> None:
    (install,) = (step for step in of("RUN") if "pip install" in step.rest)
    assert install.rest.endswith("--only-binary :all: -r /build/requirements.txt")
    assert any("PIP_NO_CACHE_DIR=1" in step.rest for step in of("ENV", install.stage))
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert all("==" in line for line in lines if line and not line.startswith(("#", "-")))


def test_what_is_copied_exists_and_is_let_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = set()
    for step in of("COPY"):
        if not step.rest.startswith("--from"):
            copied |= set(step.rest.split()[:-1])
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def image(folder: Path) -> Path:
    """What the COPY and RUN steps of the last stage make of a fresh directory; packages are those
    that this checkout has, and to give files away takes root."""
    app = folder / "app"
    app.mkdir()
    skipped = shutil.ignore_patterns("__pycache__")
    binaries = folder / "bin"
    binaries.mkdir()
    (binaries / "python").symlink_to(sys.executable)
    (binaries / "chown").write_text("#!/bin/sh\nexit 0\n")
    (binaries / "chown").chmod(0o755)
    environ = {"PATH": f"{binaries}:{os.environ['PATH']}"}
    for step in STEPS:
        if step.stage != LAST:
            continue
        if step.word == "COPY" and not step.rest.startswith("--from"):
            *sources, target = step.rest.split()
            for source in map(ROOT.joinpath, sources):
                if source.is_dir():
                    shutil.copytree(source, app / target, ignore=skipped)
                else:
                    shutil.copy(source, app / target)
        elif step.word == "RUN":
            subprocess.run(["sh", "-ec", step.rest], cwd=app, env=environ, check=True)
    return app


@pytest.mark.slow
def test_what_the_steps_make_starts(tmp_path: Path) -> None:
    app = image(tmp_path)
    assert (app / "instance").is_dir()
    assert list((app / "stockscore" / "__pycache__").glob("config.*.pyc"))
    environ = {
        "PATH": os.environ["PATH"],
        "FLASK_APP": "stockscore",
        "STOCKSCORE_ENV": "production",
        "SECRET_KEY": "5" * 64,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'image.db'}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        cwd=app,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "image.db").exists()
