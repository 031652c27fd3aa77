"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. What a begun act leaves is worked out once per renewal of the odds
(:mod:`greyspace.engine.routes`). It is exact for the odds given, up to rounding, except for news, which neighbours hear
together and which they make. Of how a region's units differ only the leading terms are carried: three kinds of units by
how lively they are, with the people of each status spread over them; by how much the neighbours of the wary are warier
than others', since they heard the same; that households are of a kind; and that the fined hear of themselves.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, ONE, STATES, WAYS_NOT_BEGUN, Layout, Odds, chances
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import inner, kernel, step
from greyspace.engine.routes import Contacts, Routes, room
from greyspace.engine.week import release_day

_MODES_FROM = len(WAYS_NOT_BEGUN)
_STATES = len(STATES)
_DAYS = 7
_SHORT = 14
_ONE = float(ONE)
_AWAY = np.sqrt(3.0) * np.array([-1.0, 0.0, 1.0])
"""Kinds of units, by how lively they are: standard deviations from the mean."""
_SHARES = np.array([1.0, 4.0, 1.0]) / 6.0
"""Of people, in each kind: together they have the first five moments of a normal distribution."""
_KINDS = len(_SHARES)
"""A loop is faster where the compiler knows how often it goes round."""
_MOST_SPREAD = 1.0 / np.sqrt(3.0)
"""With more the quietest units would have less than no news."""

_NOBODY = 1e-300

Floats = NDArray[np.float64]


class _Effects(NamedTuple):
    """What marks do to a person, each once: many marks do the same, and most do nothing."""

    of_mark: NDArray[np.int32]  # [mark] -> effect, or NOTHING
    after: NDArray[np.int32]  # [effect, S] -> status
    hold: NDArray[np.int32]  # [effect] -> hold class
    gone: NDArray[np.int32]  # [effect] -> 1 if the person leaves the population
    told: NDArray[np.bool_]  # [effect] whether the unit hears of it


class _Fate(NamedTuple):
    """What acts do to those who are free on a day, by cell: region * classes + class."""

    does: Floats  # [effect, S, cell]; after the effects, how often news of each kind is made, the last kind first
    leaves: Floats  # [S, cell] over all effects
    held: Floats  # [S, cell] over those that hold somebody


class _Kinds(NamedTuple):
    """Kinds of people who choose alike and can pay alike."""

    standing: NDArray[np.int32]  # [kind]
    temper: NDArray[np.int32]  # [kind]
    of_class: NDArray[np.int32]  # [class] -> kind


class _Taken(NamedTuple):
    """The ways by which anybody at all does an act, act by act; most acts have one."""

    first: NDArray[np.int64]  # [A + 1]: those of an act begin here
    way: NDArray[np.int64]


class _People(NamedTuple):
    """All who live and what they know: what goes on from week to week."""

    free: Floats  # [S, cell]
    held: Floats  # [S, cell] all who are held
    held_short: Floats  # [day of release from this Monday, S, cell]
    held_long: Floats  # [Monday of release, round and round, S, cell]
    fined: Floats  # [S, cell] those of the last week whose penalty was news and held nobody, by the status it left
    news: Floats  # [R, kind of unit, news] chances that a unit heard it last week
    lives: Floats  # [R, S, kind of unit] where those of a status live
    calmer: Floats  # [R, S] covariance of being of a status with the news that a neighbour makes


class _Units(NamedTuple):
    """Who makes news under the odds taken last, and who lives beside them."""

    neighbours: Floats  # [R, kind of unit] newsmaking neighbours of somebody there, each like the mean
    silence: Floats  # [cell] how much likelier than others a class is to hear nothing for a week from its own homes
    tells: Floats  # [R, S] news a day by people of each status
    makers: Floats  # [R, 2] less news by a unit, a person, after a piece: its maker is wary; is held, times the weeks


class _Work(NamedTuple):
    """Room for one week, written over again and again."""

    by_cell: Floats  # [5, cell]
    gains: Floats  # [S, cell]
    early: Floats  # [hold class, S, cell] person-days from which one is released a Monday sooner than from the rest
    people: Floats  # [S]
    after: Floats  # [S, kind of unit]
    shift: Floats  # [3, S]
    heard: Floats  # [R, S, news]
    makes: Floats  # [R, kind of unit]
    made_news: Floats  # [R, news]


class _Terms(NamedTuple):
    """What turns the person-days of one renewal into acts. Nobody writes over it, since weeks are asked afterwards."""

    rate: Floats  # [R, class, A] intents on a free day
    chosen: Floats  # [R, M, U, taken]
    taken: _Taken
    comes: Floats  # [R, X, T, taken, state]
    kinds: _Kinds
    does: Floats  # [effect, S, cell], as in _Fate
    hold: NDArray[np.int32]  # [effect]
    alike: NDArray[np.int32]  # [P] -> class
    share: Floats  # [R, P] of its class
    ways: int
    moods: int
    holds: int


