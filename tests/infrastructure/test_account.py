"""Accounts: survival by hand, weeks lost that add up, and the two facts to which the devices were fitted."""

import numpy as np
import pytest

from greyspace.evidence import resolve
from greyspace.infrastructure import CAUSES, LIMITS, alive, kaplan_meier, limits_off, paths, survival, why_down
from infrastructure.days import day


def test_kaplan_meier_by_hand():
    """Ten lives; those cut short count while they last, and not as deaths: 9/10, then 6/8 of it, then 2/3, then 0."""
    lasted = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 25])
    failed = np.array([True, True, False, True, False, True, True, False, True, False])
    curve = kaplan_meier(lasted, failed)
    expected = [8 / 10, 8 / 10 * 6 / 7, 8 / 10 * 6 / 7 * 4 / 5, 8 / 10 * 6 / 7 * 3 / 5, 8 / 10 * 6 / 7 * 3 / 5 / 2]
    assert curve.weeks.tolist() == [6, 7, 13, 16, 23]
    assert curve.alive == pytest.approx(expected)
    assert [curve.at(w) for w in (0, 5, 6, 12, 13, 99)] == pytest.approx(
        [1, 1, 0.8, expected[1], expected[2], expected[4]]
    )


def test_survival_counts_first_lives_only_and_by_province(toyland, weeks, gates):
    p = resolve(toyland.parameters, limits_off({"spares"}))
    run = paths(toyland, p, 2, weeks, gates)
    curves = survival(run.fates, gates)
    assert set(curves) == {s.province for s in gates}
    lasted = []
    for s, site in enumerate(gates):
        if site.province == gates[0].province:
            mine = run.fates.failures.week[run.fates.failures.site == s]
            first_monday = run.weeks[np.argmax(run.state[:, s] > 0)]
            lasted.append(((mine[0] if len(mine) else run.weeks[-1]) - first_monday) / 7 + 1)
    assert curves[gates[0].province].at(min(lasted) - 1) == 1.0
    assert curves[gates[0].province].at(min(lasted)) < 1.0


def test_weeks_lost_to_each_cause_and_live_weeks_add_up(toyland, weeks, gates):
    run = paths(toyland, resolve(toyland.parameters, {}), 3, weeks, gates)
    groups = [s.province for s in gates]
    for needs_link in (False, True):
        for weeks_by in why_down(run.state, run.site_power, run.linked, groups, needs_link).values():
            assert sum(weeks_by[c] for c in CAUSES) + weeks_by["live"] == pytest.approx(weeks_by["installed"])


@pytest.mark.parametrize(
    ("limit", "cause"), [("power", "no_power"), ("network", "not_linked"), ("spares", "waiting_for_spare")]
)
def test_a_lifted_limit_costs_no_week(toyland, weeks, gates, limit, cause):
    run = paths(toyland, resolve(toyland.parameters, limits_off({limit})), 3, weeks, gates)
    lost = why_down(run.state, run.site_power, run.linked, [s.province for s in gates], needs_link=True)
    assert all(weeks_by[cause] == 0 for weeks_by in lost.values())


@pytest.mark.parametrize("pack", ["dprk", "toyland"])
def test_each_limit_can_be_lifted_within_its_parameters_ranges(pack, request):
    resolve(request.getfixturevalue(pack).parameters, limits_off(LIMITS))


def test_what_was_reported_of_the_gates_in_2024_is_no_rarity(dprk, weeks, dprk_gates):
    """Fitted, and so no evidence for the model: South Hamgyong's gates all dead, three or more alive in Pyongyang."""
    p = resolve(dprk.parameters, {})
    groups = [s.province for s in dprk_gates]
    both = []
    for seed in range(150):
        count = alive(paths(dprk, p, seed, weeks, dprk_gates).fates, groups, day("2024-05-20"))
        both.append(count["south_hamgyong"][0] == 0 and count["pyongyang"][0] >= 3)
    # In 54 of 100 seeds, over a thousand of them.
    assert 0.4 < np.mean(both) < 0.7
