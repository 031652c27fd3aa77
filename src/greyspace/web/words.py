"""Short names of measures in the languages of the page; what a measure is, is said where it is read."""

from greyspace.study.atlas import FORBIDDEN, Measure
from greyspace.web.shapes import Text

_ACTS = {
    FORBIDDEN: ("All that is not permitted", "허가되지 않은 모든 행위"),
    "journey_with_permit": ("Travel with a permit", "허가받은 이동"),
    "journey_without_permit": ("Travel without a permit", "허가 없는 이동"),
    "trade": ("Trade outside the rules", "규정 밖의 장사"),
    "smuggling": ("Smuggling", "밀수"),
    "crossing": ("Crossing the border", "월경"),
    "call_abroad": ("Calls abroad", "외국과의 통화"),
    "foreign_media": ("Foreign films and music", "외국 영상과 음악"),
    "private_word": ("Words that must not be said", "해서는 안 되는 말"),
    "absence": ("Staying away from work", "직장 이탈"),
    "visitor": ("Putting up guests", "신고 없는 숙박"),
    "theft": ("Theft", "도둑질"),
    "traffic_offence": ("Traffic offences", "교통 위반"),
}
_ENDS = {
    "begun": ("begun", "시작됨"),
    "prevented": ("prevented", "막힘"),
    "chilled": ("not begun, out of caution", "조심하여 시작하지 않음"),
    "priced_out": ("not begun, too dear", "비용 때문에 시작하지 않음"),
    "punished": ("punished", "처벌됨"),
    "turned_back": ("turned back", "되돌려 보내짐"),
    "paid": ("let off for a bribe", "뇌물로 풀려남"),
    "free_recorded": ("free, but recorded", "무사하나 기록됨"),
    "free_unseen": ("free and unseen", "무사하고 보이지 않음"),
}
_OTHERS = {
    "officers.let_off": ("Caught and let off for a bribe", "적발 후 뇌물로 풀려난 사람"),
    "officers.price": ("Mean bribe", "평균 뇌물"),
    "officers.paid": ("Paid to officers", "단속원에게 낸 돈"),
    "officers.held_up": ("Innocent people made to pay", "잘못 없이 돈을 낸 사람"),
    "held.short": ("Held for a short term", "단기 구금"),
    "held.long": ("Held for a long term", "장기 구금"),
    "held.camp": ("Sent to a camp", "수용소로 보내짐"),
    "held.killed": ("Shot and killed", "사살됨"),
    "people.afraid": ("Very cautious people", "매우 조심하는 사람"),
    "people.knows": ("People who know what cameras can do", "카메라의 능력을 아는 사람"),
    "people.enrolled": ("Faces in the register", "얼굴이 등록된 사람"),
    "records.leads": ("Found later, by a record", "나중에 기록으로 드러남"),
    "records.ordinary": ("Records of ordinary life", "일상의 기록"),
    "covered.rail_departures": ("Train departures under a working gate", "작동하는 출입구를 지나는 열차 출발"),
    "covered.vehicle_trips": ("Trips read by plate cameras", "번호판 카메라가 읽는 운행"),
    "covered.border": ("Border under a working camera", "작동하는 카메라 아래의 국경"),
    "covered.industry_workers": ("Workers under a camera", "카메라 아래의 노동자"),
    "covered.pupils": ("Pupils under a camera", "카메라 아래의 학생"),
    "covered.payers": ("Adults who pay by telephone", "휴대전화로 결제하는 어른"),
    "covered.riders": ("Riders with an electronic card", "교통카드 이용자"),
    "covered.owners": ("Adults with a telephone", "휴대전화가 있는 어른"),
    "gates.installed": ("Gates installed", "설치된 안면 인식 출입구"),
    "gates.working": ("Gates not broken", "고장 나지 않은 출입구"),
    "gates.live": ("Gates at work", "작동하는 출입구"),
    "supply.power_home": ("Electricity at home", "가정의 전기"),
    "supply.power_industry": ("Electricity in industry", "산업의 전기"),
    "supply.power_rail": ("Electricity on the railway", "철도의 전기"),
    "supply.linked": ("Sites linked to the register", "중앙 등록부에 연결된 곳"),
    "prices.food": ("Price of food", "식량 가격"),
    "prices.goods": ("Price of goods from abroad", "수입품 가격"),
}


def label(measure: Measure) -> Text:
    """The short name of a measure."""
    if measure.act is not None and measure.end is not None:
        (act, act_ko), (end, end_ko) = _ACTS[measure.act], _ENDS[measure.end]
        return Text(en=f"{act}: {end}", ko=f"{act_ko}: {end_ko}")
    en, ko = _OTHERS[measure.name]
    return Text(en=en, ko=ko)
