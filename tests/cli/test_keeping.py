"""Histories are lived by one process at a time, and one that is stopped says that nothing is lost."""

import pytest

from greyspace.cli.keeping import histories
from greyspace.errors import FolderError
from greyspace.study.histories import Kept


def test_a_second_one_is_kept_out_until_the_first_ends(tmp_path):
    store = Kept(tmp_path / "claims")
    with histories(store, "claims"):
        with pytest.raises(FolderError, match=r"another process .* is writing claims"), histories(store, "claims"):
            pass
        with histories(store, "calibration"):
            pass
    with histories(store, "claims"):
        pass


def test_one_that_is_stopped_says_how_to_go_on_and_lets_others_in(tmp_path):
    store = Kept(tmp_path / "claims")
    with (
        pytest.raises(KeyboardInterrupt, match="histories that are finished are kept: the same command goes on"),
        histories(store, "claims"),
    ):
        raise KeyboardInterrupt
    with histories(store, "claims"):
        pass
