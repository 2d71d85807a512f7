"""Failures carry a sentence for people."""

from __future__ import annotations

import pytest

from fleet_tui.domain.problem import Cause, Failure, Problem, Unconfirmed


@pytest.mark.parametrize(
    ("sentence", "remedy", "text"),
    [
        ("GitHub cannot be reached.", "Check the VPN.", "GitHub cannot be reached. Check the VPN."),
        ("GitHub cannot be reached.", "", "GitHub cannot be reached."),
    ],
    ids=["with a remedy", "without a remedy"],
)
def test_sentence_and_remedy_are_one_text(sentence: str, remedy: str, text: str) -> None:
    problem = Problem("GitHub", Cause.OFFLINE, sentence, remedy)
    assert problem.text == text
    assert str(Failure(problem)) == text


def test_a_write_that_is_not_confirmed_is_caught_as_a_failure() -> None:
    problem = Problem("Merge Freeze", Cause.SLOW, "Not seen yet.")
    with pytest.raises(Failure) as caught:
        raise Unconfirmed(problem)
    assert caught.value.problem is problem
