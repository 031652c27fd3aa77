"""The days of a week: people begin acts, are held and come free again, in masses."""

from greyspace.draws import inner, kernel, step
from greyspace.engine.week import WEEK, release_day


@step
def release(people, now):
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
    return release_day(day, day, hold_days) // WEEK


@step
def live_days(people, now, fate, effects, hold_days, work, days_free, days_held):
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
        briefly |= effects.hold[e] > 0 and effects.gone[e] == 0 and hold_days[effects.hold[e]] < WEEK
    inside, gains, early = work.by_cell[0], work.gains, work.early
    inside[:] = 0.0
    days_free[:] = 0.0
    days_held[:] = 0.0
    for s in range(statuses):
        for i in range(cells):
            inside[i] += held[s, i]
    for day in range(WEEK):
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
                elif hold_days[hold] < WEEK:
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
            if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < WEEK:
                continue
            # No more than two Mondays lie so far ahead of the days of one week.
            soon, last = _mondays(hold_days[hold], 0), _mondays(hold_days[hold], WEEK - 1)
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
        for day in range(WEEK):
            for s in range(statuses):
                for i in range(cells):
                    held_short[day, s, i] = held_short[day + WEEK, s, i]
                    held_short[day + WEEK, s, i] = 0.0


@step
def fine(days_free, fate, effects, fined):
    """``fined[S, cell]``: those of the week whose penalty is news and holds nobody, by the status it leaves."""
    fined[:] = 0.0
    for e in range(effects.hold.shape[0]):
        if effects.told[e] and effects.hold[e] == 0 and effects.gone[e] == 0:
            for s in range(fined.shape[0]):
                to = effects.after[e, s]
                for i in range(fined.shape[1]):
                    fined[to, i] += days_free[s, i] * fate.does[e, s, i]


@kernel
def hold_as_ever(people, now, persons, as_first, fate, effects, hold_days, days_free, early, later):
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
        if hold == 0 or effects.gone[e] != 0 or hold_days[hold] < WEEK:
            continue
        # The week is over, so that the first Monday ahead is now.
        soon, last = _mondays(hold_days[hold], 0), _mondays(hold_days[hold], WEEK - 1)
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
