// Small conveniences; without them every number is a link to its row and every chart has its table.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const make = (tag, name) => Object.assign(document.createElement(tag), { className: name || "" });

  if (matchMedia("(min-width: 68.75rem)").matches) document.querySelector(".toc details")?.setAttribute("open", "");

  // Put a box below a rectangle of the page, or above where there is more room, and inside the window.
  function place(box, at) {
    const room = document.documentElement.clientWidth, gap = 6;
    const left = Math.max(8, Math.min(at.left, room - box.offsetWidth - 8));
    const below = at.bottom + gap + box.offsetHeight < innerHeight || at.top < innerHeight / 2;
    box.style.left = left + scrollX + "px";
    box.style.top = (below ? at.bottom + gap : at.top - gap - box.offsetHeight) + scrollY + "px";
  }

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

  // Tips: every mark of a chart says its own label, to the pointer, to touch and to the arrow keys.
  const tip = make("div", "tip"), help = make("p");
  tip.setAttribute("role", "status");
  help.id = "marks-help";
  help.hidden = true;
  help.textContent = words.marks;
  document.body.append(tip, help);

  for (const svg of document.querySelectorAll(".plot svg")) {
    const marks = [...svg.querySelectorAll("[data-label]")];
    if (!marks.length) continue;
    let now = -1;
    const show = (index) => {
      marks[now]?.classList.remove("on");
      now = index;
      tip.textContent = now < 0 ? "" : marks[now].dataset.label.replaceAll("; ", "\n");
      if (now < 0) return;
      marks[now].classList.add("on");
      place(tip, marks[now].getBoundingClientRect());
    };
    const over = (event) => show(marks.indexOf(event.target.closest("[data-label]")));
    svg.tabIndex = 0;
    svg.setAttribute("aria-describedby", help.id);
    svg.addEventListener("pointerover", over);
    svg.addEventListener("pointerdown", over);
    svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && show(-1));
    svg.addEventListener("blur", () => now < 0 || show(-1));
    document.addEventListener("pointerdown", (event) => now < 0 || svg.contains(event.target) || show(-1));
    svg.addEventListener("keydown", (event) => {
      const last = marks.length - 1;
      const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: last, Escape: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(event.key === "Escape" ? -1 : Math.max(0, Math.min(last, to)));
    });
  }
})();
