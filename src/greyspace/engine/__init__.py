"""The engine: it lets people live under given odds and counts. It knows nothing of surveillance."""

from greyspace.engine.expected import Expected
from greyspace.engine.individuals import Individuals
from greyspace.engine.lived import Lived
from greyspace.engine.week import choose, person_of

__all__ = ["Expected", "Individuals", "Lived", "choose", "person_of"]
