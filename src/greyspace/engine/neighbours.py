"""What neighbours do to one another: who makes news, who hears it, and whose mood changes by it.

Of how a region's units differ only the leading terms are carried: three kinds of units by how lively they are, with the
people of each status spread over them, and by how much the neighbours of the wary are warier than others'.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel, step
from greyspace.engine.week import WEEK

_AWAY = np.sqrt(3.0) * np.array([-1.0, 0.0, 1.0])
"""Kinds of units, by how lively they are: standard deviations from the mean."""
SHARES = np.array([1.0, 4.0, 1.0]) / 6.0
"""Of people, in each kind: together they have the first five moments of a normal distribution."""
_KINDS = len(SHARES)
"""A loop is faster where the compiler knows how often it goes round."""
_MOST_SPREAD = 1.0 / np.sqrt(3.0)
"""With more the quietest units would have less than no news."""

_NOBODY = 1e-300

Floats = NDArray[np.float64]


class Units(NamedTuple):
    """Who makes news under the odds taken last, and who lives beside them."""

    neighbours: Floats  # [R, kind of unit] newsmaking neighbours of somebody there, each like the mean
    silence: Floats  # [cell] how much likelier than others a class is to hear nothing for a week from its own homes
    tells: Floats  # [R, S] news a day by people of each status
    makers: Floats  # [R, 2] less news by a unit, a person, after a piece: its maker is wary; is held, times the weeks


@kernel
def look_at_units(people, fate, effects, hold_days, company, unit_size, unit_spread, rate, by_cell, relative, units):
    """Take from the odds who makes news, and who lives beside them.

    ``company[R, P, profile]`` as in the engine. Units differ in size, and by who happens to live in them.
    ``rate[S, cell]`` of news, ``by_cell[4, cell]``, and ``relative[P]`` are written over.
    """
    free, held, does = people.free, people.held, fate.does
    statuses, cells = free.shape
    regions = unit_size.shape[0]
    profiles = cells // regions
    effective = effects.hold.shape[0]
    persons, made, wary, away = by_cell[0], by_cell[1], by_cell[2], by_cell[3]
    by_cell[:] = 0.0
    for s in range(statuses):
        for i in range(cells):
            rate[s, i] = 0.0
        for n in range(effective, does.shape[0]):
            for i in range(cells):
                rate[s, i] += does[n, s, i]
        for i in range(cells):
            persons[i] += free[s, i] + held[s, i]
            made[i] += free[s, i] * rate[s, i]
    for e in range(effective):
        if not effects.told[e]:
            continue
        weeks = hold_days[effects.hold[e]] / WEEK
        for s in range(statuses):
            to = effects.after[e, s]
            for i in range(cells):
                makers = free[s, i] * does[e, s, i]
                wary[i] += makers * (rate[s, i] - rate[to, i])
                away[i] += makers * (weeks * rate[s, i])
    for r in range(regions):
        first = r * profiles
        for s in range(statuses):
            there = told = 0.0
            for i in range(first, first + profiles):
                there += free[s, i]
                told += free[s, i] * rate[s, i]
            units.tells[r, s] = told / there if there > 0.0 else 0.0
        of_all = mean = less_wary = less_away = 0.0
        for i in range(first, first + profiles):
            of_all += persons[i]
            mean += made[i]
            less_wary += wary[i]
            less_away += away[i]
        of_mean = mean / of_all if of_all > 0.0 else 0.0
        for p in range(profiles):
            each = made[first + p] / persons[first + p] if persons[first + p] > 0.0 else 0.0
            relative[p] = each / of_mean if of_mean > 0.0 else 1.0
        unequal = 0.0
        for p in range(profiles):
            near = 0.0
            for q in range(profiles):
                near += company[r, p, q] * relative[q]
            units.silence[first + p] = np.exp(-WEEK * of_mean * near)
            share = persons[first + p] / of_all if of_all > 0.0 else 0.0
            unequal += share * relative[p] * (relative[p] + near)
        variance = (unit_spread[r] / unit_size[r]) ** 2 + max(unequal - 1.0, 0.0) / unit_size[r]
        spread = min(np.sqrt(variance), _MOST_SPREAD)
        for k in range(_AWAY.shape[0]):
            units.neighbours[r, k] = (unit_size[r] - 1.0) * (1.0 + spread * _AWAY[k])
        whole = mean * unit_size[r]
        units.makers[r, 0] = less_wary / whole if whole > 0.0 else 0.0
        units.makers[r, 1] = less_away / whole if whole > 0.0 else 0.0


@kernel
def meet_tempers(free, weekly, temper_of, people, on_average):
    """``on_average[R, news, S, change]`` of ``weekly[R, M, news, S, change]`` over the tempers of who is free.

    ``people[M]`` are written over.
    """
    regions, tempers = weekly.shape[:2]
    profiles = temper_of.shape[0]
    on_average[:] = 0.0
    for r in range(regions):
        for s in range(free.shape[0]):
            people[:] = 0.0
            total = 0.0
            for p in range(profiles):
                people[temper_of[p]] += free[s, r * profiles + p]
                total += free[s, r * profiles + p]
            for m in range(tempers):
                share = people[m] / total if total > 0.0 else 1.0 / tempers
                for n in range(weekly.shape[2]):
                    for c in range(weekly.shape[4]):
                        on_average[r, n, s, c] += share * weekly[r, m, n, s, c]


@step
def _share_luck(people, made, tells, on_average, becomes, makers, calmer, shift, heard):
    """Lessen ``heard[S, news]`` of those whose neighbours are wary with them, and take ``calmer[S]`` a week on.

    By what news shifts people between statuses, ``shift``, neighbours make less of it; so does whoever made it,
    ``makers``, being wary or held. How fast that passes is taken from the shift: by how much less it makes of them a
    week later. What holds take is spread over as long.
    """
    statuses = heard.shape[0]
    shift[:] = 0.0
    total = chance = 0.0
    for s in range(statuses):
        total += people[s]
        chance += people[s] * (1.0 - heard[s, 0])
    if made <= 0.0 or not 0.0 < chance < total:
        calmer[:] = 0.0
        return
    chance /= total
    for s in range(statuses):
        if people[s] <= 0.0:
            continue
        # A little more or less of what makes news, and so much more or less often there is any.
        quiet = heard[s, 0]
        if 0.0 < quiet < 1.0:
            more = max(calmer[s] * total * total / (people[s] * made), -1.0) * -quiet * np.log(quiet)
            more = min(more, quiet)
            for n in range(1, NEWS_KINDS):
                heard[s, n] *= 1.0 + more / (1.0 - quiet)
            heard[s, 0] = quiet - more
        for c in range(becomes.shape[1]):
            moves = 0.0
            for n in range(1, NEWS_KINDS):
                moves += heard[s, n] * (on_average[n, s, c] - on_average[0, s, c])
            moves *= people[s] / (total * chance)
            shift[0, becomes[s, c]] += moves
            shift[0, s] -= moves
    for s in range(statuses):
        shift[1, s] += shift[0, s]
        shift[2, s] += calmer[s]
        for c in range(becomes.shape[1]):
            moves = 0.0
            for n in range(NEWS_KINDS):
                moves += heard[s, n] * on_average[n, s, c]
            shift[1, becomes[s, c]] += moves * shift[0, s]
            shift[1, s] -= moves * shift[0, s]
            shift[2, becomes[s, c]] += moves * calmer[s]
            shift[2, s] -= moves * calmer[s]
    now = later = both = 0.0
    for s in range(statuses):
        now += tells[s] * shift[0, s]
        later += tells[s] * shift[1, s]
        both += tells[s] * calmer[s]
    lasts = min(max(later / now, 0.0), 1.0) if now != 0.0 else 0.0
    # A unit that makes more news than others hears more, and so makes less.
    bends = -np.log(1.0 - chance) * (1.0 - chance)
    sooner = bends * total / made
    stays = max(lasts + sooner * min(now, 0.0), 0.0)
    # The more news there is, the more have made it.
    less = chance * (1.0 - chance) * now - bends * (makers[0] + (1.0 - lasts) * makers[1])
    for s in range(statuses):
        calmer[s] = stays * (shift[2, s] + sooner * both * shift[0, s]) + less * shift[0, s]


@step
def hear(people, on_average, becomes, units, work):
    """Monday: ``work.heard[R, S, news]``, the news that people of each status have; where they live after its changes.

    ``people.lives[R, S, kind]`` are the shares of those of a status who live in each kind of unit, ``SHARES`` those of
    all. A lively unit has more ``people.news[R, kind, news]``, week by week, so more of the wary live in it than of the
    calm. As these do less, and make less news, ``units.tells[R, S]``, a neighbour there makes ``work.makes[R, kind]``
    times the mean.

    News reaches a person and the neighbours together, so whoever is wary by it has neighbours who are wary too, and is
    the less likely to have more, by ``people.calmer[R, S]``. A piece of news takes ``units.makers[R, 2]`` of that: by
    wary makers, and person-weeks of held ones.
    """
    free, news, lives, tells = people.free, people.news, people.lives, units.tells
    there_are, after, heard, makes, shares = work.people, work.after, work.heard, work.makes, SHARES
    statuses = after.shape[0]
    profiles = free.shape[1] // lives.shape[0]
    for r in range(lives.shape[0]):
        total = 0.0
        for s in range(statuses):
            there_are[s] = 0.0
            for p in range(profiles):
                there_are[s] += free[s, r * profiles + p]
            total += there_are[s]
        # Acts change statuses too; nobody moves from unit to unit by them.
        for k in range(_KINDS):
            there = 0.0
            for s in range(statuses):
                there += there_are[s] * lives[r, s, k]
            if there > 0.0:
                for s in range(statuses):
                    lives[r, s, k] *= shares[k] * total / there
        after[:] = 0.0
        made = 0.0
        for s in range(statuses):
            made += there_are[s] * tells[r, s]
        for s in range(statuses):
            of_all = 0.0
            for k in range(_KINDS):
                of_all += lives[r, s, k]
            # What is left, so that rounding makes no news where there is none: it would be divided by itself.
            heard[r, s] = 0.0
            heard[r, s, 0] = 1.0
            for k in range(_KINDS):
                share = lives[r, s, k] / of_all
                for n in range(1, NEWS_KINDS):
                    heard[r, s, n] += share * news[r, k, n]
                    heard[r, s, 0] -= share * news[r, k, n]
                stay = share
                for c in range(becomes.shape[1]):
                    moves = 0.0
                    for n in range(NEWS_KINDS):
                        moves += news[r, k, n] * on_average[r, n, s, c]
                    after[becomes[s, c], k] += there_are[s] * share * moves
                    stay -= share * moves
                # Where everybody changes, rounding may leave a little less than nobody.
                after[s, k] += there_are[s] * max(stay, 0.0)
        _share_luck(
            there_are, made, tells[r], on_average[r], becomes, units.makers[r], people.calmer[r], work.shift, heard[r]
        )
        made = 0.0
        makes[r] = 0.0
        for s in range(statuses):
            of_all = 0.0
            for k in range(_KINDS):
                of_all += after[s, k]
                makes[r, k] += after[s, k] * tells[r, s]
            made += of_all * tells[r, s]
            for k in range(_KINDS):
                lives[r, s, k] = after[s, k] / of_all if of_all > 0.0 else shares[k]
        for k in range(_KINDS):
            makes[r, k] = makes[r, k] / (made * shares[k]) if made > 0.0 else 1.0


@kernel
def _find_runs(weekly, temper_of, like, runs):
    """Fill ``runs`` from ``weekly[R, M, ..]``; gives their number. ``like[M]``, the first temper that changes as each
    does, is written over.
    """
    regions, tempers, chances = weekly.shape
    for m in range(tempers):
        like[m] = m
        for other in range(m):
            differ = False
            for r in range(regions):
                if differ:
                    break
                for i in range(chances):
                    differ |= weekly[r, m, i] != weekly[r, other, i]
            if not differ:
                like[m] = other
                break
    number = 0
    for p in range(temper_of.shape[0]):
        m = like[temper_of[p]]
        if number == 0 or runs[number - 1, 2] != m:
            runs[number, 0], runs[number, 2] = p, m
            number += 1
        runs[number - 1, 1] = p + 1
    return number


def runs_of(weekly: Floats, temper_of: NDArray[np.int32]) -> NDArray[np.int32]:
    """``[run, (first, end, temper)]``: classes in a row whose statuses change by the same ``weekly[R, M, ...]``."""
    runs = np.empty((len(temper_of), 3), np.int32)
    number = _find_runs(weekly.reshape(*weekly.shape[:2], -1), temper_of, np.empty(weekly.shape[1], np.int32), runs)
    return runs[:number]


@step
def change_moods(people, weekly, becomes, runs, silence, work):
    """Monday: every status of free people moves by its changes of the week, given the news ``work.heard[R, S, news]``.

    ``people.fined[S, cell]`` hear of themselves; ``silence[cell]`` is how much likelier than others a class is to hear
    nothing from those it lives with. ``runs[run, (first, end, temper)]``: classes in a row that change alike.
    """
    free, fined, heard, after, more = people.free, people.fined, work.heard, work.gains, work.by_cell[0]
    statuses, cells = free.shape
    regions = heard.shape[0]
    profiles = cells // regions
    after[:] = 0.0
    for s in range(statuses):
        for r in range(regions):
            # Nobody's household tells anything before there is news.
            quiet, begin = heard[r, s, 0], r * profiles
            alone = 0.0 if quiet < 1.0 else 1.0
            here, warned = free[s, begin : begin + profiles], fined[s, begin : begin + profiles]
            alike = silence[begin : begin + profiles]
            for p in range(profiles):
                # Whoever is not free does not move, so a division by almost nothing does no harm.
                own = warned[p] / (here[p] if here[p] > _NOBODY else _NOBODY)
                still = (quiet * alike[p] * (1.0 - alone) + alone) * (1.0 - (own if own < 1.0 else 1.0))
                more[p] = quiet - (still if still < 1.0 else 1.0)
            for run in range(runs.shape[0]):
                first, end, m = runs[run, 0], runs[run, 1], runs[run, 2]
                those, by = here[first:end], more[first:end]
                stay, less = 1.0, 0.0
                for c in range(becomes.shape[1]):
                    usual = 0.0
                    for n in range(NEWS_KINDS):
                        usual += heard[r, s, n] * weekly[r, m, n, s, c]
                    told = (usual - weekly[r, m, 0, s, c]) / (1.0 - quiet) if quiet < 1.0 else 0.0
                    if usual != 0.0 or told != 0.0:
                        to = after[becomes[s, c], begin + first : begin + end]
                        for i in range(to.shape[0]):
                            to[i] += those[i] * (usual + by[i] * told)
                        stay -= usual
                        less -= told
                stayed = after[s, begin + first : begin + end]
                for i in range(stayed.shape[0]):
                    stayed[i] += those[i] * (stay + by[i] * less)
    for s in range(statuses):
        for i in range(cells):
            free[s, i] = after[s, i]


@step
def spread_news(people, days_free, fate, neighbours, work):
    """The chance that units of each kind heard each kind of news, if newsmaking acts fall on them as a Poisson process.

    ``neighbours[R, kind of unit]`` make ``work.makes`` times the mean.
    """
    free, held, by_cell, made, news = people.free, people.held, work.by_cell[0], work.made_news, people.news
    regions, kinds = neighbours.shape
    statuses, cells = free.shape
    profiles = cells // regions
    # The first kind is no news: the persons stand in its place.
    for kind in range(made.shape[1]):
        by_cell[:] = 0.0
        for s in range(statuses):
            if kind == 0:
                for i in range(cells):
                    by_cell[i] += free[s, i] + held[s, i]
            else:
                does = fate.does[fate.does.shape[0] - kind]
                for i in range(cells):
                    by_cell[i] += days_free[s, i] * does[s, i]
        for r in range(regions):
            made[r, kind] = 0.0
            for i in range(r * profiles, (r + 1) * profiles):
                made[r, kind] += by_cell[i]
    for r in range(regions):
        persons = made[r, 0] if made[r, 0] > 0.0 else 1.0
        for k in range(kinds):
            each = work.makes[r, k] * neighbours[r, k] / persons
            human, digital, both = made[r, 1] * each, made[r, 2] * each, made[r, 3] * each
            nothing = np.exp(-(human + digital + both))
            news[r, k, 0] = nothing
            news[r, k, 1] = np.exp(-(digital + both)) - nothing
            news[r, k, 2] = np.exp(-(human + both)) - nothing
            news[r, k, 3] = 1.0 - (news[r, k, 0] + news[r, k, 1] + news[r, k, 2])


@kernel
def mix_units(free, lives, trait, shares):
    """Let the people of each ``trait[S]`` of a region live in kinds of units as all do, those of a status as before."""
    statuses, kinds = lives.shape[1:]
    profiles = free.shape[1] // lives.shape[0]
    for r in range(lives.shape[0]):
        for t in range(statuses):
            for k in range(kinds):
                total = there = 0.0
                for s in range(statuses):
                    if trait[s] == t:
                        of_all = people = 0.0
                        for other in range(kinds):
                            of_all += lives[r, s, other]
                        for p in range(profiles):
                            people += free[s, r * profiles + p]
                        total += people
                        there += people * lives[r, s, k] / of_all
                if there > 0.0:
                    for s in range(statuses):
                        if trait[s] == t:
                            lives[r, s, k] *= shares[k] * total / there
