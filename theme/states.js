// Find a state: the list is filtered by names, other names and codes. Everything else works without this file.
(() => {
  "use strict";
  const form = document.getElementById("find"), field = form.querySelector("input"), say = form.querySelector("output");
  const words = document.getElementById("words").dataset;
  const entries = [...document.querySelectorAll("article")];
  const sections = [...document.querySelectorAll("main > section")], before = document.querySelectorAll(".jump, .reading-page");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}|\./gu, "").toLowerCase().match(/[\p{L}\p{N}_]+/gu) || [];

  const filter = () => {
    const asked = fold(field.value);
    let found = 0;
    for (const entry of entries) {
      const names = ` ${entry.dataset.find}`;
      entry.hidden = !asked.every((word) => names.includes(` ${word}`));
      found += !entry.hidden;
    }
    for (const section of sections) section.hidden = !section.querySelector("article:not([hidden])");
    for (const part of before) part.hidden = asked.length > 0; // what was found stands below the field
    say.textContent = !asked.length ? "" : found ? words.found.replace("{0}", found).replace("{1}", entries.length) : words.none;
  };
  const clear = () => { field.value = ""; filter(); };
  field.addEventListener("input", filter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = entries.find((entry) => !entry.hidden);
    if (first && field.value) location.hash = first.id;
  });
  // A link leads to an entry, whatever was asked for before.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.closest("[hidden]")) { clear(); target.scrollIntoView(); }
  });
  filter(); // what the browser kept of an earlier visit
})();
