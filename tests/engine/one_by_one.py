"""One person after another, one decision after another: the engine's week as one would tell it, slow and plain."""

from greyspace.contract import DESTINATION, FINDINGS, HOME, NOTHING, VERDICTS, WAYS_NOT_BEGUN, new_tallies
from greyspace.draws import philox
from greyspace.engine.week import keys

WEEK = 7
GONE = 1 << 14


def choose(draw, row):
    return next(i for i, threshold in enumerate(row) if draw < threshold)


class Week:
    """A week of a crowd, which is changed in place; ``tallies`` holds what was counted, ``heard`` the news."""

    def __init__(self, crowd, layout, odds, seed, monday):
        self.crowd, self.layout, self.odds, self.monday = crowd, layout, odds, monday
        self.keys = keys(seed)
        self.tallies = new_tallies(layout, odds)
        self.heard = [0] * len(crowd.region)
        for unit in range(len(crowd.region)):
            first, end = crowd.first[unit : unit + 2]
            for member in range(end - first):
                person = int(crowd.persons[first + member])
                if not person & GONE:
                    crowd.persons[first + member] = self.live(person, unit, member)

    def draws(self, decision, unit, member, day, count=0):
        serial, seed, key = int(self.crowd.serial[unit]), int(self.keys.seed), int(getattr(self.keys, decision))
        return [int(word) >> 1 for word in philox(serial, member << 8, day, count, seed, key)]

    def live(self, person, unit, member):
        region, profile = int(self.crowd.region[unit]), person & 63
        # Four members share the block of what is decided once a week.
        week, mood = (self.draws(name, unit, member // 4, self.monday)[member % 4] for name in ("week", "mood"))
        if person >> 15 <= self.monday:
            status = person >> 6 & 255
            temper, news = self.layout.temper_of[profile], self.crowd.news[unit]
            row = self.odds.weekly[region, temper, news, status]
            if mood < row[-1]:
                person = self.with_status(person, self.layout.becomes[status, choose(mood, row)])
        days = choose(week, self.odds.ceiling[region, profile])
        for weekday in range(WEEK):
            if days >> weekday & 1 and not person & GONE:
                person = self.live_day(person, region, unit, member, weekday)
        return person

    @staticmethod
    def with_status(person, status):
        return person & ~(255 << 6) | int(status) << 6

    def live_day(self, person, region, unit, member, weekday):
        odds, lay, day = self.odds, self.layout, self.monday + weekday
        profile, status = person & 63, person >> 6 & 255
        picks, accepts, ways, goes = self.draws("day", unit, member, day)
        act = choose(picks, odds.pick[region, profile])
        if accepts >= odds.accept[region, profile, act]:
            return person
        traits = lay.group_of.shape[1]
        way = choose(ways, odds.way[region, lay.temper_of[profile], status // traits, act])
        if person >> 15 > day or way < len(WAYS_NOT_BEGUN):
            way = 0 if person >> 15 > day else way
            self.count(region, profile, act, way, way)
            return person
        destination = choose(goes, odds.dest[region, act])
        mark = self.walk(profile, status % traits, region, destination, act, way, unit, member, day)
        self.count(region, profile, act, way, lay.state_of[mark])
        person = self.with_status(person, lay.status_after[mark, status])
        hold = lay.hold_of[mark]
        if hold:
            self.tallies.held[region, profile, hold] += 1
            free = day + 1 + int(lay.hold_days[hold])
            if lay.hold_days[hold] >= WEEK:
                free += (self.monday - free) % WEEK
            person = person & (1 << 15) - 1 | free << 15
        self.heard[unit] |= int(lay.news_of[mark])
        return person | GONE * int(lay.gone[mark])

    def count(self, region, profile, act, way, state):
        self.tallies.states[region, profile, act, state] += 1
        self.tallies.modes[region, act, way, state] += 1

    def walk(self, profile, trait, region, destination, act, way, unit, member, day):
        lay, gravest = self.layout, 0
        row = lay.route_of[region, act, way, destination]
        for contact, where, times, count in lay.routes[row] if row != NOTHING else ():
            if contact == NOTHING:
                break
            place = {HOME: region, DESTINATION: destination}.get(int(where), int(where))
            for time in range(times):
                mark = self.meet(place, contact, profile, trait, way, unit, member, day, int(count) + time)
                gravest = max(gravest, mark)
                if mark >= lay.first_ending:
                    return gravest
        return gravest

    def meet(self, place, contact, profile, trait, way, unit, member, day, count):
        odds, lay = self.odds, self.layout
        who, finds, decides, _ = self.draws("contact", unit, member, day, count)
        while contact != NOTHING and who >= odds.met[place, contact]:
            contact = lay.instead[contact]
        if contact == NOTHING:
            return 0
        group, standing = lay.group_of[contact, trait], lay.standing_of[profile]
        powered = int(self.draws("power", unit, member, day, place)[0] < odds.powered[place, way])
        found = choose(finds, odds.finding[place, contact, group, powered])
        recorded, finding = divmod(found, len(FINDINGS))
        verdict = 0
        if finding:
            rank = self.draws("purse", unit, member, day)[0] * lay.ranks >> 31
            case = (place, lay.case_of[contact], standing * lay.ranks + rank, powered, finding)
            verdict = choose(decides, odds.verdict[case])
            self.tallies.cases[(*case, verdict)] += 1
        outcome = recorded * len(VERDICTS) + verdict
        self.tallies.outcomes[place, contact, standing, group, powered, outcome] += 1
        return lay.mark_of[contact, powered, outcome]
