"""What time it is: the system's clock, or a file's for rehearsals."""

from datetime import UTC, datetime

import pytest

from stockscore import clock, create_app


def test_the_clock_is_the_systems_by_default(app):
    with app.app_context():
        before = datetime.now(UTC)
        assert before <= clock.now() <= datetime.now(UTC)


def test_a_clock_file_tells_the_moment_and_may_be_replaced(tmp_path):
    file = tmp_path / "now"
    file.write_text("2026-11-27T09:35:00-05:00\n")
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'any.db'}", "CLOCK_FILE": str(file)})
    with app.app_context():
        assert clock.now() == datetime(2026, 11, 27, 14, 35, tzinfo=UTC)
        file.write_text("2026-11-27T18:00:00Z")
        assert clock.now() == datetime(2026, 11, 27, 18, tzinfo=UTC)


def test_a_moment_without_its_zone_is_refused(tmp_path):
    (tmp_path / "now").write_text("2026-11-27T09:35:00")
    with pytest.raises(ValueError, match="zone"):
        clock.from_file(tmp_path / "now")()
