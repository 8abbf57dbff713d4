"""The set-up does a step once, again when what it is made from has changed, and never half."""

import sys
from pathlib import Path

import pytest

from scripts.bootstrap import SetupError, Step, call, run_step, works_with_this_python


@pytest.fixture
def place(tmp_path):
    (tmp_path / "requirements.txt").write_text("one==1")
    return tmp_path


def _step(place, done, *, makes="made"):
    def do():
        done.append(1)
        (place / "made").touch()

    return Step("packages", "Packages", (place / "requirements.txt",), place / makes, do)


def _run(place, step):
    return run_step(step, place / "stamps", say=lambda sentence: None)


def test_a_step_is_done_once(place):
    done: list[int] = []
    assert _run(place, _step(place, done)) is True
    assert _run(place, _step(place, done)) is False
    assert done == [1]


def test_a_step_is_done_again_when_its_source_changes(place):
    done: list[int] = []
    _run(place, _step(place, done))
    (place / "requirements.txt").write_text("one==2")
    assert _run(place, _step(place, done)) is True


def test_a_step_is_done_again_when_a_source_disappears(place):
    done: list[int] = []
    _run(place, _step(place, done))
    (place / "requirements.txt").unlink()
    assert _run(place, _step(place, done)) is True


def test_a_step_is_done_again_when_what_it_made_is_gone(place):
    done: list[int] = []
    _run(place, _step(place, done))
    (place / "made").unlink()
    assert _run(place, _step(place, done)) is True


def test_a_step_that_fails_leaves_no_stamp(place):
    def fail():
        raise SetupError("no network")

    _run(place, _step(place, []))
    (place / "requirements.txt").write_text("one==2")
    step = Step("packages", "Packages", (place / "requirements.txt",), place / "made", fail)
    with pytest.raises(SetupError):
        _run(place, step)
    (place / "requirements.txt").write_text("one==1")
    assert _run(place, _step(place, [])) is True


def test_a_step_that_makes_nothing_is_an_error(place):
    with pytest.raises(SetupError, match="without making other"):
        _run(place, _step(place, [], makes="other"))


def test_a_failed_command_tells_its_last_words_and_what_to_do(tmp_path):
    with pytest.raises(SetupError) as failed:
        call(
            [sys.executable, "-c", "print('no route to host'); raise SystemExit(3)"],
            hint="Check the network.",
            root=tmp_path,
        )
    assert "no route to host" in str(failed.value)
    assert "Check the network." in str(failed.value)


def test_an_environment_of_this_python_is_kept_and_a_broken_one_is_not(tmp_path):
    assert works_with_this_python(tmp_path / "python") is False
    assert works_with_this_python(Path(sys.executable)) is True
