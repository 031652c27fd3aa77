"""Runs: a world, an engine, and the loop between them."""

from greyspace.simulate.loop import Life, run
from greyspace.simulate.plan import ENGINES, Plan, plan
from greyspace.simulate.world import World, mondays

__all__ = ["ENGINES", "Life", "Plan", "World", "mondays", "plan", "run"]
