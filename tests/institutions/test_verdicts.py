"""What officers remember of whom they met."""

import numpy as np
import pytest

from greyspace.contract import FINDINGS, VERDICTS
from greyspace.institutions.verdicts import found_so, seen


@pytest.mark.parametrize("verdict", VERDICTS)
def test_whoever_was_caught_is_remembered_whatever_became_of_him(verdict):
    met = np.zeros((1, 1, 1, 2, len(FINDINGS), len(VERDICTS)))
    met[0, 0, 0, 1, FINDINGS.index("on_record"), VERDICTS.index(verdict)] = 3.0
    found = seen(found_so(met, 10.0), 2.0, np.array([0]), 1)
    assert found.caught.sum() == 15.0
    assert found.on_record.sum() == 15.0
    assert found.by_kind.sum() == 15.0
