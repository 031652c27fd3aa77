"""A survey inside the model: what 40 people who have left and 100 residents would answer, and what is so.

People are drawn from the population of a run, one by one and many times over: those who have left as they were when
they left, with the shares of women and of border regions that are known of them; residents as a telephone reaches
them. Each answers for himself, by chance where the model says no more than a chance of who lives as he does. Since the
model knows what is so of all its adults, it shows how far off such a survey is, how much of that is due to who was
asked, when he left and what he keeps to himself, and which difference it could tell from luck.

Parameters: survey.*; compared with targets.ever_bribed_recent and felt_watched, both told of people who have left. No
number was found for the other questions.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from greyspace import __version__
from greyspace.contract.axes import PAID, PUNISHED, WAYS_NOT_BEGUN
from greyspace.country import ACTS, JOURNEYS, SEXES, Pack
from greyspace.draws import uniforms
from greyspace.errors import InputError
from greyspace.evidence import Parameters
from greyspace.figures import survey as of_survey
from greyspace.simulate import Life, Plan, World
from greyspace.simulate.measures import PeriodTallies, impressions
from greyspace.simulate.world import Period, day_of
from greyspace.society import attitudes, caution
from greyspace.society.knowing import WEEKS_A_YEAR
from greyspace.society.routes import JOURNEY_MODES, LINES

Floats = NDArray[np.float64]
Tell = Callable[[str, int, int], None]

GROUPS = ("escapees", "residents")
"""Who is asked: people who have left the country, and people in it."""

LOW, HIGH = 0.05, 0.95
"""Between these quantiles lie nine of ten surveys."""

_SURE, _POWER = 1.96, 0.84
"""Normal deviates of a test at 5 percent, and of four chances in five to pass it."""


class Question(NamedTuple):
    """A question that is answered yes or no. ``denied``: yes may harm; ``reported``: target of those who left."""

    name: str
    words: str
    denied: bool = False
    reported: str | None = None


QUESTIONS = (
    Question("fingerprinted", "Were your fingerprints taken?"),
    Question("camera_school", "Are there cameras in the school near you?"),
    Question("camera_work", "Is there a camera where you work?"),
    Question("camera_street", "Do you pass a camera in the street?"),
    Question("camera_station", "Did a camera at a station look at you within a year?"),
    Question("camera_anywhere", "Did you see a camera in any of these places?"),
    Question("felt_watched", "Do you feel watched?", True, "felt_watched"),
    Question("cameras_cut_crime", "Do cameras cut crime?"),
    Question("ever_bribed", "Did you ever pay a bribe?", True, "ever_bribed_recent"),
)


@dataclass(frozen=True)
class Moment:
    """The adults of a country on a day, and the chance that each of them would say yes if nothing kept him from it."""

    day: date
    people: Floats  # [R, P, S] adults
    yes: Floats  # [question, R, P, S]
    owning: Floats  # [R] share of adults who own a telephone
    p: Parameters  # as they stand on the day


@dataclass(frozen=True)
class Answer:
    """What a group says to a question, over many surveys; shares of those asked, differences between shares.

    ``truth`` is so of all adults; a survey says ``mean``, nine of ten say from ``low`` to ``high``. ``mean`` is off by
    ``who`` was asked, by ``when`` he left, and by what is ``denied``. ``told_apart``: the smallest difference between
    two such surveys that four of five would find at the usual five percent. ``covered``: of surveys, the share whose
    95 percent interval holds the truth. ``reported``: what sources tell of such people.
    """

    question: str
    group: str
    asked: int
    truth: float
    mean: float
    low: float
    high: float
    who: float
    when: float
    denied: float
    told_apart: float
    covered: float
    reported: float | None


@dataclass(frozen=True)
class Survey:
    """All answers, by group and question, and the days on which residents are asked and escapees left."""

    day: date
    left: date
    repeats: int
    answers: tuple[Answer, ...]

    def of(self, group: str, question: str) -> Answer:
        """The answer of one group to one question."""
        return next(found for found in self.answers if (found.group, found.question) == (group, question))


def survey(plan: Plan, repeats: int, threads: int, tell: Tell) -> Survey:
    """Live a plan to its end, and ask the people of its last week ``repeats`` times.

    InputError where those who are asked left before the run begins, and where nobody can be asked.
    """
    moments = _moments(plan, threads, tell)
    p = moments[-1].p
    sizes = {group: round(p.number(f"survey.{group}")) for group in GROUPS}
    now, then = moments[-1], moments[0]
    truth = _share(now.people, now)
    answers: list[Answer] = []
    for group in GROUPS:
        weights = [_left(plan.pack, each) if group == "escapees" else _reached(plan.pack, each) for each in moments]
        at, asked = (then, weights[0]) if group == "escapees" else (now, weights[-1])
        said = at.yes * _candour(p, group)
        drawn = _drawn(plan.seed, group, asked, said, sizes[group], repeats)
        who = _share(weights[-1], now)
        open_ = _share(asked, at)
        mean = np.array([(asked * each).sum() for each in said])
        for q, question in enumerate(QUESTIONS):
            low, high = np.quantile(drawn[q], [LOW, HIGH])
            answers.append(
                Answer(
                    question=question.name,
                    group=group,
                    asked=sizes[group],
                    truth=float(truth[q]),
                    mean=float(mean[q]),
                    low=float(low),
                    high=float(high),
                    who=float(who[q] - truth[q]),
                    when=float(open_[q] - who[q]),
                    denied=float(mean[q] - open_[q]),
                    told_apart=_told_apart(float(mean[q]), sizes[group]),
                    covered=float(_holds(drawn[q], sizes[group], truth[q]).mean()),
                    reported=_reported(p, question, group),
                )
            )
    return Survey(now.day, then.day, repeats, tuple(answers))


def told(found: Survey) -> dict[str, Any]:
    """All answers as plain data, JSON-able."""
    return {
        "asked_on": found.day.isoformat(),
        "escapees_left": found.left.isoformat(),
        "surveys": found.repeats,
        "answers": [asdict(answer) for answer in found.answers],
    }


# -- who lives, and what they would say


class _Lately(NamedTuple):
    """What a period of the last year came to, by region and profile: bribes and tolls paid, journeys begun by rail."""

    weeks: int
    paid: Floats
    rail: Floats


def _moments(plan: Plan, threads: int, tell: Tell) -> tuple[Moment, Moment]:
    """The day on which those left who have left, and the last of the plan."""
    life = Life(plan, threads)
    try:
        periods = life.world.periods
        years = life.world.p.on(plan.end).number("survey.escapees_left_years")
        left = plan.end - timedelta(days=round(years * 7 * WEEKS_A_YEAR))
        if left < plan.start:
            raise InputError(
                f"survey.escapees_left_years {years:g}: those who are asked left in {left:%B %Y}, and the run begins "
                f"on {plan.start}; give an earlier --from, or fewer years."
            )
        then = max(n for n, period in enumerate(periods) if day_of(period.monday) <= left)
        found: list[Moment] = []
        lately: deque[_Lately] = deque()
        for n, period in enumerate(periods):
            got = life.step(period, life.odds(period), lambda _: None)
            lately.append(_Lately(period.weeks, *_events(got)))
            while sum(each.weeks for each in lately) - lately[0].weeks >= WEEKS_A_YEAR:
                lately.popleft()
            if n in (then, len(periods) - 1):
                person_years = np.maximum(got.people.sum(axis=-1).astype(np.float64), 1e-12)
                person_years *= sum(each.weeks for each in lately) / WEEKS_A_YEAR
                paid = np.sum([each.paid for each in lately], axis=0) / person_years
                rail = np.sum([each.rail for each in lately], axis=0) / person_years
                among = impressions(life.world, period, got)
                found.append(_moment(life.world, period, got.people, among, paid, rail))
            tell("living", n + 1, len(periods))
    finally:
        life.close()
    return found[0], found[-1]


def _events(got: PeriodTallies) -> tuple[Floats, Floats]:
    """``[R, P]``: acts of a period that ended with a bribe or a toll, and journeys begun by rail."""
    by_state, by_way = got.whole.states.astype(np.float64), got.whole.modes.astype(np.float64)
    paid = by_state[..., PAID].sum(axis=-1)
    rail = np.zeros_like(paid)
    ways = [len(WAYS_NOT_BEGUN) + mode for mode in JOURNEY_MODES[LINES.index("rail")]]
    for act in JOURNEYS:
        a = ACTS.index(act)
        begun = by_way[:, a, :, PUNISHED:].sum(axis=-1)
        every = begun.sum(axis=-1)
        share = np.divide(begun[:, ways].sum(axis=-1), every, out=np.zeros_like(every), where=every > 0)
        rail += by_state[:, :, a, PUNISHED:].sum(axis=-1) * share[:, None]
    return paid, rail


def _moment(
    world: World, period: Period, people: NDArray[Any], among: attitudes.Impressions, paid: Floats, rail: Floats
) -> Moment:
    """``paid[R, P]`` and ``rail[R, P]``: bribes, and journeys by rail, a person and year."""
    view, none = world.view(period), np.zeros(len(world.axes.regions))
    p, seen = view.p, view.published
    adult = np.array([who.role != "pupil" for who in world.pack.profiles])
    by_role = np.stack([seen.get(f"filmed_{who.role}", none) for who in world.pack.profiles], axis=1)
    enrolled = caution.parts().enrolled.astype(np.float64)
    at_station = 1.0 - np.exp(-rail * seen.get("seen_gates", none)[:, None])
    ever = 1.0 - np.exp(-paid * p.number("survey.bribes_remembered_years"))
    chances: dict[str, Floats] = {
        "fingerprinted": enrolled,
        "camera_school": seen.get("equipped_classrooms", none)[:, None, None],
        "camera_work": by_role[:, :, None],
        "camera_street": seen.get("seen_junctions", none)[:, None, None],
        "camera_station": at_station[:, :, None],
        "felt_watched": attitudes.feels_watched(p, among)[:, None],
        "cameras_cut_crime": attitudes.thinks_cameras_cut_theft(p, among)[:, None],
        "ever_bribed": ever[:, :, None],
    }
    places = [chances[f"camera_{place}"] for place in ("school", "work", "street", "station")]
    nowhere = (1.0 - places[0]) * (1.0 - places[1]) * (1.0 - places[2]) * (1.0 - places[3])
    chances["camera_anywhere"] = 1.0 - nowhere
    yes = np.stack([np.broadcast_to(chances[question.name], people.shape) for question in QUESTIONS])
    adults = np.where(adult[:, None], people, 0.0)
    return Moment(day_of(int(world.weeks[period.last - 1])), adults, yes, seen.get("owning", none), p)


# -- who is asked


def _left(pack: Pack, at: Moment) -> Floats:
    """``[R, P, S]``, sums to 1: chance of each adult of a kind to be the next one asked of those who have left."""
    p = at.p
    border, capital, women = (p.number(f"survey.escapees_{of}") for of in ("border", "capital", "women"))
    if border + capital > 1.0:
        raise InputError(
            f"survey.escapees_border {border:g} and survey.escapees_capital {capital:g} are more than all; "
            "allowed: 1 at most together."
        )
    people = at.people * _traders(pack, p.number("survey.escapees_traders"))
    of_place = {"capital": capital, "border": border, "other": 1.0 - border - capital}
    of_sex = {"female": women, "male": 1.0 - women}
    kind = np.array(["capital" if r.capital else "border" if r.borders_china else "other" for r in pack.regions])
    sex = np.array([who.sex for who in pack.profiles])
    found = np.zeros_like(people)
    for place, share in of_place.items():
        for of in SEXES:
            mine = people * ((kind == place)[:, None] & (sex == of)[None])[..., None]
            if mine.sum() > 0.0:  # a country may have no such place
                found += mine / mine.sum() * share * of_sex[of]
    return _whole(found, "who has left")


def _reached(pack: Pack, at: Moment) -> Floats:
    """The same of those who can be asked in the country: who has a telephone, traders before others."""
    people = at.people * _traders(pack, at.p.number("survey.residents_traders"))
    return _whole(people * at.owning[:, None, None], "by telephone in the country")


def _traders(pack: Pack, times: float) -> Floats:
    return np.array([times if who.involved else 1.0 for who in pack.profiles])[:, None]


def _whole(weights: Floats, where: str) -> Floats:
    total = weights.sum()
    if not total > 0.0:
        raise InputError(f"survey: there is nobody to ask {where} under these settings; let there be some.")
    return np.asarray(weights / total)


def _candour(p: Parameters, group: str) -> Floats:
    """``[question, 1, 1, S]``: of those who would have to say yes, the share who do."""
    denied = p.number("survey.denied_by_caution") if group == "residents" else 0.0
    says = (1.0 - denied) ** caution.parts().caution.astype(np.float64)
    return np.stack([says if question.denied else np.ones_like(says) for question in QUESTIONS])[:, None, None]


# -- asking them


def _drawn(seed: int, group: str, weights: Floats, yes: Floats, asked: int, repeats: int) -> Floats:
    """``[question, repeat]``: share of yes. Whoever is drawn is one person: all his answers are of the same kind."""
    repeat, number = np.arange(repeats)[:, None], np.arange(asked)[None]
    reach = np.cumsum(weights.ravel())
    at = uniforms(seed, f"survey/{group}/who", repeat, number)[..., 0] * reach[-1]
    who = np.minimum(np.searchsorted(reach, at, side="right"), reach.size - 1)
    found = np.empty((len(yes), repeats))
    places = [q for q, question in enumerate(QUESTIONS) if question.name.startswith("camera_")]
    anywhere = np.zeros(who.shape, np.bool_)
    for q, question in enumerate(QUESTIONS):
        u = uniforms(seed, f"survey/{group}/{question.name}", repeat, number)[..., 0]
        says = u < yes[q].ravel()[who]
        if question.name == "camera_anywhere":
            says = anywhere
        elif q in places:
            anywhere = anywhere | says
        found[q] = says.mean(axis=1)
    return found


def _share(weights: Floats, at: Moment) -> Floats:
    """``[question]``: share of yes among people weighted so, if all speak openly."""
    return np.array([(weights * each).sum() for each in at.yes]) / weights.sum()


def _told_apart(share: float, asked: int) -> float:
    """Of two surveys near a share; two yes and two no are added, so that a question nobody affirms is not certain."""
    many = asked + 4
    near = (share * asked + 2.0) / many
    return float((_SURE + _POWER) * np.sqrt(2.0 * near * (1.0 - near) / many))


def _holds(share: Floats, asked: int, truth: float) -> NDArray[np.bool_]:
    """Whether Wilson's interval of 95 percent about a share of ``asked`` people holds the truth."""
    square = _SURE**2 / asked
    middle = (share + square / 2.0) / (1.0 + square)
    half = np.sqrt(share * (1.0 - share) * square + square**2 / 4.0) / (1.0 + square)
    return np.abs(truth - middle) <= half


