"""Planted claims on Toyland, in a few weeks: one false, one that was put in, one that nothing decides, one true."""

from datetime import date

from given import country
from greyspace.study.claims import Arm, Book, Claim, Structure, Window
from greyspace.study.verdicts import Study

COMMON = {"file": "planted.yaml", "source": "nobody", "where": "nowhere", "because": "planted"}


def claim(name, label="emergent", tests=(), **more):
    wanted = {"counts_against": "the other way round"} if tests else {}
    return Claim.model_validate(
        {"id": name, "says": f"Claim {name}.", "label": label, "tests": tests, **wanted, **COMMON, **more}
    )


WINDOWS = {"weeks": Window.model_validate({"says": "five weeks", "from": date(2021, 8, 2), "to": date(2021, 9, 5)})}
ARMS = {
    "usual": Arm(says="as it is", window="weeks"),
    "later": Arm.model_validate(
        {
            "says": "many found out later",
            "window": "weeks",
            "from": date(2021, 8, 30),
            "sets": {"bribery.found_out": 0.5},
        }
    ),
    "clean": Arm(says="hardly a bribe", window="weeks", sets={"bribery.found_out": 0.5, "bribery.fine": 10000.0}),
    "silent": Arm(says="no news of bribes", window="weeks", sets={"caution.news_bribe": 0.0}),
    "blind": Arm(says="no devices on roads", window="weeks", without=("plate_cameras",)),
}
STRUCTURES = {"frightens": Structure(says="bribes frighten", sets={"caution.news_bribe": 0.2})}


def two(quantity, a, b, direction, least, **more):
    return {"quantity": quantity, "design": "two arms", "arms": (a, b), "direction": direction, "least": least, **more}


TRUE = claim(
    "T01",
    tests=[two("let_off/all", "usual", "clean", "down", 100)],
    rival={"says": "Something else.", "replaces": {"clean": "silent"}},
)
FALSE = claim("T02", tests=[two("let_off/all", "usual", "clean", "up", 10)])
TRIVIAL = claim("T03", tests=[two("coverage/plate_cameras/vehicle_trips", "blind", "usual", "up", 0)])
OPEN = claim("T04", tests=[two("people/afraid", "silent", "usual", "up", 0)])
PUT_IN = claim("T06", label="built-in", tests=[two("let_off/all", "usual", "clean", "up", 10)])
UNSAID = claim("T05", label="not-expressible")
CLAIMS = {each.id: each for each in (TRUE, FALSE, TRIVIAL, OPEN, UNSAID, PUT_IN)}
BOOK = Book(WINDOWS, ARMS, STRUCTURES, CLAIMS)


def study(*claims, draws=4, seeds=0):
    return Study(country("toyland"), BOOK, claims or tuple(CLAIMS.values()), draws, seeds, 0.5)
