"""The expectation of the same process over classes of people: no draws, same odds, same tallies (as ``float64``).

People of one (region, profile, status) are alike. A day moves mass between statuses and into holds; a week begins with
the changes of mood. What a begun act leaves is worked out once per renewal of the odds
(:mod:`greyspace.engine.routes`). It is exact for the odds given, up to rounding, except for news, which neighbours hear
together and which they make. Of how a region's units differ only the leading terms are carried: three kinds of units by
how lively they are, with the people of each status spread over them; by how much the neighbours of the wary are warier
than others', since they heard the same; that households are of a kind; and that the fined hear of themselves.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import NOTHING, ONE, STATES, WAYS_NOT_BEGUN, Layout, Odds, Tallies, chances, new_tallies
from greyspace.contract.axes import NEWS_KINDS
from greyspace.draws import kernel
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
_MOST_SPREAD = 1.0 / np.sqrt(3.0)
"""With more the quietest units would have less than no news."""

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

    does: Floats  # [effect, S, cell]
    leaves: Floats  # [S, cell] over all effects
    held: Floats  # [S, cell] over those that hold somebody
    acts: NDArray[np.bool_]  # [cell] whether there is any


class _Kinds(NamedTuple):
    """Kinds of people who choose alike and can pay alike."""

    standing: NDArray[np.int32]  # [kind]
    temper: NDArray[np.int32]  # [kind]
    of_class: NDArray[np.int32]  # [class] -> kind


class _Taken(NamedTuple):
    """The ways by which anybody at all does an act, act by act; most acts have one."""

    first: NDArray[np.int64]  # [A + 1]: those of an act begin here
    way: NDArray[np.int64]


class _Work(NamedTuple):
    """Room for one week, written over again and again."""

    inside: Floats  # [cell] who is held
    idle: NDArray[np.bool_]  # [cell] whether nothing happens there
    later: Floats  # [S, cell] person-days left of the week
    gains: Floats  # [S, cell]
    on_day: Floats  # [day, S, cell]
    booked: Floats  # [one Monday or the next, S, cell]


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
def _gather(left, state_of, news_of, effect_of, comes):
    """``comes[R, X, T, taken, (state, effect, news)]`` of chances of marks."""
    regions, standings, traits, taken, marks = left.shape
    for r in range(regions):
        for x in range(standings):
            for t in range(traits):
                for i in range(taken):
                    row = comes[r, x, t, i]
                    row[:] = 0.0
                    for k in range(marks):
                        share = left[r, x, t, i, k]
                        if share == 0.0:
                            continue
                        row[state_of[k]] += share
                        if news_of[k] != 0:
                            row[-news_of[k]] += share
                        if effect_of[k] != NOTHING:
                            row[_STATES + effect_of[k]] += share


@kernel
def _choose(way, taken, chosen):
    """``chosen[R, M, taken, U]``: chances, by the mood, of the ways that anybody takes."""
    regions, tempers, _, moods = chosen.shape
    for r in range(regions):
        for m in range(tempers):
            for a in range(taken.first.shape[0] - 1):
                for i in range(taken.first[a], taken.first[a + 1]):
                    w = taken.way[i]
                    for u in range(moods):
                        row = way[r, m, u, a]
                        before = np.float64(row[w - 1]) if w > 0 else 0.0
                        chosen[r, m, i, u] = (np.float64(row[w]) - before) / _ONE


@kernel
def _fates(daily, pick, accept, chosen, taken, comes, kinds, effects, does, of_cell, rate, fate):
    """Per free day: ``rate[R, P, A]`` of intents, and what acts do to people, ``fate``.

    ``does[S, effect]`` of one act of one kind of people, and ``of_cell[P, (S, effect)]`` are written over.
    """
    regions, profiles, acts = pick.shape
    number, statuses = fate.does.shape[:2]
    traits = comes.shape[2]
    for r in range(regions):
        of_cell[:] = 0.0
        for y in range(kinds.standing.shape[0]):
            x, m = kinds.standing[y], kinds.temper[y]
            for a in range(acts):
                does[:] = 0.0
                for s in range(statuses):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        f = chosen[r, m, i, s // traits]
                        if taken.way[i] >= _MODES_FROM and f != 0.0:
                            for e in range(number):
                                does[s * number + e] += f * comes[r, x, s % traits, i, _STATES + e]
                for p in range(profiles):
                    if kinds.of_class[p] != y:
                        continue
                    intents = daily[r, p] * pick[r, p, a] * accept[r, p, a]
                    rate[r, p, a] = intents
                    if intents != 0.0:
                        for j in range(statuses * number):
                            of_cell[p, j] += intents * does[j]
        for p in range(profiles):
            cell = r * profiles + p
            fate.acts[cell] = False
            for s in range(statuses):
                leaves = held = 0.0
                for e in range(number):
                    share = of_cell[p, s * number + e]
                    fate.does[e, s, cell] = share
                    leaves += share
                    if effects.hold[e] > 0 and effects.gone[e] == 0:
                        held += share
                fate.leaves[s, cell], fate.held[s, cell] = leaves, held
                fate.acts[cell] |= leaves > 0.0


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


@kernel
def _share_luck(people, made, tells, on_average, becomes, makers, calmer, shift, heard):
    """Lessen ``heard[S, news]`` of those whose neighbours are wary with them, and take ``calmer[S]`` a week on.

    By what news shifts people between statuses, ``shift``, neighbours make less of it; so does whoever made it,
    ``makers``, being wary or held. How fast that passes is taken from the shift: by how much less it makes of them a
    week later. What holds take is spread over as long.
    """
    statuses, kinds = heard.shape
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
            for n in range(1, kinds):
                heard[s, n] *= 1.0 + more / (1.0 - quiet)
            heard[s, 0] = quiet - more
        for c in range(becomes.shape[1]):
            moves = 0.0
            for n in range(1, kinds):
                moves += heard[s, n] * (on_average[n, s, c] - on_average[0, s, c])
            moves *= people[s] / (total * chance)
            shift[0, becomes[s, c]] += moves
            shift[0, s] -= moves
    for s in range(statuses):
        shift[1, s] += shift[0, s]
        shift[2, s] += calmer[s]
        for c in range(becomes.shape[1]):
            moves = 0.0
            for n in range(kinds):
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


@kernel
def _hear(free, news, on_average, becomes, tells, makers, shares, lives, calmer, people, after, shift, heard, makes):
    """Monday: ``heard[R, S, news]``, the news that people of each status have, and where they live after its changes.

    ``lives[R, S, kind]`` are the shares of those of a status who live in each kind of unit, ``shares[kind]`` those of
    all. A lively unit has more ``news[R, kind, news]``, week by week, so more of the wary live in it than of the calm.
    As these do less, and make less news, ``tells[R, S]``, a neighbour there makes ``makes[R, kind]`` times the mean.

    News reaches a person and the neighbours together, so whoever is wary by it has neighbours who are wary too, and is
    the less likely to have more: ``calmer[R, S]`` is the covariance of being of a status with the news that a neighbour
    makes. A piece of news takes ``makers[R, 2]`` of that: by wary makers, and person-weeks of held ones.

    ``people[S]``, ``after[S, kind]`` and ``shift[3, S]`` are written over.
    """
    statuses, kinds = after.shape
    profiles = free.shape[1] // lives.shape[0]
    for r in range(lives.shape[0]):
        total = 0.0
        for s in range(statuses):
            people[s] = 0.0
            for p in range(profiles):
                people[s] += free[s, r * profiles + p]
            total += people[s]
        # Acts change statuses too; nobody moves from unit to unit by them.
        for k in range(kinds):
            there = 0.0
            for s in range(statuses):
                there += people[s] * lives[r, s, k]
            if there > 0.0:
                for s in range(statuses):
                    lives[r, s, k] *= shares[k] * total / there
        after[:] = 0.0
        made = 0.0
        for s in range(statuses):
            made += people[s] * tells[r, s]
        for s in range(statuses):
            of_all = 0.0
            for k in range(kinds):
                of_all += lives[r, s, k]
            heard[r, s] = 0.0
            for k in range(kinds):
                share = lives[r, s, k] / of_all
                for n in range(news.shape[2]):
                    heard[r, s, n] += share * news[r, k, n]
                stay = share
                for c in range(becomes.shape[1]):
                    moves = 0.0
                    for n in range(news.shape[2]):
                        moves += news[r, k, n] * on_average[r, n, s, c]
                    after[becomes[s, c], k] += people[s] * share * moves
                    stay -= share * moves
                # Where everybody changes, rounding may leave a little less than nobody.
                after[s, k] += people[s] * max(stay, 0.0)
        _share_luck(people, made, tells[r], on_average[r], becomes, makers[r], calmer[r], shift, heard[r])
        made = 0.0
        makes[r] = 0.0
        for s in range(statuses):
            of_all = 0.0
            for k in range(kinds):
                of_all += after[s, k]
                makes[r, k] += after[s, k] * tells[r, s]
            made += of_all * tells[r, s]
            for k in range(kinds):
                lives[r, s, k] = after[s, k] / of_all if of_all > 0.0 else shares[k]
        for k in range(kinds):
            makes[r, k] = makes[r, k] / (made * shares[k]) if made > 0.0 else 1.0


@kernel
def _change_moods(free, weekly, becomes, temper_of, heard, fined, silence, chance, by_news, by_cell, after):
    """Monday: every status of free people moves by its changes of the week, given the news ``heard[R, S, news]``.

    ``fined[S, cell]`` hear of themselves; ``silence[cell]`` is how much likelier than others a class is to hear nothing
    from those it lives with. ``chance[R, M, S, change]``, what news does to it, ``by_news``, and ``by_cell[change,
    cell]``, each with no change at its end, and ``after[S, cell]`` are written over.
    """
    regions, tempers = weekly.shape[:2]
    statuses, cells = free.shape
    changes = becomes.shape[1]
    profiles = temper_of.shape[0]
    after[:] = 0.0
    for r in range(regions):
        for m in range(tempers):
            for s in range(statuses):
                row, more = chance[r, m, s], by_news[r, m, s]
                quiet = heard[r, s, 0]
                row[changes] = 1.0
                more[changes] = 0.0
                for c in range(changes):
                    row[c] = 0.0
                    for n in range(heard.shape[2]):
                        row[c] += heard[r, s, n] * weekly[r, m, n, s, c]
                    row[changes] -= row[c]
                    told = row[c] - weekly[r, m, 0, s, c]
                    more[c] = told / (1.0 - quiet) if quiet < 1.0 else 0.0
                    more[changes] -= more[c]
    for s in range(statuses):
        for r in range(regions):
            quiet = heard[r, s, 0]
            for p in range(profiles):
                i = r * profiles + p
                # Nobody's household tells anything before there is news.
                still = quiet * silence[i] if quiet < 1.0 else 1.0
                if fined[s, i] > 0.0 and free[s, i] > 0.0:
                    still *= 1.0 - min(fined[s, i] / free[s, i], 1.0)
                more = quiet - min(still, 1.0)
                for c in range(changes + 1):
                    by_cell[c, i] = chance[r, temper_of[p], s, c] + more * by_news[r, temper_of[p], s, c]
        for i in range(cells):
            after[s, i] += free[s, i] * by_cell[changes, i]
        for c in range(changes):
            to = becomes[s, c]
            for i in range(cells):
                after[to, i] += free[s, i] * by_cell[c, i]
    for s in range(statuses):
        for i in range(cells):
            free[s, i] = after[s, i]


@kernel
def _release(free, held_long, held):
    """Monday: those whose hold ended with the week, ``held_long[S, cell]``, are free before anything happens."""
    for s in range(free.shape[0]):
        for i in range(free.shape[1]):
            released = held_long[s, i]
            free[s, i] += released
            held[s, i] = max(held[s, i] - released, 0.0)
            held_long[s, i] = 0.0


@kernel
def _live_days(free, held_short, held_long, now, held, fate, effects, hold_days, days_free, days_held, holds, work):
    """Seven days: releases, then what the acts of the day do; fills person-days free and held, and the holds begun.

    ``held_short[i, S, cell]`` is released on day i from this Monday, ``held_long[now + i, S, cell]`` on the i-th
    Monday, round and round; ``held[S, cell]`` are all of them. Holds of a week or longer bring nobody back within the
    week, so they are booked at its end. Days from which one is released on the same Monday are booked as one.
    """
    statuses, cells = free.shape
    mondays = held_long.shape[0]
    number = fate.does.shape[0]
    briefly = False
    for e in range(number):
        briefly |= effects.hold[e] > 0 and effects.gone[e] == 0 and hold_days[effects.hold[e]] < _DAYS
    inside, later, gains, on_day, booked = work.inside, work.later, work.gains, work.on_day, work.booked
    inside[:] = 0.0
    later[:] = 0.0
    days_free[:] = 0.0
    days_held[:] = 0.0
    holds[:] = 0.0
    for s in range(statuses):
        for i in range(cells):
            inside[i] += held[s, i]
    for i in range(cells):
        work.idle[i] = not fate.acts[i] and (inside[i] == 0.0 or not briefly)
        if work.idle[i]:
            days_held[i] = _DAYS * inside[i]
    for day in range(_DAYS):
        if briefly:
            for s in range(statuses):
                for i in range(cells):
                    if not work.idle[i]:
                        released = held_short[day, s, i]
                        held_short[day, s, i] = 0.0
                        free[s, i] += released
                        held[s, i] = max(held[s, i] - released, 0.0)
                        inside[i] -= released
        for i in range(cells):
            if not work.idle[i]:
                days_held[i] += inside[i]
        for s in range(statuses):
            for i in range(cells):
                on_day[day, s, i] = free[s, i]
                gains[s, i] = -free[s, i] * fate.leaves[s, i]
            for i in range(cells):
                days_free[s, i] += free[s, i]
                later[s, i] += (_DAYS - 1 - day) * free[s, i]
        for e in range(number):
            hold = effects.hold[e]
            if effects.gone[e] != 0:
                continue
            for s in range(statuses):
                to = effects.after[e, s]
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
        for i in range(cells):
            if work.idle[i]:
                days_free[s, i] = _DAYS * free[s, i]
        for i in range(cells):
            days_held[i] += later[s, i] * fate.held[s, i]
    of_hold = 0
    for e in range(number):
        hold = effects.hold[e]
        for s in range(statuses):
            for i in range(cells):
                holds[hold, i] += days_free[s, i] * fate.does[e, s, i]
        if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < _DAYS:
            continue
        # No more than two Mondays lie so far ahead of the days of one week.
        weeks = release_day(0, 0, hold_days[hold]) // _DAYS
        if hold != of_hold:
            of_hold = hold
            booked[:] = 0.0
            for day in range(_DAYS):
                part = release_day(day, day, hold_days[hold]) // _DAYS - weeks
                for s in range(statuses):
                    for i in range(cells):
                        booked[part, s, i] += on_day[day, s, i]
        for part in range(release_day(_DAYS - 1, _DAYS - 1, hold_days[hold]) // _DAYS - weeks + 1):
            at = (now + weeks + part) % mondays
            for s in range(statuses):
                to = effects.after[e, s]
                for i in range(cells):
                    moved = booked[part, s, i] * fate.does[e, s, i]
                    held_long[at, to, i] += moved
                    held[to, i] += moved
    if briefly:
        for day in range(_DAYS):
            for s in range(statuses):
                for i in range(cells):
                    if not work.idle[i]:
                        held_short[day, s, i] = held_short[day + _DAYS, s, i]
                        held_short[day + _DAYS, s, i] = 0.0


@kernel
def _fine(days_free, fate, effects, fined):
    """``fined[S, cell]``: those of the week whose penalty is news and holds nobody, by the status it leaves."""
    fined[:] = 0.0
    for e in range(effects.hold.shape[0]):
        if effects.told[e] and effects.hold[e] == 0 and effects.gone[e] == 0:
            for s in range(fined.shape[0]):
                to = effects.after[e, s]
                for i in range(fined.shape[1]):
                    fined[to, i] += days_free[s, i] * fate.does[e, s, i]


@kernel
def _tally(days_free, days_held, rate, chosen, taken, comes, kinds, here, acted, states, modes, flow, news):
    """Person-days become intents ``states[R, P, A, state]``, begun acts by way (added to ``flow``), and news.

    What an act leaves depends on traits but not on mood, so acts are added up over moods first. ``here[P, T, U]`` are
    the person-days of one region, and ``acted[kind, T, U]`` the intents to do one act.
    """
    regions, profiles, acts = rate.shape
    traits, moods = here.shape[1:]
    modes[:] = 0.0
    news[:] = 0.0
    for r in range(regions):
        for u in range(moods):
            for t in range(traits):
                for p in range(profiles):
                    here[p, t, u] = days_free[u * traits + t, r * profiles + p]
        for p in range(profiles):
            x, m = kinds.standing[kinds.of_class[p]], kinds.temper[kinds.of_class[p]]
            for a in range(acts):
                row, intents = states[r, p, a], rate[r, p, a]
                row[:] = 0.0
                if intents == 0.0:
                    continue
                row[0] = days_held[r * profiles + p] * intents
                for i in range(taken.first[a], taken.first[a + 1]):
                    w = taken.way[i]
                    for t in range(traits):
                        begun = 0.0
                        for u in range(moods):
                            begun += here[p, t, u] * chosen[r, m, i, u]
                        begun *= intents
                        if w < _MODES_FROM:
                            row[w] += begun
                        else:
                            for state in range(_STATES):
                                row[state] += begun * comes[r, x, t, i, state]
        for a in range(acts):
            acted[:] = 0.0
            for p in range(profiles):
                intents = rate[r, p, a]
                if intents == 0.0:
                    continue
                of_kind = acted[kinds.of_class[p]]
                for t in range(traits):
                    for u in range(moods):
                        of_kind[t, u] += here[p, t, u] * intents
                modes[r, a, 0, 0] += days_held[r * profiles + p] * intents
            for x in range(comes.shape[1]):
                for t in range(traits):
                    for i in range(taken.first[a], taken.first[a + 1]):
                        w = taken.way[i]
                        begun = 0.0
                        for y in range(acted.shape[0]):
                            if kinds.standing[y] == x:
                                for u in range(moods):
                                    begun += acted[y, t, u] * chosen[r, kinds.temper[y], i, u]
                        if w < _MODES_FROM:
                            modes[r, a, w, w] += begun
                            continue
                        of_way = comes[r, x, t, i]
                        flow[r, x, t, i] += begun
                        for state in range(_STATES):
                            modes[r, a, w, state] += begun * of_way[state]
                        for kind in range(1, NEWS_KINDS):
                            news[r, kind] += begun * of_way[-kind]


@kernel
def _share_out(of_class, alike, share, out):
    """``out[R, P, ...]``: each profile's share of what its class came to."""
    for r in range(out.shape[0]):
        for p in range(out.shape[1]):
            for i in range(out.shape[2]):
                out[r, p, i] = of_class[r, alike[p], i] * share[r, p]


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
            for one, other in np.ndindex(profiles, profiles):
                self._company[:, self.alike[one], self.alike[other]] += self._share[:, one] * company[:, one, other]
        # Cells stand last: what a week does, it does to all of them alike.
        self._free = self._by_status(free)
        self._held_short = np.zeros((_SHORT, *self._free.shape))
        self._held_long = np.zeros(((longest + 2 * _DAYS) // _DAYS + 1, *self._free.shape))
        self._held = np.zeros_like(self._free)
        # What an intent comes to differs by what somebody can pay and how he or she chooses.
        kinds = np.stack([self.layout.standing_of, self.layout.temper_of], axis=1)
        (standing, temper), of_class = _numbered(kinds)
        self._kinds = _Kinds(standing, temper, of_class)
        self._effects = _effects(self.layout)
        self._now = 0
        self.news = np.zeros((regions, len(_SHARES), NEWS_KINDS))
        self.news[..., 0] = 1.0
        self._lives = np.tile(_SHARES, (regions, statuses, 1))
        self._calmer = np.zeros((regions, statuses))
        self._fined = np.zeros_like(self._free)
        self._unit_size, self._unit_spread = unit_size, unit_spread
        self._ceiling: NDArray[np.uint32] | None = None
        self._routes = Routes(self.layout)
        self._comes = np.empty(0)
        all_of = self._free.shape
        cells = all_of[1]
        of_effects = np.empty((len(self._effects.hold), *all_of))
        self._fate = _Fate(of_effects, np.empty(all_of), np.empty(all_of), np.empty(cells, np.bool_))
        self._work = _Work(
            inside=np.empty(cells),
            idle=np.empty(cells, np.bool_),
            later=np.empty(all_of),
            gains=np.empty(all_of),
            on_day=np.empty((_DAYS, *all_of)),
            booked=np.empty((2, *all_of)),
        )

    @property
    def free(self) -> Floats:
        """``[R, class, S]``: persons who are free."""
        return self._by_region(self._free)

    def _by_status(self, x: Floats) -> Floats:
        """``[S, cell]`` of ``[R, class, S]``."""
        return np.ascontiguousarray(x.reshape(-1, x.shape[-1]).T)

    def _by_region(self, x: Floats) -> Floats:
        """``[R, class, S]`` of ``[S, cell]``."""
        return np.ascontiguousarray(x.T).reshape(self._shape)

    def renew(self, odds: Odds) -> None:
        """Take new odds: walk the routes once and work out what a day leaves."""
        lay = self.layout
        acts, ways = odds.pick.shape[2], odds.way.shape[4]
        self._odds = odds
        if odds.ceiling is not self._ceiling:
            self._take_occasions(odds)
        accept = odds.accept[:, self._one_of] / _ONE
        used = np.zeros((acts, ways), np.bool_)
        _find_used(odds.way, used)
        self._taken = _Taken(np.append(0, np.cumsum(used.sum(axis=1))), np.nonzero(used)[1])
        number = np.full(used.shape, NOTHING, np.int64)
        number[used] = np.arange(used.sum())
        self._weekly = chances(odds.weekly)
        self._routes.take(odds, number)
        left = self._routes.left()
        effects, statuses = self._effects.after.shape
        self._comes = room(self._comes, (*left.shape[:-1], _STATES + effects + NEWS_KINDS - 1))
        _gather(left, lay.state_of, lay.news_of, self._effects.of_mark, self._comes)
        self._chosen = np.empty((*odds.way.shape[:2], len(self._taken.way), odds.way.shape[2]))
        _choose(odds.way, self._taken, self._chosen)
        self._flow = np.zeros(left.shape[:-1])
        self._rate = np.empty((*self._shape[:2], acts))
        _fates(
            self._daily, self._pick, accept, self._chosen, self._taken, self._comes, self._kinds, self._effects,
            np.empty(statuses * effects), np.empty((self._shape[1], statuses * effects)), self._rate, self._fate,
        )  # fmt: skip
        regions, tempers, *rest = self._weekly.shape
        self._on_average = np.empty((regions, *rest))
        _meet_tempers(self._free, self._weekly, lay.temper_of, np.empty(tempers), self._on_average)
        self._look_at_units()

    def _look_at_units(self) -> None:
        """Take from the odds who makes news, and who lives beside them.

        ``_neighbours[R, kind]``: newsmaking neighbours of somebody in a unit of each kind, each like the mean.
        ``_silence[cell]``: how much likelier than others a class is to hear nothing for a week from its own homes.
        ``_tells[R, S]``: news a day by people of each status. ``_makers[R, 2]``: by how much less of it a unit makes, a
        person, after a piece: since its maker is wary, and times the weeks for which he or she is held.

        Units differ in size, and by who happens to live in them.
        """
        free, fate, effects = self._free, self._fate, self._effects
        regions, classes, statuses = self._shape
        rate = fate.does[effects.told].sum(axis=0)
        told = (free * rate).reshape(statuses, regions, classes)
        there = free.reshape(told.shape).sum(axis=2)
        self._tells = np.divide(told.sum(axis=2), there, out=np.zeros_like(there), where=there > 0).T.copy()
        persons, made = (free + self._held).sum(axis=0).reshape(regions, classes), told.sum(axis=0)
        of_all, mean = persons.sum(axis=1), made.sum(axis=1)
        per_person = np.divide(made, persons, out=np.zeros_like(made), where=persons > 0)
        of_mean = np.divide(mean, of_all, out=np.zeros_like(mean), where=of_all > 0)[:, None]
        relative = np.divide(per_person, of_mean, out=np.ones_like(made), where=of_mean > 0)
        near = (self._company * relative[:, None]).sum(axis=2)
        self._silence = np.exp(-_DAYS * of_mean * near).reshape(-1)
        shares = np.divide(persons, of_all[:, None], out=np.zeros_like(made), where=of_all[:, None] > 0)
        unequal = (shares * relative * (relative + near)).sum(axis=1) - 1.0
        variance = (self._unit_spread / self._unit_size) ** 2 + np.maximum(unequal, 0.0) / self._unit_size
        spread = np.minimum(np.sqrt(variance), _MOST_SPREAD)
        self._neighbours = (self._unit_size - 1.0)[:, None] * (1.0 + spread[:, None] * _AWAY)
        less = np.zeros((2, regions))
        for e in np.flatnonzero(effects.told):
            makers = free * fate.does[e]
            weeks = self.layout.hold_days[effects.hold[e]] / _DAYS
            takes = [rate - rate[effects.after[e]], weeks * rate]
            for k, took in enumerate(takes):
                less[k] += (makers * took).sum(axis=0).reshape(regions, classes).sum(axis=1)
        whole = mean * self._unit_size
        self._makers = np.divide(less, whole, out=np.zeros_like(less), where=whole > 0).T.copy()

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
        self._nothing_yet = new_tallies(self.layout, odds, np.float64)

    def advance(self) -> Tallies:
        """Live one week under the odds taken last; the contacts are left at zero (see :meth:`contacts`)."""
        lay, odds = self.layout, self._odds
        regions, classes, statuses = self._shape
        acts, ways, holds = odds.pick.shape[2], odds.way.shape[4], len(lay.hold_days)
        changes, of_status = lay.becomes.shape[1] + 1, (lay.group_of.shape[1], odds.way.shape[2])
        states = np.empty((regions, classes, acts, _STATES))
        modes = np.empty((regions, acts, ways, _STATES))
        held = np.empty((holds, regions * classes))
        days_free = np.empty_like(self._free)
        days_held = np.empty(regions * classes)
        made_news = np.empty((regions, NEWS_KINDS))
        _release(self._free, self._held_long[self._now], self._held)
        kinds = len(_SHARES)
        heard, makes = np.empty((regions, statuses, NEWS_KINDS)), np.empty((regions, kinds))
        _hear(
            self._free, self.news, self._on_average, lay.becomes, self._tells, self._makers, _SHARES,
            self._lives, self._calmer, np.empty(statuses), np.empty((statuses, kinds)), np.empty((3, statuses)),
            heard, makes,
        )  # fmt: skip
        _change_moods(
            self._free, self._weekly, lay.becomes, lay.temper_of, heard, self._fined, self._silence,
            *np.empty((2, regions, self._weekly.shape[1], statuses, changes)), np.empty((changes, regions * classes)),
            self._work.gains,
        )  # fmt: skip
        _live_days(
            self._free, self._held_short, self._held_long, self._now, self._held, self._fate, self._effects,
            lay.hold_days, days_free, days_held, held, self._work,
        )  # fmt: skip
        self._now = (self._now + 1) % len(self._held_long)
        _fine(days_free, self._fate, self._effects, self._fined)
        held[0] = 0.0
        _tally(
            days_free, days_held, self._rate, self._chosen, self._taken, self._comes, self._kinds,
            np.empty((classes, *of_status)), np.empty((len(self._kinds.standing), *of_status)), states, modes,
            self._flow, made_news,
        )  # fmt: skip
        self._spread_news(made_news, makes * self._neighbours)
        begun = self._of_profiles(held.T.reshape(regions, classes, holds))
        return self._nothing_yet._replace(states=self._of_profiles(states), modes=modes, held=begun)

    def _of_profiles(self, of_class: Floats) -> Floats:
        """``[R, P, ...]`` of ``[R, class, ...]``."""
        regions, classes, *rest = of_class.shape
        out = np.empty((regions, len(self.alike), *rest))
        rows = np.ascontiguousarray(of_class).reshape(regions, classes, -1)
        _share_out(rows, self.alike, self._share, out.reshape(*out.shape[:2], -1))
        return out

    def _spread_news(self, made: Floats, neighbours: Floats) -> None:
        """The chance that units of each kind heard each kind of news, if newsmaking acts fall on them as a Poisson
        process; ``made[R, news]`` and ``neighbours[R, kind]``.
        """
        persons = self._by_region(self._free + self._held).sum(axis=(1, 2))
        rate = (made / np.where(persons > 0, persons, 1.0)[:, None])[:, None] * neighbours[..., None]
        human, digital, both = rate[..., 1], rate[..., 2], rate[..., 3]
        nothing = np.exp(-(human + digital + both))
        self.news[..., 0] = nothing
        self.news[..., 1] = np.exp(-(digital + both)) - nothing
        self.news[..., 2] = np.exp(-(human + both)) - nothing
        self.news[..., 3] = 1.0 - self.news[..., :3].sum(axis=-1)

    def contacts(self) -> Contacts:
        """Expected contacts since the odds were renewed, by outcome and by case."""
        made = self._routes.contacts(self._flow)
        self._flow[:] = 0.0
        return made

    def people(self) -> Floats:
        """``[R, P, S]``: persons there, free or held."""
        return self._of_profiles(self._by_region(self._free + self._held))

    def state(self) -> dict[str, Floats]:
        """All that it carries from week to week, for a checkpoint; ``held_long`` begins with the coming Monday."""
        return {
            "free": self._free,
            "held_short": self._held_short,
            "held_long": np.roll(self._held_long, -self._now, axis=0),
            "held": self._held,
            "mean_news": self.news,
            "lives": self._lives,
            "calmer": self._calmer,
            "fined": self._fined,
        }

    def take_up(self, state: Mapping[str, NDArray[np.generic]]) -> None:
        """Go to the state that :meth:`state` described."""
        self._free[:] = state["free"]
        self._held_short[:] = state["held_short"]
        self._held_long[:] = state["held_long"]
        self._held[:] = state["held"]
        self.news[:] = state["mean_news"]
        self._lives[:] = state["lives"]
        self._calmer[:] = state["calmer"]
        self._fined[:] = state["fined"]
        self._now = 0

    def scale(self, factor: Floats) -> None:
        """Multiply the people of each status, ``factor[R, P, S]``, free or held; no class gains or loses anybody."""
        people = self._by_region(self._free + self._held)
        wanted = factor[:, self._one_of]
        before, after = people.sum(axis=-1), (people * wanted).sum(axis=-1)
        kept = np.divide(before, after, out=np.ones_like(before), where=after > 0.0)
        by_cell = self._by_status(wanted * kept[:, :, None])
        for persons in (self._free, self._held, self._held_short, self._held_long, self._fined):
            persons *= by_cell


@kernel
def _find_used(way, used):
    """Set ``used[A, W]`` where the thresholds leave anybody a way to do an act."""
    regions, tempers, moods, acts, ways = way.shape
    for r in range(regions):
        for m in range(tempers):
            for u in range(moods):
                for a in range(acts):
                    before = np.uint32(0)
                    for w in range(ways):
                        used[a, w] |= way[r, m, u, a, w] > before
                        before = way[r, m, u, a, w]


def _numbered(rows: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The different rows, each column by itself, and the number of each row's like among them."""
    different, number = np.unique(rows, axis=0, return_inverse=True)
    return np.ascontiguousarray(different.T), number.reshape(-1).astype(np.int32)
