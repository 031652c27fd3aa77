"""Wrong models: the model with one thing done as a careless one might do it, to see what would notice.

Each is a switch in one place: settings of parameters, where the model has one that turns the thing off, or another kind
of world, in which one of its parts is replaced. The model itself knows nothing of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from greyspace.contract import Odds
from greyspace.evidence import Parameters
from greyspace.evidence.resolve import Setting
from greyspace.institutions import Enforcement, Practice, usual_market
from greyspace.simulate import World
from greyspace.simulate.learn import Learnt
from greyspace.simulate.world import Period

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Mutant:
    """A wrong model. ``sets`` are put over all other settings; ``model``: the kind of world, where it is another."""

    id: str
    says: str
    sets: Mapping[str, Setting] = field(default_factory=dict)
    model: type[World] = World


class NothingToLose(World):
    """What a post brings makes it worth no more: officers weigh a bribe as if they had nothing to lose."""

    def decide(self, p: Parameters, day: date, practice: Practice, in_view: Floats) -> Enforcement:
        found = super().decide(p.but({"bribery.outside_income": 1e9}), day, practice, in_view)
        return replace(found, stake=np.zeros_like(found.stake))


class MeanRisk(World):
    """Officers reckon with one risk, the mean of all places, wherever a camera looks."""

    def enforcement(self, period: Period, practice: Practice) -> Enforcement:
        view = self.view(period)
        seen = self.in_view(view)
        reviewed = view.p.number("bribery.reviewed") * float(seen.mean())
        return self.decide(view.p.but({"bribery.reviewed": reviewed}), view.day, practice, np.ones_like(seen))


class RandomBlindSpots(World):
    """Every second officer leads people out of view, whatever it is worth to him."""

    def enforcement(self, period: Period, practice: Practice) -> Enforcement:
        return super().enforcement(period, replace(practice, moved=np.full_like(practice.moved, 0.5)))


class NoBlindSpots(World):
    """To lead somebody out of view is more trouble to an officer than anything that he could gain by it."""

    def decide(self, p: Parameters, day: date, practice: Practice, in_view: Floats) -> Enforcement:
        return super().decide(p.but({"bribery.trouble": 1e12}), day, practice, in_view)


class PricesWithoutAnswer(World):
    """People smuggle as if prices were always as usual."""

    def odds(self, period: Period, learnt: Learnt, found: Enforcement) -> Odds:
        return super().odds(period, replace(learnt, market=usual_market(self.view(period).p)), found)


class NoTravelBans(World):
    """No event ever keeps anybody from travelling or acting."""

    def _no_transport(self, period: Period) -> Floats:
        return np.zeros_like(super()._no_transport(period))


MUTANTS: tuple[Mutant, ...] = (
    Mutant("no_income_feedback", "what a post brings makes it worth no more: officers have nothing to lose with it",
           model=NothingToLose),
    Mutant("proportional_demand", "superiors have half of each bribe, and ask for no lump sum",
           {"bribery.demand": 0.0, "bribery.handed_up": 0.5}),
    Mutant("free_watchers", "whoever watches officers looks away for nothing",
           {"bribery.watcher_found_out": 0.0, "bribery.watcher_bargaining": 0.0}),
    Mutant("random_blind_spots", "every second officer goes out of a camera's view, whatever it is worth",
           model=RandomBlindSpots),
    Mutant("no_blind_spots", "no officer ever goes out of a camera's view", model=NoBlindSpots),
    Mutant("mean_risk", "officers reckon with the mean risk of all places, not with two prices", model=MeanRisk),
    Mutant("one_payer", "within a standing all have the same means, and fear the same of a penalty",
           {"bribery.penalty_spread": 0.05, "bribery.means_spread": 0.05}),
    Mutant("posts_apart", "each post in a row takes what it can, and heeds no other", {"bribery.toll_conduct": 0.0}),
    Mutant("no_bribery", "every second bribe is found out, and costs all that an officer has",
           {"bribery.found_out": 0.5, "bribery.fine": 10000.0}),
    Mutant("no_memory", "officers reckon with the last week alone, and with their own place alone",
           {"officers.memory_weeks": 1.0, "bribery.pooled_encounters": 1.0}),
    Mutant("independent_outages", "every week and place has its own luck with power, and trains say nothing of gates",
           {"power.shock_nation": 0.0, "power.persistence_weeks": 0.5, "power.train_gate_coupling": 0.0}),
    Mutant("perfect_power", "electricity around the clock", {"power.least_hours": 24.0}),
    Mutant("undying_devices", "devices never fail", {"devices.life_years": 1000.0}),
    Mutant("endless_spares", "there is always a spare part",
           {"devices.spares_initial": 100000.0, "devices.spares_per_year": 100000.0, "supply.ignores_border": 1.0}),
    Mutant("perfect_gates", "a gate matches everybody, with a mask or without",
           {"station_gates.match_unmasked": 1.0, "station_gates.match_masked": 0.96,
            "station_gates.capture_failure_masked": 0.0, "station_gates.false_match": 0.0}),
    Mutant("uniform_hours", "people cross the border at all hours alike, cameras or not", {"border_video.shift": 0.0}),
    Mutant("no_unit_news", "nobody hears of what befalls a neighbour",
           {"caution.news_human": 0.0, "caution.news_digital": 0.0}),
    Mutant("fearless", "caution keeps nobody from anything",
           {"caution.chilled_1": 0.0, "caution.chilled_2": 0.0, "caution.chilled_3": 0.0}),
    Mutant("everybody_knows", "all know from the beginning what devices and records can do",
           {"knowing.initial_faces_and_roads": 1.0, "knowing.initial_phone_and_money": 1.0,
            "knowing.initial_register": 1.0}),
    Mutant("prices_without_answer", "smuggling does not answer to prices", model=PricesWithoutAnswer),
    Mutant("no_travel_bans", "the bans on travel of 2020 to 2023 never were", model=NoTravelBans),
)  # fmt: skip
"""All wrong models, in the order of the page."""
