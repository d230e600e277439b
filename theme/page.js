// Small conveniences; without them every number is a link to its row and every chart has its table.
(() => {
  "use strict";
  const words = document.getElementById("words").dataset;
  const all = (query, within = document) => [...within.querySelectorAll(query)];
  const make = (tag, name = "", text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
  const aim = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
  const heads = all("main > h2[id]");

  tips(document.querySelectorAll(".plot svg"), words);

  // Reading on: what is looked up is folded (page.html) until somebody opens it or a link leads inside.
  function unfold() {
    const target = document.querySelector(":target"), fold = target?.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    target.scrollIntoView();
  }
  const folds = all(".appendix details, details.folded");
  for (const event of ["load", "hashchange"]) addEventListener(event, unfold);
  addEventListener("beforeprint", () => folds.forEach((fold) => { fold.open = true; }));

  for (const list of all(".appendix, .references")) {
    const label = make("label", "filter", words.filter), input = Object.assign(make("input"), { type: "search" });
    label.append(input);
    list.before(label);
    const rows = all(":scope > li, dt", list).map((row) => [row, row.nextElementSibling?.matches("dd") ? row.nextElementSibling : row]);
    input.addEventListener("input", () => {
      const sought = input.value.trim().toLowerCase();
      for (const row of rows) {
        const found = row.some((part) => part.textContent.toLowerCase().includes(sought));
        row.forEach((part) => { part.hidden = !found; });
      }
      for (const fold of all("details", list)) {
        fold.hidden = !fold.querySelector("dt:not([hidden])");
        fold.open = Boolean(sought);
      }
    });
  }

  // Where one is: the contents follow, and each heading has an address.
  const entries = all(".toc a");
  const spy = new IntersectionObserver(() => {
    const now = heads.filter((head) => head.getBoundingClientRect().top < innerHeight * 0.4).at(-1);
    for (const entry of entries) {
      if (now && aim(entry) === now) entry.setAttribute("aria-current", "true");
      else entry.removeAttribute("aria-current");
    }
  }, { rootMargin: "1000000px 0px -60%" });
  heads.forEach((head) => spy.observe(head));
  const up = document.querySelector(".up");
  new IntersectionObserver(([top]) => up.classList.toggle("off", top.isIntersecting)).observe(document.querySelector(".masthead"));
  for (const head of all("main > :is(h2, h3)[id]")) {
    const link = Object.assign(make("a", "anchor", "#"), { href: `#${head.id}` });
    link.setAttribute("aria-label", words.anchor);
    head.append(link);
  }

  // Cards: what the appendix says of a fact, or the list of references of a source, where it stands.
  const LINKS = "main a[href^='#fact-']:not(.appendix *, .card *), main .cite a";
  const SOURCES = 6; // of a card; the row has all
  let card = null, link = null, timer = 0, touched = false;
  const later = (what, wait) => { clearTimeout(timer); timer = setTimeout(what, wait); };
  const inCard = (node) => card && (card.contains(node) || link.contains(node));
  const rowOf = (term) => term?.closest("dt")?.nextElementSibling;

  function close(back) {
    clearTimeout(timer);
    if (!card) return;
    card.remove();
    link.setAttribute("aria-expanded", "false");
    if (back) link.focus();
    card = link = null;
  }

  function button(text, act, name = "") {
    const made = Object.assign(make("button", name, text), { type: "button" });
    made.addEventListener("click", act);
    return made;
  }

  const way = (text, hash) => Object.assign(make("a", "", text), { href: hash });

  // A derived number stands on the sources of what it is computed from, one that counts on those of its rows.
  function cited(row, seen = new Set()) {
    if (!row || seen.has(row)) return [];
    seen.add(row);
    const ids = (part) => [...(part?.querySelectorAll("a") || [])].map((link) => link.hash.slice(1));
    const inputs = row.querySelectorAll(row.querySelector(".rows") ? ".rows > a" : "a[href^='#fact-']");
    const below = [...inputs].flatMap((input) => {
      let place = document.getElementById(decodeURIComponent(input.hash.slice(1)));
      if (place.closest("dt")) return cited(rowOf(place), seen);
      while (place && !place.matches(".cite")) place = place.nextElementSibling;
      return ids(place);
    });
    return [...row.querySelectorAll(".cite")].flatMap(ids).concat(below);
  }

  function sources(row) {
    const list = make("ol");
    for (const id of [...new Set(cited(row))].slice(0, SOURCES)) {
      const item = make("li");
      item.append(...document.getElementById(id).cloneNode(true).childNodes);
      list.append(item);
    }
    return list.childElementCount ? [list] : [];
  }

  function told(row) {
    const text = make("div");
    text.append(...row.cloneNode(true).childNodes);
    all(".cite, .used", text).forEach((part) => {
      if (part.previousSibling?.data) part.previousSibling.data = part.previousSibling.data.trimEnd();
      part.remove();
    });
    all("[id]", text).forEach((part) => part.removeAttribute("id"));
    all(".rows a", text).forEach((part) => part.replaceWith(...part.childNodes)); // of a long list some are cut off
    return text;
  }

  function citation(value, text, hash) {
    const first = text.textContent.trim().split(/(?<=[.!?])\s/)[0];
    const address = document.querySelector("link[rel=canonical]")?.href || (location.protocol === "file:" ? "" : location.href.split("#")[0]);
    return `${value}. ${first} ${document.querySelector("footer p").textContent}${address ? ` ${address}${hash}` : ""}`;
  }

  function ways(value, text, hash) {
    const line = make("p", "ways"), said = make("output");
    const cite = button(words.cite, async () => {
      said.textContent = citation(value, text, hash);
      if (await copy(said)) said.prepend(`${words.copied}: `);
    });
    line.append(way(words.here, hash), cite, said);
    return line;
  }

  function fill(hash, target) {
    const box = make("div", "card"), value = make("b", "", target.matches("li") ? link.textContent : target.textContent);
    const cross = button("×", () => close(true), "close");
    cross.setAttribute("aria-label", words.close);
    box.append(cross, value);
    if (target.matches("li")) {
      const text = make("p");
      text.append(...target.cloneNode(true).childNodes);
      box.append(text);
    } else {
      const text = told(rowOf(target)), used = rowOf(target).querySelector(".used")?.cloneNode(true);
      box.append(text, ...sources(rowOf(target)), ...(used ? [used] : []), ways(value.textContent, text, hash));
    }
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", value.textContent);
    return box;
  }

  function open(from) {
    clearTimeout(timer);
    if (from === link) return;
    const target = aim(from);
    close();
    if (!target?.matches("li, dt *")) return;
    link = from;
    card = fill(from.hash, target);
    link.setAttribute("aria-expanded", "true");
    link.after(card); // next in the order of the keyboard
    const main = document.getElementById("report").getBoundingClientRect();
    if (matchMedia("(max-width: 46rem)").matches) card.classList.add("sheet");
    else if (!matchMedia("(min-width: 80rem)").matches) place(card, link.getClientRects()[0]);
    else {
      card.classList.add("beside");
      const top = Math.min(link.getClientRects()[0].top, innerHeight - card.offsetHeight - 8);
      card.style.left = `${main.right + scrollX + 92}px`;
      card.style.top = `${Math.max(8, top) + scrollY}px`;
    }
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const over = event.target.closest(LINKS);
    if (over && over !== link) later(() => open(over), 150);
    else if (inCard(event.target) || card?.matches(".beside")) clearTimeout(timer);
    else later(close, 300);
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType !== "mouse";
    if (!inCard(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const hit = event.target.closest(LINKS);
    if (!hit || !touched || hit === link) return;
    event.preventDefault(); // the first tap shows the card, the second follows the link
    open(hit);
  });
  document.addEventListener("focusin", (event) => {
    if (inCard(event.target)) return;
    close();
    const hit = event.target.closest(LINKS);
    if (hit && !touched && hit.matches(":focus-visible")) open(hit);
  });
  document.addEventListener("keydown", (event) => { touched = false; if (event.key === "Escape") close(inCard(document.activeElement)); });
})();
