// Small conveniences; without them every number is a link to its row and every chart has its table.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const make = (tag, name) => Object.assign(document.createElement(tag), { className: name || "" });

  if (matchMedia("(min-width: 68.75rem)").matches) document.querySelector(".toc details")?.setAttribute("open", "");

  // Cards: what the appendix says of a fact, where the fact stands.
  let card = null, link = null, timer = 0, touched = false;

  function close(back) {
    clearTimeout(timer);
    if (!card) return;
    card.remove();
    link.setAttribute("aria-expanded", "false");
    if (back) link.focus();
    card = link = null;
  }

  const rowOf = (term) => term?.closest("dt")?.nextElementSibling;

  function fill(term) {
    const box = make("div", "card"), value = make("b"), text = make("p"), list = make("ol");
    const row = rowOf(term)?.cloneNode(true);
    if (!row) return null;
    value.textContent = term.textContent;
    // A derived number stands on the sources of what it is computed from.
    const inputs = [...row.querySelectorAll("a[href^='#fact-']")].map((input) => rowOf(document.getElementById(decodeURIComponent(input.hash.slice(1)))));
    const cites = [row, ...inputs].flatMap((one) => [...(one?.querySelectorAll(".cite a") || [])].map((cite) => cite.hash.slice(1)));
    for (const id of [...new Set(cites)].slice(0, 6)) {
      const item = make("li");
      item.append(...document.getElementById(id).cloneNode(true).childNodes);
      list.append(item);
    }
    row.querySelectorAll(".cite").forEach((part) => part.remove());
    text.append(...row.childNodes);
    box.append(value, text, ...(list.childElementCount ? [list] : []));
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", value.textContent);
    return box;
  }

  function open(fact) {
    clearTimeout(timer);
    if (fact === link) return;
    close();
    const term = document.getElementById(decodeURIComponent(fact.hash.slice(1)));
    if (!term || !(card = fill(term))) return;
    link = fact;
    link.setAttribute("aria-expanded", "true");
    link.after(card); // next in the order of the keyboard
    place(card, link.getClientRects()[0]);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => later(close, 300));
  }

  const later = (what, wait) => { clearTimeout(timer); timer = setTimeout(what, wait); };
  const inCard = (node) => card && (card.contains(node) || link.contains(node));

  for (const fact of document.querySelectorAll("main a.fact")) {
    fact.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && later(() => open(fact), 150));
    fact.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later(close, 300));
    fact.addEventListener("pointerdown", (event) => { touched = event.pointerType !== "mouse"; });
    fact.addEventListener("focus", () => fact.matches(":focus-visible") && !touched && open(fact));
    fact.addEventListener("click", (event) => {
      if (!touched || fact === link) return;
      event.preventDefault(); // the first tap shows the card, the second follows the link
      open(fact);
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(inCard(document.activeElement)); });
  document.addEventListener("pointerdown", (event) => { if (!inCard(event.target)) close(); });
  document.addEventListener("focusin", (event) => { if (!inCard(event.target)) close(); });

  tips(document.querySelectorAll(".plot svg"), words.marks);
})();
