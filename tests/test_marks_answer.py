"""Every mark of every chart says what it is: to the mouse, to a finger and to the keyboard."""

from __future__ import annotations

import pytest

from tests.test_citable_figures import FIGURES
from tests.test_figure_browser import SOME

pytestmark = pytest.mark.slow
PHONE, DESKTOP = {"width": 390, "height": 1700}, {"width": 1400, "height": 1700}
# Points at shares of the width of each mark, and lists what the page says there:
# [label of the mark, what was said, labels of all marks at that point].
POINT = """([type, shares]) => {
    const said = [], tip = document.querySelector(".tip");
    for (const svg of document.querySelectorAll(".plot svg, .drawing svg")) {
        if (!svg.checkVisibility()) continue;
        const marks = [...svg.querySelectorAll("[data-label]")];
        svg.scrollIntoView({block: "center", behavior: "instant"});
        const boxes = marks.map(one => one.getBoundingClientRect());
        for (const [which, mark] of marks.entries()) {
            const box = boxes[which];
            for (const share of shares) {
                const x = box.left + box.width * share, y = box.top + box.height / 2;
                const target = document.elementFromPoint(x, y);
                const at = {clientX: x, clientY: y, bubbles: true, pointerType: type};
                const does = type === "mouse" ? "pointermove" : "pointerdown";
                target.dispatchEvent(new PointerEvent(does, at));
                const there = marks.filter((one, n) => {
                    const b = boxes[n];
                    const across = b.left - 9 <= x && x <= b.right + 9;
                    return across && b.top - 9 <= y && y <= b.bottom + 9;
                });
                const labels = there.map(one => one.dataset.label);
                said.push([mark.dataset.label, tip.textContent, labels]);
            }
        }
    }
    return said;
}"""


def wrong(said: list) -> list[str]:
    """List the marks at which the page says nothing, or what a mark elsewhere is."""
    plain = [
        (label, told.replace("\n", "; "), {one for one in there}) for label, told, there in said
    ]
    return [f"{label}: {told!r}" for label, told, there in plain if told not in there]


MIDDLE, EDGE = 0.5, 0.03  # in the long report, where each answer takes longer, one for each pointer


@pytest.mark.parametrize(
    ("path", "pointer", "shares", "figures"),
    [
        ("report.html", "mouse", [EDGE], FIGURES),
        ("report.html", "touch", [MIDDLE], FIGURES),
        ("index.html", "mouse", [MIDDLE, EDGE], FIGURES),
        ("embed.html", "touch", [MIDDLE, EDGE], SOME),  # the drawings are those of the report
    ],
)
def test_each_mark_answers_the_mouse_and_the_finger(
    path, pointer, shares, figures, browser, site, record_property
):
    pages = [path] if path == "report.html" else [f"figures/{name}/{path}" for name in figures]
    context = browser.new_context(viewport=DESKTOP if pointer == "mouse" else PHONE)
    page, count = context.new_page(), 0
    for one in pages:
        page.goto((site / one).as_uri())
        said = page.evaluate(POINT, [pointer, shares])
        assert said and wrong(said) == [], one
        count += len(said)
    assert count > 20 * len(figures) * len(shares)
    context.close()
    record_property("told", f"marks: {count} points of {path} answer the {pointer}")


def test_a_mark_whose_text_takes_the_pointer_is_found(browser, site):
    context = browser.new_context(viewport=DESKTOP, bypass_csp=True)
    page = context.new_page()
    page.goto((site / "figures/oas-vote/index.html").as_uri())
    page.add_style_tag(content=".drawing svg text { pointer-events: all !important; }")
    page.add_script_tag(
        content="""document.querySelectorAll("svg text").forEach(text =>
        text.addEventListener("pointermove", event => event.stopPropagation()))"""
    )
    assert wrong(page.evaluate(POINT, ["mouse", [MIDDLE]]))
    context.close()


@pytest.mark.parametrize("path", ["report.html", "figures/oas-vote/index.html"])
def test_the_arrow_keys_read_the_marks_in_order(path, browser, site):
    page = browser.new_page(viewport=DESKTOP)
    page.goto((site / path).as_uri())
    chart = page.locator(".plot svg:visible, .drawing svg:visible").first
    labels = chart.evaluate(
        "e => [...e.querySelectorAll('[data-label]')].map(m => m.dataset.label)"
    )
    chart.focus()
    for label in labels[:12]:
        page.keyboard.press("ArrowRight")
        assert page.locator(".tip").inner_text().replace("\n", "; ") == label
    page.keyboard.press("Escape")
    assert page.locator(".tip").inner_text() == ""
    page.close()
