"""Every mark of every chart says what it is: to the mouse, to a finger and to the keyboard."""

from __future__ import annotations

import pytest

from tests.test_citable_figures import FIGURES

pytestmark = pytest.mark.slow
PHONE, DESKTOP = {"width": 390, "height": 1700}, {"width": 1400, "height": 1700}
# Points at the middle of each mark and just inside its edge, and lists what the page says there:
# [label of the mark, what was said, labels of all marks at that point].
POINT = """type => {
    const said = [], tip = document.querySelector(".tip");
    for (const svg of document.querySelectorAll(".plot svg, .drawing svg")) {
        if (!svg.checkVisibility()) continue;
        const marks = [...svg.querySelectorAll("[data-label]")];
        svg.scrollIntoView({block: "center", behavior: "instant"});
        for (const mark of marks) {
            const box = mark.getBoundingClientRect();
            for (const share of [0.5, 0.03]) {
                const x = box.left + box.width * share, y = box.top + box.height / 2;
                const target = document.elementFromPoint(x, y);
                const at = {clientX: x, clientY: y, bubbles: true, pointerType: type};
                const does = type === "mouse" ? "pointermove" : "pointerdown";
                target.dispatchEvent(new PointerEvent(does, at));
                const there = marks.filter(one => {
                    const b = one.getBoundingClientRect();
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


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("report.html", "mouse"),
        ("report.html", "touch"),
        ("index.html", "mouse"),
        ("embed.html", "touch"),
    ],
)
def test_each_mark_answers_the_mouse_and_the_finger(path, pointer, browser, site, record_property):
    pages = [path] if path == "report.html" else [f"figures/{name}/{path}" for name in FIGURES]
    context = browser.new_context(viewport=DESKTOP if pointer == "mouse" else PHONE)
    page, count = context.new_page(), 0
    for one in pages:
        page.goto((site / one).as_uri())
        said = page.evaluate(POINT, pointer)
        assert said and wrong(said) == [], one
        count += len(said)
    assert count > 600
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
    assert wrong(page.evaluate(POINT, "mouse"))
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
