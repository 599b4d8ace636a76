"""Records and receipts: what was said can be read back, to the bit."""

from __future__ import annotations

import hashlib

import pytest

from stockscore.scoring import inputs, record_0_1
from stockscore.scoring.reasons import NOT_APPLICABLE
from stockscore.scoring.universe import Universe
from tests.support.companies import ALPHA, FINANCIAL, GAMMA, METHOD, score, scored, stock


def test_a_record_gives_back_every_input():
    (kept,) = scored(stock("ONE", ALPHA | {"cash": None, "ebit_ttm": float("inf")}))
    assert list(kept.inputs) == list(inputs.RECORDED)
    assert kept.inputs == ALPHA | {"cash": None, "ebit_ttm": None}


def test_a_record_gives_back_every_metric_as_the_engine_had_it():
    scoring = score(Universe.of([stock("ONE", GAMMA, closes=[10.0] * 60)]))
    kept = record_0_1.unpack(scoring.records[0])
    assert [result.key for result in kept.metrics] == [metric.key for metric in METHOD.metrics]
    for at, result in enumerate(kept.metrics):
        assert result.reason == scoring.reasons[0, at]
        for known, column in ((result.value, "values"), (result.sub_score, "sub_scores")):
            value = getattr(scoring, column)[0, at]
            assert known == (None if value != value else value)
        assert result.points == (None if scoring.points[0, at] < 0 else scoring.points[0, at])


def test_packing_what_was_unpacked_gives_the_same_bytes():
    for kept in scored(stock("A", ALPHA), stock("B", GAMMA, FINANCIAL)):
        assert record_0_1.unpack(record_0_1.pack(kept)) == kept


def test_a_metric_that_does_not_apply_can_earn_nothing():
    (kept,) = scored(stock("BANK", ALPHA, FINANCIAL))
    assert all(
        (result.max_points == 0) == (result.reason == NOT_APPLICABLE) for result in kept.metrics
    )
    # 8 of the 14 value points of a bank: 2500 · 8/14 = 1428.57.
    assert kept.by_key["earnings_yield"].max_points == 1429


@pytest.mark.parametrize("kept", [b"", b"\0" * 10, b"\0" * record_0_1.SIZE])
def test_other_bytes_are_no_record(kept):
    with pytest.raises(ValueError, match="no record"):
        record_0_1.unpack(kept)


def test_a_receipt_is_twelve_digits_of_a_hash_that_anyone_can_repeat():
    said = b"1.0\nHALD\n7223\n1552\n1982\n-\n2024\n" + b"bytes"
    assert (
        record_0_1.receipt("1.0", "HALD", b"bytes", 7223, (1552, 1982, None, 2024))
        == hashlib.sha256(said).hexdigest()[:12]
    )


def test_a_receipt_changes_with_anything_that_was_said():
    said = ("1.0", "HALD", b"bytes", 7223, (1552, 1982, 1665, 2024))
    others = [
        ("1.1", *said[1:]),
        ("1.0", "HALE", *said[2:]),
        (*said[:2], b"bytez", *said[3:]),
        (*said[:3], None, said[4]),
        (*said[:4], (1552, 1982, 2024, 1665)),
    ]
    assert len({record_0_1.receipt(*one) for one in [said, *others]}) == 6
