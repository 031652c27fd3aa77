"""Guards on patrol along the border, who meet some of those who carry goods over it or leave.

A guard who can be bought settles the matter himself, at a price that is the institution's affair; one who cannot hands
the person over to state security, who have their own. How many can be bought is a number by date, since crackdowns
and the moving about of units came by date; at what price those sell who do is not.

Guards stand at the border; who lives elsewhere comes there to cross.

Guards have arms. Of those who want to cross and whom they do not let pass some are shot and die, many more since
August 2020, when guards were told to shoot at whoever comes near. The others fare as everybody who is caught.
Smugglers are not shot at here: how many there are is far less certain than that most of them know their guards.

Parameters: border_video.patrol_detection, patrol_factor, guard_bribe, guard_bribe_factor (and shot_share, shot_factor,
where verdicts read them).
"""

from greyspace.country import Pack
from greyspace.evidence import Parameters
from greyspace.infrastructure import Site
from greyspace.systems.shape import Contact, Floats, Record, View, add, nothing

NAME = "border_guards"
_ACTS = ("smuggling", "crossing")
CONTACTS = tuple(
    contact
    for act in _ACTS
    for contact in (
        Contact(f"border_patrol_{act}", "border_patrol", act, "border", armed=act == "crossing"),
        Contact(f"border_handover_{act}", "border_patrol", act, "security", armed=act == "crossing"),
    )
)
RECORDS = (Record("those handed over, in a report on paper", "name", "state security"),)


def sites(country: Pack, p: Parameters) -> tuple[Site, ...]:
    """No equipment."""
    return ()


def met(view: View) -> dict[str, Floats]:
    """First guards who can be bought, then, of those who met none of them, the others."""
    p = view.p
    unmet = 1.0 - p.number("border_video.patrol_detection", view.day)
    meets = 1.0 - min(p.number("border_video.patrol_factor") * unmet, 1.0)
    takes = p.number("border_video.guard_bribe_factor") * p.number("border_video.guard_bribe", view.day)
    first = meets * min(takes, 1.0)
    then = (meets - first) / (1.0 - first) if first < 1.0 else 0.0
    share = {"border": view.at_the_border(first, 0.0), "security": view.at_the_border(then, 0.0)}
    return {contact.name: share[contact.officer] for contact in CONTACTS}


def odds(view: View) -> dict[str, Floats]:
    """Whoever meets a guard is caught; only what is handed over is written down."""
    found = {}
    for contact in CONTACTS:
        found[contact.name] = view.empty()
        add(found[contact.name], {"caught": 1.0}, float(contact.officer == "security"))
    return found


publish = routine = coverage = nothing
