"""Every run leaves a row, however it ends."""

from __future__ import annotations

import pytest

from stockscore.services.errors import ServiceError
from stockscore.services.runlog import recorded
from stockscore.store import runs
from tests.support.small_market import NOW

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_run_that_ends_well_is_done_with_its_sentence() -> None:
    with recorded("score", lambda: NOW) as run:
        assert runs.recent()[0].state == "running"
        run.updated, run.message = 12, "Edition 1 is published."
    row = runs.recent()[0]
    assert (row.job, row.state, row.updated) == ("score", "done", 12)
    assert row.message == "Edition 1 is published."
    assert row.ended_at == NOW


def test_a_foreseen_failure_keeps_its_sentence_and_no_traceback() -> None:
    with pytest.raises(ServiceError), recorded("score", lambda: NOW):
        raise ServiceError("There are no stocks.")
    row = runs.recent()[0]
    assert (row.state, row.message, row.error) == ("failed", "There are no stocks.", None)


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_unforeseen_end_keeps_the_traceback(error) -> None:
    with pytest.raises(error), recorded("score", lambda: NOW):
        raise error
    row = runs.recent()[0]
    assert row.state == "failed"
    assert error.__name__ in row.error