def _effects(layout: Layout) -> _Effects:
    stays = np.arange(layout.status_after.shape[1])
    known: dict[tuple[int, int, bool, bytes], int] = {}
    first: list[int] = []
    of_mark = np.full(len(layout.state_of), NOTHING, np.int32)
    for k, after in enumerate(layout.status_after):
        hold, gone, told = int(layout.hold_of[k]), int(layout.gone[k]), bool(layout.news_of[k] != 0)
        if hold > 0 or gone != 0 or told or (after != stays).any():
            of_mark[k] = known.setdefault((hold, gone, told, after.tobytes()), len(known))
            if of_mark[k] == len(first):
                first.append(k)
    after, told = layout.status_after[first], layout.news_of[first] != 0
    return _Effects(of_mark, after, layout.hold_of[first], layout.gone[first], told)


@kernel
def _gather(left, state_of, news_of, effect_of, comes, marked):
    """``comes[R, X, T, taken, state]`` and ``marked[R, X, taken, T, (effect, news)]`` of chances of marks."""
    regions, standings, traits, taken, marks = left.shape
    for r in range(regions):
        for x in range(standings):
            for t in range(traits):
                for i in range(taken):
                    row, more = comes[r, x, t, i], marked[r, x, i, t]
                    row[:] = 0.0
                    more[:] = 0.0
                    for k in range(marks):
                        share = left[r, x, t, i, k]
                        if share == 0.0:
                            continue
                        row[state_of[k]] += share
                        if news_of[k] != 0:
                            more[-news_of[k]] += share
                        if effect_of[k] != NOTHING:
                            more[effect_of[k]] += share


@kernel
def _choose(way, taken, chosen):
    """``chosen[R, M, U, taken]``: chances, by the mood, of the ways that anybody takes."""
    regions, tempers, moods, _ = chosen.shape
    for r in range(regions):
        for m in range(tempers):
            for u in range(moods):
                for a in range(taken.first.shape[0] - 1):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        w = taken.way[i]
                        chosen[r, m, u, i] = way[r, m, u, a, w] / _ONE
                        if w > 0:
                            chosen[r, m, u, i] -= way[r, m, u, a, w - 1] / _ONE


@inner
def _mix(rows, weights, first, end, out):
    """``out``: the sum of ``rows[first:end]``, each times its weight, added up in their order.

    Several rows at once, so that what is added to is read and written less often than there are rows.
    """
    width = out.shape[0]
    if end - first == 1:
        weight, row = weights[first], rows[first]
        for j in range(width):
            out[j] = weight * row[j]
        return
    out[:] = 0.0
    for i in range(first, end - 3, 4):
        w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        r0, r1, r2, r3 = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
        for j in range(width):
            out[j] = out[j] + w0 * r0[j] + w1 * r1[j] + w2 * r2[j] + w3 * r3[j]
    for i in range(end - (end - first) % 4, end):
        weight, row = weights[i], rows[i]
        for j in range(width):
            out[j] += weight * row[j]