def _reported(p: Parameters, question: Question, group: str) -> float | None:
    name = f"targets.{question.reported}"
    return p.number(name) if group == "escapees" and question.reported and name in p else None


# -- the figure


def picture(pack: Pack, scenario: str, found: Survey) -> tuple[Figure, str]:
    """The survey as a figure, and its caption."""
    sizes = {group: found.of(group, QUESTIONS[0].name).asked for group in GROUPS}
    rows = [
        of_survey.Row(
            question.words,
            found.of("escapees", question.name).truth,
            tuple(_said(found.of(group, question.name)) for group in GROUPS),
        )
        for question in QUESTIONS
    ]
    what = "an invented country" if pack.stylised else "invented persons; conditional on a model, not a measurement"
    names = (f"{sizes['escapees']} who have left", f"{sizes['residents']} residents")
    figure = of_survey.questions(
        rows,
        names,
        f"What a survey of {sum(sizes.values())} people can and cannot tell",
        f"{pack.title}, '{scenario}', {found.day:%B %Y}. Bars: what nine of ten surveys would find; those who have "
        f"left speak of {found.left:%B %Y}. Diamonds: what is so of all adults of the model. Right: how far the mean "
        "answer is off, and the smallest difference between two such surveys that would not pass for luck, in "
        "percentage points.",
        f"greyspace {__version__}, country pack {pack.id} ({pack.content_hash[:8]}): {what}. {found.repeats} surveys. "
        "Who leaves, who is reached and who denies are parameters survey.*, of which most are guesses.",
    )
    caption = (
        f"Answers of {names[0]}, as things were in {found.left:%B %Y}, and of {names[1]} in {found.day:%B %Y}, over "
        f"{found.repeats} surveys inside the model under '{scenario}', against what is so of all its adults."
    )
    return figure, caption


def _said(answer: Answer) -> of_survey.Said:
    return of_survey.Said(answer.mean, answer.low, answer.high, answer.told_apart, answer.reported)
