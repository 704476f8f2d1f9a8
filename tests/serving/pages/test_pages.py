"""The pages in a real browser, in both languages: what they say is what the API answers."""

import re
from typing import Any

import httpx
import pytest

from serving.pages.words import COLUMNS, WORDS

PATHS = ("/", "/customers", "/customers/c001", "/customers/c000", "/book", "/model")
NUMBER = re.compile(r"[+−-]?[^\d+−-]*([\d,]+(?:\.\d+)?)")


def word(name: str, language: str) -> str:
    return str(getattr(WORDS[name], language))


def recommended(api: httpx.Client, customer: str, language: str) -> dict[str, Any]:
    asked = {"customers": [{"customer_id": customer}], "language": language}
    (answer,) = api.post("/v1/recommendations", json=asked).raise_for_status().json()["recommendations"]
    return dict(answer)


def texts(page: Any, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def units(shown: str) -> int:
    """A printed figure in its last digits, with its sign."""
    found = NUMBER.search(shown)
    assert found, shown
    digits = int(found.group(1).replace(",", "").replace(".", ""))
    return -digits if "−" in shown else digits


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_opens_without_a_complaint(page: Any, path: str, theme: str, language: str) -> None:
    answer = page.goto(f"{path}?theme={theme}")
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
    assert page.locator("html").get_attribute("data-theme") == theme
    assert page.locator("h1").count() == 1
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor").split("(")[1].split(",")[0]
    assert (float(dark) < 60) == (theme == "dark")


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_telephone(page: Any, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_a_phone_a_list_stands_in_cards_that_name_their_figures(page: Any, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/customers")
    card = page.locator(".stacks tbody tr").first
    assert card.locator(".who").bounding_box()["height"] < 40
    assert card.locator("td.figure").first.get_attribute("data-label") == {"en": "Value", "zh": "价值"}[language]


def test_todays_work_is_what_the_api_recommends(page: Any, api: httpx.Client, language: str) -> None:
    page.goto("/")
    shown = texts(page, ".task .who")
    listed = api.get("/v1/customers", params={"sort": "priority", "limit": 20}).json()["accounts"]
    assert shown == [account["customer_id"] for account in listed]
    for place in range(3):
        answer = recommended(api, shown[place], language)
        task = page.locator(".task").nth(place)
        assert task.locator(".do").inner_text() == answer["actions"][0]["text"]
        assert task.locator(".because").inner_text() == answer["actions"][0]["because"]
        assert task.locator(".tier").inner_text().strip() == word(answer["tier"]["name"], language)


def test_a_customers_page_tells_the_apis_numbers(page: Any, api: httpx.Client, language: str) -> None:
    answer = recommended(api, "c001", language)
    page.goto("/customers/c001")
    assert page.locator(".badge .tier").inner_text().strip() == word(answer["tier"]["name"], language)
    assert answer["reasons"]["lifetime_value"]["score_shown"] == page.locator("#lifetime_value .big").inner_text()
    assert answer["tier"]["why"] in page.inner_text("main")
    for action in answer["actions"]:
        assert action["text"] in page.inner_text("#actions")
    assert answer["indicators"]["health"]["text"] in page.inner_text("main")
    told = api.get("/v1/customers/c001", params={"language": language}).json()
    assert [entry["text"] for entry in told["timeline"]["events"][:5]] == texts(page, ".timeline li > span")[:5]


def test_every_waterfall_adds_up_to_the_last_digit(page: Any, api: httpx.Client, language: str) -> None:
    answer = recommended(api, "c001", language)
    page.goto("/customers/c001")
    falls = page.locator(".explained .fall")
    assert falls.count() == sum(reasons is not None for reasons in answer["reasons"].values())
    for number in range(falls.count()):
        base, *parts, score = [units(text) for text in falls.nth(number).locator("td.figure").all_inner_texts()]
        assert base + sum(parts) == score


def test_the_book_counts_what_the_api_lists(page: Any, api: httpx.Client) -> None:
    page.goto("/book")
    for tier in ("diamond", "gold", "silver", "bronze"):
        row = page.locator(f'.shares tr:has(a[href*="tier={tier}"])')
        total = api.get("/v1/customers", params={"tier": tier}).json()["total"]
        assert int(row.locator("td.figure").first.inner_text().replace(",", "")) == total


def test_the_model_page_names_the_version_that_answers(page: Any, api: httpx.Client, language: str) -> None:
    page.goto("/model")
    assert api.get("/v1/model").json()["version"] in texts(page, ".facts .code")
    assert page.locator(".letter").inner_text() == "A"
    assert "76" in page.locator(".grade").inner_text()
    assert word("drivers", language) in page.inner_text("main")


def test_a_search_finds_by_a_part_of_the_id(page: Any) -> None:
    page.goto("/")
    page.fill("input[name=search]", "C01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers?search=C01")
    assert texts(page, ".list .who") == sorted(texts(page, ".list .who"), key=lambda name: name != name)
    assert {name[:3] for name in texts(page, ".list .who")} == {"c01"}


def test_pages_are_read_by_keyboard_alone(page: Any, language: str) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == word("skip", language)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_choice_of_language_is_kept(page: Any, language: str) -> None:
    other = {"en": "zh", "zh": "en"}[language]
    page.goto("/book")
    page.click(".switches a >> nth=0")
    assert page.locator("h1").inner_text() == word("book", other)
    page.goto("/model")
    assert page.locator("h1").inner_text() == word("model", other)


def test_a_tier_is_set_by_hand_and_withdrawn(page: Any, api: httpx.Client, language: str) -> None:
    page.goto("/customers/c005")
    page.select_option("#override select[name=tier]", "diamond")
    page.fill("#override input[name=until] >> nth=0", "2024-12-31")
    page.fill("#override input[name=by] >> nth=0", "李伟")
    page.fill("#override input[name=reason] >> nth=0", "new shop")
    page.click(f"#override button:has-text('{word('save', language)}')")
    assert page.locator(".note.good").inner_text() == word("saved", language)
    assert page.locator(".badge .tier").inner_text().strip() == word("diamond", language)
    assert recommended(api, "c005", language)["tier"]["override"]["by"] == "李伟"
    page.fill("form[action$=withdraw] input[name=by]", "李伟")
    page.fill("form[action$=withdraw] input[name=reason]", "closed again")
    page.click(f"button:has-text('{word('withdraw', language)}')")
    assert page.locator(".note.good").inner_text() == word("withdrawn", language)
    assert recommended(api, "c005", language)["tier"]["override"] is None


def test_a_form_that_is_wrong_says_why_and_keeps_what_was_written(address: str, api: httpx.Client) -> None:
    form = {"tier": "gold", "until": "2020-01-01", "by": "Li Wei", "reason": "<b>past</b>"}
    answer = api.post("/customers/c005/override", data=form, headers={"origin": address})
    assert answer.status_code == 422
    assert "2020-01-01" in answer.text
    assert "&lt;b&gt;past&lt;/b&gt;" in answer.text
    assert recommended(api, "c005", "en")["tier"]["override"] is None


def test_a_wrong_form_speaks_the_readers_language_and_can_be_left(address: str, api: httpx.Client) -> None:
    form = {"tier": "gold", "until": "2020-01-01", "by": "Li Wei", "reason": ""}
    asked = {"origin": address, "accept-language": "zh-CN"}
    answer = api.post("/customers/c005/override", data=form, headers=asked)
    (faults,) = re.findall(r'role="alert">(.*?)</div>', answer.text)
    assert not re.search(r"[a-z]", re.sub(r"<.*?>", "", faults))
    assert 'href="/customers/c005?language=en"' in answer.text


def test_another_sites_form_changes_nothing(api: httpx.Client) -> None:
    form = {"tier": "gold", "until": "2030-01-01", "by": "Mallory", "reason": "because"}
    answer = api.post("/customers/c005/override", data=form, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert recommended(api, "c005", "en")["tier"]["override"] is None


def test_an_unknown_customer_is_a_page_too(page: Any, language: str) -> None:
    answer = page.goto("/customers/%E6%9D%8E%2F%E4%BC%9F")
    assert answer.status == 404
    assert "李/伟" in page.locator("h1").inner_text()
    page.complaints.clear()


def test_a_printed_page_leaves_the_controls_out(page: Any) -> None:
    page.goto("/customers/c001")
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert not page.locator("#override").is_visible()
    assert page.locator(".scores").is_visible()


def test_every_word_is_there_in_both_languages_with_the_same_parts() -> None:
    parts = re.compile(r"{(\w+)}")
    for name, words in {**WORDS, **COLUMNS}.items():
        assert words.en, name
        assert words.zh, name
        assert sorted(parts.findall(words.en)) == sorted(parts.findall(words.zh)), name


@pytest.mark.parametrize("path", ["/", "/customers"])
def test_beyond_the_last_page_stands_the_last_page(api: httpx.Client, path: str) -> None:
    assert api.get(path, params={"page": 9_999}).text.count('class="who"') > 0


def test_a_list_that_was_narrowed_leads_back_to_everybody(page: Any, language: str) -> None:
    page.goto("/customers?search=nobody-is-called-so")
    assert page.input_value("input[name=search] >> nth=0") == "nobody-is-called-so"
    page.click(f"main a:has-text('{word('everybody', language)}')")
    page.wait_for_url("**/customers")
    assert page.locator(".list .who").count() > 0


def test_an_unknown_customer_can_be_searched_for(page: Any, language: str) -> None:
    page.goto("/customers/C01?language=" + language)
    page.complaints.clear()
    page.click("main a >> nth=0")
    page.wait_for_url("**/customers?search=C01")
    assert {name[:3] for name in texts(page, ".list .who")} == {"c01"}


def test_an_id_of_any_length_fits_a_telephone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"/customers/{'x' * 300}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.complaints.clear()


def test_nothing_is_said_to_be_saved_that_is_not(api: httpx.Client) -> None:
    assert "note good" not in api.get("/customers/c003?done=saved").text


def test_the_form_begins_with_the_tier_that_stands(page: Any, api: httpx.Client, language: str) -> None:
    page.goto("/customers/c003")
    tier = recommended(api, "c003", language)["tier"]["name"]
    assert page.input_value("#override select[name=tier]") == tier
