"""What readers do with the page, in a browser and against a real server."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest

# Of the evidence one topic: all of it is the same four hundred times.
VIEWS = ("what-if", "map", "compare", "claims", "footprint", "evidence?topic=power", "runs")
HEAVY = ("serious", "critical")


def answered(page) -> str:
    """The sentence that tells the full answer."""
    page.get_by_text(re.compile(r"would come to [\d.,]+ in 2024, instead of")).wait_for()
    return page.locator(".state").inner_text()


def test_what_if_there_were_power_all_day_is_one_click_away(opened, picture):
    page = opened()
    page.get_by_role("button", name="What if there were power all day?").click()
    assert answered(page).startswith("What if there were power all day? If so from 2021 on")
    # What is seen can be sent to others: the same address gives the same answer.
    again = opened(page.url[page.url.index("#") :])
    assert answered(again) == page.locator(".state").inner_text()
    assert again.get_by_role("slider", name="Electricity, at least").get_attribute("aria-valuetext") == "24 hours a day"
    picture(page, "what-if-1280")


def test_the_answer_lies_beside_history_from_the_year_of_the_change_on(opened):
    page = opened("#/what-if?s.power=24&measure=supply.power_home")
    answered(page)
    figure = page.locator("figure").first
    figure.get_by_text("Numbers").click()
    rows = [row.split("\t") for row in figure.locator("tbody").inner_text().splitlines()]
    then = {int(year): (float(was), None if so == "–" else float(so)) for year, was, so in rows}
    assert then[2020][1] == then[2020][0]
    assert all(then[year][1] == 24 > then[year][0] for year in range(2021, 2025))


def test_a_slider_is_moved_by_keys_alone(opened):
    page = opened()
    page.get_by_text("Choose a question above").wait_for()
    slider = page.get_by_role("slider", name="Electricity, at least")
    slider.focus()
    slider.press("End")
    answered(page)
    assert slider.get_attribute("aria-valuetext") == "24 hours a day"
    slider.press("ArrowLeft")
    page.locator(".state", has_text="Electricity, at least: 23.8 hours a day").wait_for()
    page.get_by_role("button", name="Back to history").press("Enter")
    page.get_by_text("Choose a question above").wait_for()
    assert "s.power" not in page.url


def test_a_figure_can_be_taken_away_as_data_drawing_picture_and_line(opened):
    page = opened("#/what-if?s.power=24")
    sentence = answered(page)
    figure = page.locator("figure").first

    def taken(name: str) -> bytes:
        with page.expect_download() as waiting:
            figure.get_by_role("button", name=name).click()
        return waiting.value.path().read_bytes()

    head, *rows = csv.reader(io.StringIO(taken("Data (CSV)").decode()))
    assert head == ["Year", "history", "if so"]
    years = [int(row[0]) for row in rows]
    assert years == list(range(years[0], 2025))
    assert f"{float(rows[-1][2]):.3g}" in sentence
    drawing = ET.fromstring(taken("SVG"))
    words = " ".join("".join(text.itertext()) for text in drawing.iter("{http://www.w3.org/2000/svg}text"))
    assert "Travel without a permit: free and unseen" in words
    assert "The greyspace authors" in words
    assert "#/what-if?s.power=24" in words.replace(" ", "")
    assert "token" not in words
    assert taken("PNG").startswith(b"\x89PNG")


def test_play_goes_through_the_years_and_tiles_show_what_the_map_does(opened, picture):
    page = opened("#/map?year=2022")
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(re.compile("year=2024"))
    shown = page.locator("figure").first.get_by_role("img").first.get_attribute("aria-label")
    assert re.search(r"Capital City [\d.]+, Northshire [\d.]+", shown)
    picture(page, "map-toyland-1280")


def test_no_province_fills_the_map(opened, picture):
    """Rings that turn the wrong way round would."""
    page = opened("#/map?country=dprk&lang=ko")
    page.locator("figure text", has_text="평양시").first.wait_for()
    sizes = page.evaluate(
        """() => {
          const map = document.querySelector("figure svg");
          const all = map.getBoundingClientRect();
          return [...map.querySelectorAll("path:has(title)")].map((path) => {
            const box = path.getBoundingClientRect();
            return (box.width * box.height) / (all.width * all.height);
          });
        }"""
    )
    assert len(sizes) == 10
    assert max(sizes) < 0.35
    assert page.locator("html").get_attribute("lang") == "ko"
    picture(page, "map-ko-1280")
    page.get_by_role("button", name="타일").click()
    page.locator("figure rect:has(title)").first.wait_for()
    assert page.locator("figure").first.locator("rect:has(title)").count() == 10


def test_the_first_view_of_the_north_korean_pack_names_what_is_assumed(opened, picture):
    page = opened("#/what-if?country=dprk")
    page.locator("figure svg").first.wait_for()
    assert page.get_by_text("no tool of surveillance").is_visible()
    assert page.get_by_text(re.compile(r"\d+ of the \d+ numbers behind this are assumed")).is_visible()
    picture(page, "what-if-dprk-1280")


def test_evidence_can_be_narrowed_to_what_is_assumed_and_opened_to_its_reason(opened):
    page = opened("#/evidence?country=dprk")
    button = page.get_by_role("button", name=re.compile(r"^assumed \(\d+\)"))
    count = re.search(r"\d+", button.inner_text())[0]
    button.click()
    page.get_by_text(f"{count} of ").wait_for()
    assert page.locator("main li").count() == int(count)
    page.get_by_label("Find").fill("power.lowest")
    assert page.locator("main li").count() == 0
    page.goto(page.url.replace("grounds=assumed&", "").replace("grounds=assumed", ""))
    page.locator("main summary").first.click()
    assert page.get_by_text(re.compile("Asiapress", re.IGNORECASE)).first.is_visible()


def test_claims_say_where_they_stand_and_what_would_count_against_them(opened):
    page = opened("#/claims?country=dprk")
    page.locator("article").first.wait_for()
    number = page.locator("article").count()
    assert number >= 50
    page.get_by_role("button", name=re.compile("cannot be asked")).click()
    assert 0 < page.locator("article").count() < number
    page.goto(re.sub(r"#.*", "#/claims?country=dprk&claim=C33", page.url))
    page.locator("article").get_by_text("How it is put to the model").click()
    assert page.get_by_text("What would count against it").is_visible()


def test_days_vanish_as_systems_are_switched_off_and_join_with_a_complete_register(opened):
    page = opened("#/footprint?country=toyland")
    title = page.get_by_role("heading", name=re.compile("days a record can be put to this person"))

    def days() -> int:
        return int(re.search(r"On (\d+) of", title.inner_text())[1])

    title.wait_for()
    # Not everybody leaves a trace.
    for _ in range(20):
        if (
            page.get_by_role("checkbox").count()
            and page.get_by_label("both").locator("xpath=..").inner_text()[-1] != "0"
        ):
            break
        before = page.url
        with page.expect_response(re.compile("/footprint")):
            page.get_by_role("button", name="Another person").click()
        assert page.url != before
    now = days()
    page.get_by_label("both").check()
    joined = days()
    assert joined >= now
    assert joined > 0
    page.get_by_role("button", name="all off").click()
    assert days() == 0
    page.get_by_role("button", name="all on").click()
    assert days() == joined


def test_a_run_survives_a_reload_and_can_be_cancelled(opened):
    page = opened("#/runs")
    page.get_by_label("Until").select_option("2035")
    page.get_by_label("Share of the nation").select_option(index=0)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Cancel").wait_for()
    page.reload()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    assert page.get_by_text("cancelled").first.is_visible()


def test_a_cancelled_run_stays_so_when_older_news_of_it_come_late(opened):
    page = opened("#/runs")
    news, lists = [], []
    page.route("**/api/jobs/*/events", lambda route: news.append(route))
    page.get_by_label("Until").select_option("2035")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Cancel").wait_for()
    page.route("**/api/jobs", lambda route: lists.append(route))
    with page.expect_response(lambda response: response.request.method == "DELETE") as ended:
        page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel").wait_for(state="detached")
    late = {**ended.value.json(), "state": "running"}
    with page.expect_response(lambda response: response.url.endswith("/events")):
        news[0].fulfill(content_type="text/event-stream", body=f"event: job\ndata: {json.dumps(late)}\n\n")
    page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    lists[0].continue_()
    page.wait_for_load_state("networkidle")
    assert page.get_by_role("button", name="Cancel").count() == 0


def test_a_run_does_not_end_before_it_begins(opened):
    page = opened("#/runs")
    assert page.get_by_label("Until").input_value() == "2024"
    page.get_by_label("From").select_option("2026")
    assert int(page.get_by_label("Until").input_value()) >= 2026


def test_two_scenarios_are_compared_as_conditions_with_bands_that_say_of_how_many_lives_they_are(opened, picture):
    page = opened("#/compare?measure=gates.live")
    page.get_by_label("Rather than").select_option("history")
    page.get_by_label("If").select_option("full power")
    page.get_by_label("Draws").select_option("4")
    page.get_by_label("Seeds").select_option("1")
    page.get_by_role("button", name="Work it out").click()
    said = page.get_by_text(re.compile("^If “full power” held rather than “history”"))
    said.wait_for()
    assert re.search(r"in 2024 would differ by [+−][\d.]+ .*: from \S+ to \S+ in eight of ten draws", said.inner_text())
    assert page.get_by_text("Scenarios are conditions, not forecasts").is_visible()
    # One pair at the country's own values, four in draws, one with another seed.
    assert "12 lives" in page.get_by_text(re.compile("less history: at the pack's own values")).first.inner_text()
    assert page.get_by_label("Kept comparisons").locator("option").inner_text().endswith("2024 (12 runs)")
    drawn = page.locator("figure svg").first.text_content()
    assert "uncertain numbers" in drawn
    assert "luck" in drawn
    figure = page.locator("figure").first
    figure.get_by_text("Numbers", exact=True).click()
    head = figure.locator("thead th").all_inner_texts()
    assert head == [
        "Year", "history", "full power", "Difference",
        "uncertain numbers, low", "uncertain numbers, high", "luck, low", "luck, high",
    ]  # fmt: skip
    rows = {int(row[0]): row[3:] for row in (r.split("\t") for r in figure.locator("tbody").inner_text().splitlines())}
    difference, low, high = (float(cell.replace("−", "-")) for cell in rows[2024][:3])
    assert low <= high
    assert f"{abs(difference):.3g}" in said.inner_text()
    picture(page, "compare-toyland-1280")
    # Whoever has the link sees the same.
    again = opened(page.url[page.url.index("#") :], width=360)
    assert again.get_by_text(re.compile("^If “full power”")).inner_text() == said.inner_text()
    picture(again, "compare-toyland-360")


@pytest.mark.parametrize("view", VIEWS)
def test_no_view_keeps_anybody_out(opened, axe, picture, view):
    page = opened(f"#/{view}", width=360)
    page.wait_for_load_state("networkidle")
    view, _, asked = view.partition("?")
    picture(page, f"{view}-360")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, "the page is wider than a small telephone"
    page.evaluate(axe)
    for language, screen in (("en", "light"), ("ko", "dark")):
        page.emulate_media(color_scheme=screen)
        page.evaluate(f"location.hash = '#/{view}?{asked}&lang={language}'")
        page.locator(f"html[lang={language}]").wait_for()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('figure details').forEach((each) => (each.open = true))")
        found = page.evaluate("axe.run()")
        heavy = [
            (each["id"], each["help"], each["nodes"][0]["html"][:200])
            for each in found["violations"]
            if each["impact"] in HEAVY
        ]
        assert heavy == [], json.dumps(heavy, indent=1, ensure_ascii=False)
    picture(page, f"{view}-ko-dark-360")


def test_a_dark_screen_turns_the_page_dark_and_leaves_what_is_taken_away_light(opened, picture):
    page = opened("#/what-if?s.power=24")
    answered(page)
    page.emulate_media(color_scheme="dark")
    look = "getComputedStyle(document.documentElement)"
    ground, ink = page.evaluate(f"[{look}.backgroundColor, {look}.color]")
    assert ground == "rgb(22, 22, 22)"
    assert ink == "rgb(232, 232, 230)"
    picture(page, "what-if-dark-1280")
    figure = page.locator("figure").first
    with page.expect_download() as waiting:
        figure.get_by_role("button", name="SVG").click()
    drawing = ET.fromstring(waiting.value.path().read_bytes())
    rect = next(drawing.iter("{http://www.w3.org/2000/svg}rect"))
    assert rect.get("fill") in ("#fff", "#ffffff")
    colours = {text.get("fill") for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert "rgb(11, 83, 148)" in colours, "the blue of paper"
    assert not {"rgb(232, 232, 230)", "rgb(116, 180, 238)"} & colours, "nothing of the dark screen"
    assert page.evaluate(f"{look}.backgroundColor") == ground


def test_print_leaves_out_what_paper_cannot_do_and_is_light(opened, picture):
    page = opened("#/what-if?s.power=24")
    answered(page)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.get_by_role("navigation").is_visible()
    assert not page.get_by_role("slider").first.is_visible()
    assert page.locator("figure svg").first.is_visible()
    picture(page, "what-if-print")
