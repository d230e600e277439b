// One figure's page: the live chart on request, and copying. Everything else works without this file.
(() => {
  "use strict";
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const find = (id) => document.getElementById(id);
  const words = find("words").dataset;
  const picture = find("static"), live = find("live"), toggle = find("toggle"), told = find("told");

  // --- The live chart. The library is asked for at the first click and shared by all pages.
  const options = {
    mode: "vega-lite", renderer: "svg", actions: false, defaultStyle: false, tooltip: { disableDefaultStyle: true },
    ast: true, // expressions are interpreted, because the page's policy forbids making code from text
  };
  let shown = null; // the width for which a chart stands ready: "wide" or "narrow"

  const library = () => window.vegaEmbed ? Promise.resolve() : new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = folder + "vega.js";
    script.onload = done;
    script.onerror = fail;
    document.head.append(script);
  });

  const show = (chart) => {
    live.hidden = !chart;
    picture.hidden = chart;
    toggle.textContent = chart ? toggle.dataset.off : toggle.dataset.on;
  };

  const fits = (specs) => (specs.narrow && picture.clientWidth < specs.wide.width ? "narrow" : "wide");

  toggle.addEventListener("click", async () => {
    if (!live.hidden) {
      show(false);
      told.textContent = "";
      return;
    }
    toggle.disabled = true;
    try {
      const specs = JSON.parse(find("specification").textContent);
      const width = fits(specs);
      if (shown !== width) {
        await library();
        await window.vegaEmbed(live, specs[width], options);
        shown = width;
      }
      show(true);
      told.textContent = told.dataset.hint;
    } catch {
      show(false);
      told.textContent = told.dataset.failed;
    }
    toggle.disabled = false;
  });
  toggle.hidden = false;

  // --- Copying. Where the clipboard is closed to the page, the text is selected for the reader's own keys.
  const select = (text) => getSelection().selectAllChildren(text);
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const text = find(button.dataset.copy), say = button.parentElement.querySelector("output");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        say.textContent = words.copied;
      } catch {
        select(text);
        say.textContent = words.selected;
      }
    });
  });
})();