@kernel
def _fates(daily, pick, accept, chosen, taken, marked, kinds, effects, does, of_cell, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, and what acts do to people, ``fate``.

    ``chosen[R, M, U, taken]`` of ways that begin the act, and ``marked[R, X, taken, (T, effect)]`` what that does.
    ``does[A, (S, effect)]`` of one kind of people, and ``of_cell[P, (S, effect)]`` are written over.
    """
    regions, profiles, acts = pick.shape
    number, statuses = fate.does.shape[:2]
    # Statuses are moods by traits, so what one mood chooses is done to all traits in a row.
    moods, width = chosen.shape[2], marked.shape[3]
    for r in range(regions):
        for y in range(kinds.standing.shape[0]):
            x, m = kinds.standing[y], kinds.temper[y]
            for a in range(acts):
                begun = taken.first[a]
                while begun < taken.first[a + 1] and taken.way[begun] < _MODES_FROM:
                    begun += 1
                for u in range(moods):
                    of_mood = does[a, u * width : (u + 1) * width]
                    _mix(marked[r, x], chosen[r, m, u], begun, taken.first[a + 1], of_mood)
            for p in range(profiles):
                if kinds.of_class[p] != y:
                    continue
                for a in range(acts):
                    rate[r, p, a] = daily[r, p] * pick[r, p, a] * accept[r, p, a]
                _mix(does, rate[r, p], 0, acts, of_cell[p])
        for s in range(statuses):
            for e in range(number):
                there = fate.does[e, s, r * profiles : (r + 1) * profiles]
                for p in range(profiles):
                    there[p] = of_cell[p, s * number + e]
    for s in range(statuses):
        leaves, held = fate.leaves[s], fate.held[s]
        leaves[:] = 0.0
        held[:] = 0.0
        for e in range(effects.hold.shape[0]):
            each = fate.does[e, s]
            for i in range(each.shape[0]):
                leaves[i] += each[i]
            if effects.hold[e] > 0 and effects.gone[e] == 0:
                for i in range(each.shape[0]):
                    held[i] += each[i]


@kernel
def _look_at_units(people, fate, effects, hold_days, company, unit_size, unit_spread, rate, by_cell, relative, units):
    """Take from the odds who makes news, and who lives beside them.

    ``company[R, P, profile]`` as in :class:`Expected`. Units differ in size, and by who happens to live in them.
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
        weeks = hold_days[effects.hold[e]] / _DAYS
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
            units.silence[first + p] = np.exp(-_DAYS * of_mean * near)
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
def _meet_tempers(free, weekly, temper_of, people, on_average):
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
def _hear(people, on_average, becomes, units, work):
    """Monday: ``work.heard[R, S, news]``, the news that people of each status have; where they live after its changes.

    ``people.lives[R, S, kind]`` are the shares of those of a status who live in each kind of unit, ``_SHARES`` those of
    all. A lively unit has more ``people.news[R, kind, news]``, week by week, so more of the wary live in it than of the
    calm. As these do less, and make less news, ``units.tells[R, S]``, a neighbour there makes ``work.makes[R, kind]``
    times the mean.

    News reaches a person and the neighbours together, so whoever is wary by it has neighbours who are wary too, and is
    the less likely to have more, by ``people.calmer[R, S]``. A piece of news takes ``units.makers[R, 2]`` of that: by
    wary makers, and person-weeks of held ones.
    """
    free, news, lives, tells = people.free, people.news, people.lives, units.tells
    there_are, after, heard, makes, shares = work.people, work.after, work.heard, work.makes, _SHARES
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


@step
def _change_moods(people, weekly, becomes, runs, silence, work):
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
def _release(people, now):
    """Monday: those whose hold ended with the week are free before anything happens."""
    free, held, ended = people.free, people.held, people.held_long[now]
    for s in range(free.shape[0]):
        for i in range(free.shape[1]):
            free[s, i] += ended[s, i]
            held[s, i] = max(held[s, i] - ended[s, i], 0.0)
            ended[s, i] = 0.0


@inner
def _mondays(hold_days, day):
    """Mondays from now until those held from ``day`` on for so many days are released."""
    return release_day(day, day, hold_days) // _DAYS


@step
def _live_days(people, now, fate, effects, hold_days, work, days_free, days_held):
    """Seven days: releases, then what the acts of the day do; fills person-days free and held.

    Holds of a week or longer bring nobody back within the week, so they are booked at its end. Days from which one is
    released on the same Monday are booked as one.
    """
    free, held, held_short, held_long = people.free, people.held, people.held_short, people.held_long
    statuses, cells = free.shape
    mondays = held_long.shape[0]
    number = effects.hold.shape[0]
    briefly = False
    for e in range(number):
        briefly |= effects.hold[e] > 0 and effects.gone[e] == 0 and hold_days[effects.hold[e]] < _DAYS
    inside, gains, early = work.by_cell[0], work.gains, work.early
    inside[:] = 0.0
    days_free[:] = 0.0
    days_held[:] = 0.0
    for s in range(statuses):
        for i in range(cells):
            inside[i] += held[s, i]
    for day in range(_DAYS):
        if briefly:
            for s in range(statuses):
                for i in range(cells):
                    released = held_short[day, s, i]
                    held_short[day, s, i] = 0.0
                    free[s, i] += released
                    held[s, i] = max(held[s, i] - released, 0.0)
                    inside[i] -= released
        for i in range(cells):
            days_held[i] += inside[i]
        for hold in range(1, hold_days.shape[0]):
            if day > 0 and _mondays(hold_days[hold], day) > _mondays(hold_days[hold], day - 1):
                for s in range(statuses):
                    for i in range(cells):
                        early[hold, s, i] = days_free[s, i]
        gains[:] = 0.0
        for s in range(statuses):
            for i in range(cells):
                days_free[s, i] += free[s, i]
                inside[i] += free[s, i] * fate.held[s, i]
                gains[s, i] -= free[s, i] * fate.leaves[s, i]
            for e in range(number):
                hold, to = effects.hold[e], effects.after[e, s]
                if effects.gone[e] != 0:
                    continue
                if hold == 0:
                    for i in range(cells):
                        gains[to, i] += free[s, i] * fate.does[e, s, i]
                elif hold_days[hold] < _DAYS:
                    until = release_day(day, day, hold_days[hold])
                    for i in range(cells):
                        moved = free[s, i] * fate.does[e, s, i]
                        held_short[until, to, i] += moved
                        held[to, i] += moved
        for s in range(statuses):
            for i in range(cells):
                free[s, i] += gains[s, i]
    for s in range(statuses):
        for e in range(number):
            hold, to = effects.hold[e], effects.after[e, s]
            if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < _DAYS:
                continue
            # No more than two Mondays lie so far ahead of the days of one week.
            soon, last = _mondays(hold_days[hold], 0), _mondays(hold_days[hold], _DAYS - 1)
            first, second = held_long[(now + soon) % mondays], held_long[(now + last) % mondays]
            if soon == last:
                for i in range(cells):
                    moved = days_free[s, i] * fate.does[e, s, i]
                    first[to, i] += moved
                    held[to, i] += moved
            else:
                for i in range(cells):
                    moved = days_free[s, i] * fate.does[e, s, i]
                    sooner = early[hold, s, i] * fate.does[e, s, i]
                    first[to, i] += sooner
                    second[to, i] += moved - sooner
                    held[to, i] += moved
    if briefly:
        for day in range(_DAYS):
            for s in range(statuses):
                for i in range(cells):
                    held_short[day, s, i] = held_short[day + _DAYS, s, i]
                    held_short[day + _DAYS, s, i] = 0.0


@kernel
def _mix_units(free, lives, trait, shares):
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


@kernel
def _hold_as_ever(people, now, persons, as_first, fate, effects, hold_days, days_free, early, later):
    """Hold as many for a week or longer as if all weeks had been like the last, then make them ``persons[cell]``.

    Each Monday sees off what one week began. ``as_first[cell]`` and ``later[S, cell]`` are written over.
    """
    free, held, held_short, held_long, fined = (
        people.free,
        people.held,
        people.held_short,
        people.held_long,
        people.fined,
    )
    statuses, cells = free.shape
    mondays = held_long.shape[0]
    held_long[:] = 0.0
    held[:] = 0.0
    for day in range(held_short.shape[0]):
        for s in range(statuses):
            for i in range(cells):
                held[s, i] += held_short[day, s, i]
    for e in range(effects.hold.shape[0]):
        hold = effects.hold[e]
        if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < _DAYS:
            continue
        # The week is over, so that the first Monday ahead is now.
        soon, last = _mondays(hold_days[hold], 0), _mondays(hold_days[hold], _DAYS - 1)
        first, second = held_long[(now + soon - 1) % mondays], held_long[(now + last - 1) % mondays]
        for s in range(statuses):
            to = effects.after[e, s]
            for i in range(cells):
                begun = days_free[s, i] * fate.does[e, s, i]
                sooner = early[hold, s, i] * fate.does[e, s, i] if soon != last else begun
                first[to, i] += sooner
                second[to, i] += begun - sooner
                held[to, i] += soon * sooner + last * (begun - sooner)
    as_first[:] = 0.0
    for s in range(statuses):
        for i in range(cells):
            as_first[i] += free[s, i] + held[s, i]
    for i in range(cells):
        as_first[i] = persons[i] / as_first[i] if as_first[i] > 0.0 else 1.0
    for s in range(statuses):
        for i in range(cells):
            free[s, i] *= as_first[i]
            held[s, i] *= as_first[i]
            fined[s, i] *= as_first[i]
    for day in range(held_short.shape[0]):
        for s in range(statuses):
            for i in range(cells):
                held_short[day, s, i] *= as_first[i]
    later[:] = 0.0
    for ahead in range(mondays - 1, -1, -1):
        ends = held_long[(now + ahead) % mondays]
        for s in range(statuses):
            for i in range(cells):
                later[s, i] += ends[s, i] * as_first[i]
                ends[s, i] = later[s, i]


@step
def _fine(days_free, fate, effects, fined):
    """``fined[S, cell]``: those of the week whose penalty is news and holds nobody, by the status it leaves."""
    fined[:] = 0.0
    for e in range(effects.hold.shape[0]):
        if effects.told[e] and effects.hold[e] == 0 and effects.gone[e] == 0:
            for s in range(fined.shape[0]):
                to = effects.after[e, s]
                for i in range(fined.shape[1]):
                    fined[to, i] += days_free[s, i] * fate.does[e, s, i]


@step
def _spread_news(people, days_free, fate, neighbours, work):
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
def _live_week(
    people, now, weekly, on_average, becomes, runs, units, fate, effects, hold_days, work, days_free, days_held
):
    """One week from its Monday: fills the person-days ``days_free[S, cell]`` and ``days_held[cell]``."""
    _release(people, now)
    _hear(people, on_average, becomes, units, work)
    _change_moods(people, weekly, becomes, runs, units.silence, work)
    _live_days(people, now, fate, effects, hold_days, work, days_free, days_held)
    _fine(days_free, fate, effects, people.fined)
    _spread_news(people, days_free, fate, units.neighbours, work)


@kernel
def _count_states(days_free, days_held, terms, here, states):
    """Person-days become intents ``states[R, class, A, state]``; ``here[T, U]`` are written over."""
    rate, chosen, taken, kinds = terms.rate, terms.chosen, terms.taken, terms.kinds
    regions, classes, acts = rate.shape
    traits, moods = here.shape
    for r in range(regions):
        for p in range(classes):
            i = r * classes + p
            for t in range(traits):
                for u in range(moods):
                    here[t, u] = days_free[u * traits + t, i]
            x, m = kinds.standing[kinds.of_class[p]], kinds.temper[kinds.of_class[p]]
            for a in range(acts):
                row, intents = states[r, p, a], rate[r, p, a]
                row[:] = 0.0
                if intents == 0.0:
                    continue
                row[0] = days_held[i] * intents
                for j in range(taken.first[a], taken.first[a + 1]):
                    for t in range(traits):
                        begun = 0.0
                        for u in range(moods):
                            begun += here[t, u] * chosen[r, m, u, j]
                        begun *= intents
                        if taken.way[j] < _MODES_FROM:
                            row[taken.way[j]] += begun
                        else:
                            for state in range(_STATES):
                                row[state] += begun * terms.comes[r, x, t, j, state]


@kernel
def _count_ways(days_free, days_held, terms, here, acted, modes, flow):
    """Person-days become intents ``modes[R, A, way, state]``, and acts begun, ``flow[R, X, T, taken]``.

    What an act leaves depends on traits but not on mood, so acts are added up over moods first. ``here[P, T, U]`` are
    the person-days of one region, and ``acted[kind, T, U]`` the intents to do one act; both are written over.
    """
    rate, chosen, taken, comes, kinds = terms.rate, terms.chosen, terms.taken, terms.comes, terms.kinds
    regions, classes, acts = rate.shape
    traits, moods = here.shape[1:]
    modes[:] = 0.0
    flow[:] = 0.0
    for r in range(regions):
        for u in range(moods):
            for t in range(traits):
                for p in range(classes):
                    here[p, t, u] = days_free[u * traits + t, r * classes + p]
        for a in range(acts):
            acted[:] = 0.0
            for p in range(classes):
                intents = rate[r, p, a]
                if intents == 0.0:
                    continue
                of_kind = acted[kinds.of_class[p]]
                for t in range(traits):
                    for u in range(moods):
                        of_kind[t, u] += here[p, t, u] * intents
                modes[r, a, 0, 0] += days_held[r * classes + p] * intents
            for y in range(acted.shape[0]):
                x, m = kinds.standing[y], kinds.temper[y]
                for t in range(traits):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        begun = 0.0
                        for u in range(moods):
                            begun += acted[y, t, u] * chosen[r, m, u, i]
                        flow[r, x, t, i] += begun
            for x in range(comes.shape[1]):
                for t in range(traits):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        w, begun = taken.way[i], flow[r, x, t, i]
                        if w < _MODES_FROM:
                            modes[r, a, w, w] += begun
                            flow[r, x, t, i] = 0.0
                            continue
                        for state in range(_STATES):
                            modes[r, a, w, state] += begun * comes[r, x, t, i, state]


@kernel
def _count_holds(days_free, does, hold, holds):
    """``holds[hold class, cell]`` begun in these person-days; none of the first class, which holds nobody."""
    holds[:] = 0.0
    for e in range(hold.shape[0]):
        if hold[e] > 0:
            for s in range(days_free.shape[0]):
                for i in range(days_free.shape[1]):
                    holds[hold[e], i] += days_free[s, i] * does[e, s, i]


@kernel
def _share_out(of_class, alike, share, out):
    """``out[R, P, ...]``: each profile's share of what its class came to."""
    for r in range(out.shape[0]):
        for p in range(out.shape[1]):
            for i in range(out.shape[2]):
                out[r, p, i] = of_class[r, alike[p], i] * share[r, p]


class Lived:
    """What people came to in some weeks under one renewal of the odds. Acts are added up when somebody asks for them.

    Odds are the same on all days of a renewal, so person-days say it all; few ask for each week by itself.
    """

    def __init__(self, terms: _Terms, days_free: Floats, days_held: Floats) -> None:
        """``days_free[S, cell]`` and ``days_held[cell]``: person-days of people who are free, and held."""
        self._terms, self._free, self._held = terms, days_free, days_held

    def __add__(self, other: "Lived") -> "Lived":
        """Both together; ValueError if their odds differ."""
        if other._terms is not self._terms:
            raise ValueError("weeks under different odds are no weeks of one renewal")
        return Lived(self._terms, self._free + other._free, self._held + other._held)

    @cached_property
    def states(self) -> Floats:
        """``[R, P, A, state]``: intents."""
        states = np.empty((*self._terms.rate.shape, _STATES))
        _count_states(self._free, self._held, self._terms, np.empty(self._of_status), states)
        return self._of_profiles(states)

    @property
    def modes(self) -> Floats:
        """``[R, A, way, state]``: the same by way, of all profiles."""
        return self._ways[0]

    @property
    def flow(self) -> Floats:
        """``[R, X, T, taken]``: acts begun, by who began them, in the ways that anybody takes."""
        return self._ways[1]

    @cached_property
    def held(self) -> Floats:
        """``[R, P, hold class]``: holds begun."""
        terms = self._terms
        held = np.empty((terms.holds, len(self._held)))
        _count_holds(self._free, terms.does, terms.hold, held)
        return self._of_profiles(held.T.reshape(*terms.rate.shape[:2], terms.holds))

    @cached_property
    def _ways(self) -> tuple[Floats, Floats]:
        terms, traits_and_moods = self._terms, self._of_status
        regions, classes, acts = terms.rate.shape
        modes = np.empty((regions, acts, terms.ways, _STATES))
        flow = np.empty(terms.comes.shape[:-1])
        here = np.empty((classes, *traits_and_moods))
        acted = np.empty((len(terms.kinds.standing), *traits_and_moods))
        _count_ways(self._free, self._held, terms, here, acted, modes, flow)
        return modes, flow

    @property
    def _of_status(self) -> tuple[int, int]:
        """Traits and moods."""
        return self._terms.comes.shape[2], self._terms.chosen.shape[2]

    def _of_profiles(self, of_class: Floats) -> Floats:
        return _of_profiles(of_class, self._terms.alike, self._terms.share)


def _of_profiles(of_class: Floats, alike: NDArray[np.int32], share: Floats) -> Floats:
    """``[R, P, ...]`` of ``[R, class, ...]``."""
    regions, classes, *rest = of_class.shape
    out = np.empty((regions, len(alike), *rest))
    rows = np.ascontiguousarray(of_class).reshape(regions, classes, -1)
    _share_out(rows, alike, share, out.reshape(*out.shape[:2], -1))
    return out


class Expected:
    """The engine of expectations.

    ``people[R, P, S]`` are the persons at the start, all free; ``unit_size[R]`` and ``unit_spread[R]`` are the mean
    persons of a unit, as its members see it, and their standard deviation. Profiles with the same number in
    ``alike[P]`` act by the same odds and are carried as one class. ``company[R, P, profile]``: how many more neighbours
    of each profile somebody has than any person of the region does, since households are of a kind.
    """

    def __init__(
        self,
        people: Floats,
        layout: Layout,
        unit_size: Floats,
        unit_spread: Floats,
        alike: NDArray[np.int32] | None = None,
        company: Floats | None = None,
    ) -> None:
        people = np.asarray(people, dtype=np.float64)
        regions, profiles, statuses = people.shape
        self.alike = np.arange(profiles, dtype=np.int32) if alike is None else alike
        self._one_of = np.unique(self.alike, return_index=True)[1]
        self._shape = (regions, len(self._one_of), statuses)
        longest = int(layout.hold_days.max(initial=0))
        self.layout = layout._replace(
            standing_of=layout.standing_of[self._one_of], temper_of=layout.temper_of[self._one_of]
        )
        free = np.zeros(self._shape)
        for profile in range(profiles):
            free[:, self.alike[profile]] += people[:, profile]
        of_profile = people.sum(axis=2)
        of_class = free.sum(axis=2)[:, self.alike]
        self._share = np.divide(of_profile, of_class, out=np.zeros_like(of_profile), where=of_class > 0)
        self._company = np.zeros((regions, self._shape[1], self._shape[1]))
        if company is not None:
            everywhere, one, other = np.ogrid[:regions, :profiles, :profiles]
            at = (everywhere, self.alike[one], self.alike[other])
            np.add.at(self._company, at, self._share[:, :, None] * company)
        self._persons = free.sum(axis=2).reshape(-1)
        # What an intent comes to differs by what somebody can pay and how he or she chooses.
        kinds = np.stack([self.layout.standing_of, self.layout.temper_of], axis=1)
        (standing, temper), of_class = _numbered(kinds)
        self._kinds = _Kinds(standing, temper, of_class)
        self._effects = _effects(self.layout)
        self._unit_size, self._unit_spread = unit_size, unit_spread
        self._ceiling: NDArray[np.uint32] | None = None
        self._routes = Routes(self.layout)
        self._marked = np.empty(0)
        # Cells stand last: what a week does, it does to all of them alike.
        by_status = np.ascontiguousarray(free.reshape(-1, statuses).T)
        cells, units = by_status.shape[1], len(_SHARES)
        all_of, mondays = by_status.shape, (longest + 2 * _DAYS) // _DAYS + 1
        news = np.zeros((regions, units, NEWS_KINDS))
        news[..., 0] = 1.0
        self._people = _People(
            free=by_status,
            held=np.zeros(all_of),
            held_short=np.zeros((_SHORT, *all_of)),
            held_long=np.zeros((mondays, *all_of)),
            fined=np.zeros(all_of),
            news=news,
            lives=np.tile(_SHARES, (regions, statuses, 1)),
            calmer=np.zeros((regions, statuses)),
        )
        self._now = 0
        self._units = _Units(
            np.empty((regions, units)), np.empty(cells), np.empty((regions, statuses)), np.empty((regions, 2))
        )
        self._work = _Work(
            by_cell=np.empty((5, cells)),
            gains=np.empty(all_of),
            early=np.zeros((len(layout.hold_days), *all_of)),
            people=np.empty(statuses),
            after=np.empty((statuses, units)),
            shift=np.empty((3, statuses)),
            heard=np.empty((regions, statuses, NEWS_KINDS)),
            makes=np.empty((regions, units)),
            made_news=np.empty((regions, NEWS_KINDS)),
        )

    @property
    def free(self) -> Floats:
        """``[R, class, S]``: persons who are free."""
        return self._by_region(self._people.free)

    def _by_status(self, x: Floats) -> Floats:
        """``[S, cell]`` of ``[R, class, S]``."""
        return np.ascontiguousarray(x.reshape(-1, x.shape[-1]).T)

    def _by_region(self, x: Floats) -> Floats:
        """``[R, class, S]`` of ``[S, cell]``."""
        return np.ascontiguousarray(x.T).reshape(self._shape)

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay, people = self.layout, self._people
        regions, tempers, moods, acts, ways = odds.way.shape
        classes, statuses = self._shape[1:]
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        accept = odds.accept[:, self._one_of] / _ONE
        used = np.zeros((acts, ways), np.bool_)
        _find_used(odds.way.reshape(-1, acts, ways), used)
        taken = _Taken(np.append(0, np.cumsum(used.sum(axis=1))), np.nonzero(used)[1])
        number = np.full(used.shape, NOTHING, np.int64)
        number[used] = np.arange(len(taken.way))
        self._routes.take(odds, number)
        left = self._routes.left()
        does = np.empty((len(self._effects.hold) + NEWS_KINDS - 1, *people.free.shape))
        comes = np.empty((*left.shape[:-1], _STATES))
        self._marked = room(self._marked, (*left.shape[:2], len(taken.way), left.shape[2], len(does)))
        _gather(left, lay.state_of, lay.news_of, self._effects.of_mark, comes, self._marked)
        chosen = np.empty((regions, tempers, moods, len(taken.way)))
        _choose(odds.way, taken, chosen)
        rate, work = np.empty((regions, classes, acts)), self._work
        marked = self._marked.reshape(*self._marked.shape[:3], -1)
        self._fate = _Fate(does, *np.empty((2, *people.free.shape)))
        _fates(
            self._daily, self._pick, accept, chosen, taken, marked, self._kinds, self._effects,
            np.empty((acts, statuses * len(does))), np.empty((classes, statuses * len(does))), rate, self._fate,
        )  # fmt: skip
        self._terms = _Terms(
            rate, chosen, taken, comes, self._kinds, does, self._effects.hold, self.alike, self._share, ways, moods,
            len(lay.hold_days),
        )  # fmt: skip
        self._lived: list[Lived] = []
        self._weekly = chances(odds.weekly)
        self._on_average = np.empty((regions, *self._weekly.shape[2:]))
        _meet_tempers(people.free, self._weekly, lay.temper_of, np.empty(tempers), self._on_average)
        self._runs = _runs(self._weekly, lay.temper_of)
        _look_at_units(
            people, self._fate, self._effects, lay.hold_days, self._company, self._unit_size, self._unit_spread,
            work.gains, np.empty((4, people.free.shape[1])), np.empty(classes), self._units,
        )  # fmt: skip

    def _take_occasions(self, odds: Odds) -> None:
        """Daily chances of candidate days and of acts, by class; ValueError if profiles said to be alike are not."""
        for rows in (odds.ceiling, odds.pick, odds.accept):
            if (rows != rows[:, self._one_of[self.alike]]).any():
                raise ValueError("profiles carried as one class do not act by the same odds")
        days = np.array([int(i).bit_count() for i in range(128)]) / _DAYS
        # A sum in a fixed order, not a matrix product: the same bits on every machine.
        self._daily = (chances(odds.ceiling[:, self._one_of]) * days).sum(axis=-1)
        self._pick = chances(odds.pick[:, self._one_of])
        self._ceiling = odds.ceiling

    def advance(self) -> Lived:
        """Live one week under the odds taken last."""
        days_free, days_held = np.empty_like(self._people.free), np.empty(self._people.free.shape[1])
        _live_week(
            self._people, self._now, self._weekly, self._on_average, self.layout.becomes, self._runs, self._units,
            self._fate, self._effects, self.layout.hold_days, self._work, days_free, days_held,
        )  # fmt: skip
        self._now = (self._now + 1) % len(self._people.held_long)
        self._lived.append(Lived(self._terms, days_free, days_held))
        self._days_free = days_free
        return self._lived[-1]

    def lived(self) -> Lived:
        """All weeks since the odds were renewed, of which there is at least one."""
        whole = self._lived.pop(0)
        for week in self._lived:
            whole += week
        self._lived = [whole]
        return whole

    def contacts(self) -> Contacts:
        """Expected contacts since the odds were renewed."""
        return Contacts(self._routes, self.lived().flow)

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        return _of_profiles(self._by_region(self._people.free + self._people.held), self.alike, self._share)

    def state(self) -> dict[str, Floats]:
        """All that it carries from week to week, for a checkpoint; ``held_long`` begins with the coming Monday."""
        people = self._people
        return {
            "free": people.free,
            "held_short": people.held_short,
            "held_long": np.roll(people.held_long, -self._now, axis=0),
            "held": people.held,
            "mean_news": people.news,
            "lives": people.lives,
            "calmer": people.calmer,
            "fined": people.fined,
        }

    def take_up(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Go to the state that :meth:`state` described."""
        for name, array in self._people._asdict().items():
            array[:] = state["mean_news" if name == "news" else name]
        self._now = 0

    def settle(self, factor: Floats, trait: NDArray[np.int32]) -> None:
        """Go on as if it had always been like the last week, with ``factor[R, P, S]`` times the people of each status.

        As many are held as such weeks come to; a class has as many people as at first; and people of each
        ``trait[S]``, which never changes, live in all kinds of units alike.
        """
        of, early = self._people, self._work.early
        _mix_units(of.free, of.lives, trait, _SHARES)
        by_cell = self._by_status(factor[:, self._one_of])
        for persons in (of.free, of.held_short, of.fined, early):
            persons *= by_cell
        _hold_as_ever(
            of, self._now, self._persons, np.empty_like(self._persons), self._fate, self._effects,
            self.layout.hold_days, self._days_free * by_cell, early, np.empty_like(of.free),
        )  # fmt: skip


@kernel
def _find_used(way, used):
    """Set ``used[A, W]`` where the thresholds ``way[.., A, W]`` leave anybody a way to do an act."""
    rows, acts, ways = way.shape
    # Laid out in one row: the last threshold of an act is above all others, so the first of the next never counts.
    of_row = used.reshape(acts * ways)
    for n in range(rows):
        row = way[n].reshape(acts * ways)
        for i in range(1, acts * ways):
            of_row[i] |= row[i] > row[i - 1]
        for a in range(acts):
            used[a, 0] |= row[a * ways] > 0


def _runs(weekly: Floats, temper_of: NDArray[np.int32]) -> NDArray[np.int32]:
    """``[run, (first, end, temper)]``: classes in a row whose statuses change by the same ``weekly[R, M, ...]``."""
    runs = np.empty((len(temper_of), 3), np.int32)
    number = _find_runs(weekly.reshape(*weekly.shape[:2], -1), temper_of, np.empty(weekly.shape[1], np.int32), runs)
    return runs[:number]


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


def _numbered(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The different rows, each column by itself, and the number of each row's like among them."""
    different, number = np.unique(rows, axis=0, return_inverse=True)
    return np.ascontiguousarray(different.T), number.reshape(-1).astype(np.int32)
