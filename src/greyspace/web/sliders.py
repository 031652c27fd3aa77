"""What the page lets a reader move, and the questions that it offers: names of parameters, no numbers.

How far a slider goes, where history stands, and what is known of it are read from the pack.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from greyspace.country import Pack
from greyspace.evidence import Parameter
from greyspace.evidence.parameters import Choice


@dataclass(frozen=True)
class Slider:
    """One thing to move: it sets all of its parameters to one value."""

    id: str
    group: str
    en: str
    ko: str
    parameters: tuple[str, ...]
    log: bool = False

    def of(self, pack: Pack) -> bool:
        """Whether a pack has all that it moves."""
        return all(key in pack.parameters for key in self.parameters)


@dataclass(frozen=True)
class Preset:
    """A question that the page offers: sliders at an end of theirs, and systems that are away."""

    id: str
    en: str
    ko: str
    low: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


def _all(topic: str, *keys: str) -> tuple[str, ...]:
    return tuple(f"{topic}.{key}" for key in keys)


SLIDERS = (
    Slider("power", "limits", "Electricity, at least", "전력 공급 최소한", ("power.least_hours",)),
    Slider(
        "network",
        "limits",
        "Sites linked to the register, at least",
        "중앙 등록부에 연결된 곳 최소한",
        ("network.least_linked",),
    ),
    Slider("spares", "limits", "Spare parts from abroad", "수입 부속품", ("devices.spares_per_year",), log=True),
    Slider(
        "border", "limits", "Spare parts despite a shut border", "국경 봉쇄와 무관한 부속품", ("supply.ignores_border",)
    ),
    Slider(
        "analysts",
        "limits",
        "Analysts: leads they can follow",
        "분석원이 추적할 수 있는 단서",
        ("analysis.capacity",),
        log=True,
    ),
    Slider(
        "reviewed",
        "limits",
        "Records that somebody looks at",
        "누군가 확인하는 기록",
        ("analysis.reviewed_share",),
        log=True,
    ),
    Slider("wage", "officers", "Officers' pay", "단속원의 월급", ("bribery.wage",), log=True),
    Slider("demand", "officers", "Money that superiors demand", "상급자가 요구하는 돈", ("bribery.demand",)),
    Slider(
        "followed_up",
        "officers",
        "Bribes on camera that are followed up",
        "카메라에 잡힌 뇌물 중 추적되는 몫",
        ("bribery.reviewed",),
        log=True,
    ),
    Slider(
        "on_officers",
        "officers",
        "Cameras turned on officers",
        "단속원을 향한 카메라",
        _all(
            "enforcer_cameras",
            *(f"covered_{place}" for place in ("station", "train", "road", "market", "office", "border")),
        ),
    ),
    Slider(
        "gates",
        "devices",
        "Further stations with gates",
        "안면 인식 출입구를 더 설치한 역",
        ("station_gates.further_share",),
    ),
    Slider(
        "readers",
        "devices",
        "Places with a reader of the register",
        "신분 등록 판독기가 있는 곳",
        ("identity_register.reader_share",),
    ),
    Slider(
        "plates",
        "devices",
        "Trips seen by plate cameras",
        "번호판 카메라가 보는 운행",
        _all("plate_cameras", *(f"share_of_trips_seen_{place}" for place in ("capital", "approach", "elsewhere"))),
    ),
    Slider(
        "workplaces",
        "devices",
        "Workplaces under cameras",
        "카메라가 있는 일터",
        _all("workplace_cameras", *(f"covered_{place}" for place in ("industry", "office", "government"))),
    ),
    Slider(
        "informants",
        "people",
        "Informants, times today's",
        "정보원 수(현재의 배)",
        ("human_network.informants_factor",),
    ),
)

PRESETS = (
    Preset("power_all_day", "What if there were power all day?", "하루 종일 전기가 들어온다면?", high=("power",)),
    Preset(
        "all_linked",
        "What if every site could reach the register?",
        "모든 곳이 중앙 등록부에 연결된다면?",
        high=("network",),
    ),
    Preset(
        "no_limits",
        "What if power, links and spare parts had no limit?",
        "전력, 통신, 부속품에 한계가 없다면?",
        high=("power", "network", "spares", "border"),
    ),
    Preset(
        "paid_officers",
        "What if officers were paid what a family needs?",
        "단속원이 가족이 먹고살 만큼 받는다면?",
        high=("wage",),
    ),
    Preset(
        "watched_officers",
        "What if cameras were turned on the officers?",
        "카메라가 단속원을 향한다면?",
        high=("on_officers", "followed_up"),
    ),
    Preset("no_gates", "What if there were no gates?", "안면 인식 출입구가 없다면?", off=("station_gates",)),
    Preset(
        "no_people_watching",
        "What if people did not watch each other?",
        "사람이 사람을 감시하지 않는다면?",
        off=("human_network",),
    ),
    Preset(
        "many_analysts",
        "What if there were analysts for everything?",
        "모든 기록을 볼 분석원이 있다면?",
        high=("analysts", "reviewed"),
    ),
)


def offered(pack: Pack) -> tuple[Slider, ...]:
    """The sliders that a pack has."""
    return tuple(slider for slider in SLIDERS if slider.of(pack))


def presets(pack: Pack) -> tuple[Preset, ...]:
    """The questions that can be put to a pack."""
    known = {slider.id for slider in offered(pack)}
    return tuple(preset for preset in PRESETS if known.issuperset((*preset.low, *preset.high)))


def ends(pack: Pack, slider: Slider) -> tuple[float, float]:
    """How far a slider goes: over what a lever or a share may be, what is uncertain, or what scenarios try."""
    found = [_ends(pack, pack.parameters[key], slider.log) for key in slider.parameters]
    return min(low for low, _ in found), max(high for _, high in found)


def _ends(pack: Pack, known: Parameter, log: bool) -> tuple[float, float]:
    assert known.range is not None
    tried = [
        float(value) for scenario in pack.scenarios.values() for value in _values(scenario.parameters.get(known.id))
    ]
    spread = known.distribution
    bounded = spread is not None and not isinstance(spread, Choice)
    if not log and (known.range == (0.0, 1.0) or (known.role == "lever" and not tried)):
        return known.range
    own = [*_values(known.value if known.values is None else known.values)]
    if bounded:
        own += [spread.low, spread.high]  # type: ignore[union-attr]
        # A scenario that lifts a limit altogether sets it far beyond anything that could be; a share it cannot.
        tried = [value for value in tried if known.range[1] <= 1.0]
    return min([*own, *tried]), max([*own, *tried])


def _values(told: object) -> Sequence[float]:
    if told is None or isinstance(told, str):
        return ()
    return [float(of) for of in told.values()] if isinstance(told, Mapping) else [float(told)]  # type: ignore[arg-type]


def history(pack: Pack, slider: Slider, day: date) -> float:
    """What history has on a day: the first of the parameters."""
    known = pack.parameters[slider.parameters[0]]
    if known.values is None:
        assert isinstance(known.value, float)
        return known.value
    dated = [value for since, value in known.values.items() if since <= day]
    return dated[-1] if dated else next(iter(known.values.values()))
