"""Interconnection: who reaches the register, and since when."""

import numpy as np

from greyspace.evidence import resolve
from greyspace.infrastructure import Site, network
from infrastructure.days import day, mondays


def test_a_site_once_linked_stays_linked_while_shares_grow(dprk, weeks, dprk_gates):
    linked = network.links(dprk, resolve(dprk.parameters, {}), 4, weeks, dprk_gates)
    assert (linked[1:] >= linked[:-1]).all()


def test_the_share_of_linked_sites_is_that_of_the_table(toyland, weeks):
    p = resolve(toyland.parameters, {})
    many = [Site(f"site {k}", 0, "x", day("2021-04-12"), 0) for k in range(4000)]
    linked = network.links(toyland, p, 1, weeks, many)
    assert np.abs(linked.mean(axis=1) - network.share(toyland, p, weeks)[:, 0]).max() < 0.025


def test_the_lever_links_every_site(toyland, weeks, gates):
    p = resolve(toyland.parameters, {"network.least_linked": 1})
    assert network.links(toyland, p, 1, weeks, gates).all()


def test_a_site_keeps_its_link_when_the_run_starts_later_and_others_join(toyland, weeks, gates):
    p = resolve(toyland.parameters, {})
    late = mondays("2023-01-02", "2024-12-30")
    whole = network.links(toyland, p, 9, weeks, gates)
    more = [Site("new", 0, "x", day("2021-04-12"), 0), *gates]
    assert (network.links(toyland, p, 9, late, more)[:, 1:] == whole[-len(late) :]).all()


def test_a_row_holds_from_its_date_on(toyland, weeks):
    share = network.share(toyland, resolve(toyland.parameters, {}), weeks)
    for row in toyland.network:
        index = next(i for i, r in enumerate(toyland.regions) if r.province == row.province)
        week = np.searchsorted(weeks, day(str(row.date)))
        assert share[week, index] == row.linked
