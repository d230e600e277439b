// What a chart says of its marks, in the report and on the figures' own pages.

// Put a box below a rectangle of the page, or above where there is more room, and inside the window.
function place(box, at) {
  const room = document.documentElement.clientWidth, gap = 6;
  const left = Math.max(8, Math.min(at.left, room - box.offsetWidth - 8));
  const below = at.bottom + gap + box.offsetHeight < innerHeight || at.top < innerHeight / 2;
  box.style.left = left + scrollX + "px";
  box.style.top = (below ? at.bottom + gap : at.top - gap - box.offsetHeight) + scrollY + "px";
}

// Tips: every mark of a chart says its own label, to the pointer, to a finger and to the arrow keys.
// A mark of a state leads to its entry, as the link of its name below the chart does.
function tips(pictures, words) {
  const entries = new Map([...document.querySelectorAll("a[href*='states/index.html#']")].map((link) => [link.textContent, link]));
  const entry = (mark) => entries.get(mark?.dataset.label.split(/[:,] /)[0]);
  const tip = Object.assign(document.createElement("div"), { className: "tip" });
  const help = Object.assign(document.createElement("p"), { id: "marks-help", hidden: true, textContent: words.marks });
  const open = Object.assign(document.createElement("p"), { id: "marks-open", hidden: true, textContent: words.open });
  tip.setAttribute("role", "status");
  tip.dataset.again = words.again;
  document.body.append(tip, help, open);

  for (const svg of pictures) {
    const marks = [...svg.querySelectorAll("[data-label]")];
    if (!marks.length) continue;
    // The drawing for the other width comes first, and holds what both of them say.
    const same = svg.closest(".plot, .drawing").querySelector("svg").querySelectorAll("[data-label]");
    marks.forEach((mark, at) => { mark.dataset.label ||= same[at].dataset.label; });
    const ring = document.createElementNS(svg.namespaceURI, "rect"); // above all neighbours of the mark
    ring.setAttribute("class", "ring");
    let now = -1, touched = false, again = false;

    const show = (index) => {
      now = index;
      tip.textContent = now < 0 ? "" : marks[now].dataset.label.replaceAll("; ", "\n");
      tip.classList.toggle("again", touched && Boolean(entry(marks[now])));
      if (now < 0) return ring.remove();
      const box = marks[now].getBBox();
      for (const [name, value] of Object.entries({ x: box.x - 2, y: box.y - 2, width: box.width + 4, height: box.height + 4 })) ring.setAttribute(name, value);
      svg.append(ring);
      place(tip, marks[now].getBoundingClientRect());
    };
    // A dot is smaller than a fingertip: beside a mark, the nearest one within 8 pixels answers.
    const away = (mark, event) => {
      const box = mark.getBoundingClientRect();
      return Math.max(box.left - event.clientX, event.clientX - box.right, box.top - event.clientY, event.clientY - box.bottom);
    };
    const over = (event) => {
      const hit = marks.indexOf(event.target.closest("[data-label]"));
      const near = hit < 0 ? marks.map((mark) => away(mark, event)) : [];
      const least = Math.min(8, ...near);
      const found = hit < 0 ? near.findIndex((one) => one === least) : hit;
      if (found !== now) show(found);
    };

    svg.tabIndex = 0;
    const leading = marks.filter(entry);
    leading.forEach((mark) => { mark.style.cursor = "pointer"; });
    svg.setAttribute("aria-describedby", leading.length ? `${help.id} ${open.id}` : help.id);
    svg.addEventListener("pointermove", over);
    svg.addEventListener("pointerdown", (event) => {
      const before = now;
      touched = event.pointerType !== "mouse";
      over(event);
      again = now === before;
    });
    // The first tap says what a mark is, the second follows it.
    svg.addEventListener("click", () => { if (!touched || again) entry(marks[now])?.click(); });
    svg.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && show(-1));
    svg.addEventListener("blur", () => now < 0 || show(-1));
    // Before the chart that is touched instead speaks: they share one tip.
    document.addEventListener("pointerdown", (event) => now < 0 || svg.contains(event.target) || show(-1), true);
    svg.addEventListener("keydown", (event) => {
      if (event.key === "Enter") return entry(marks[now])?.click();
      const last = marks.length - 1;
      const to = { ArrowRight: now + 1, ArrowDown: now + 1, ArrowLeft: now - 1, ArrowUp: now - 1, Home: 0, End: last, Escape: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      show(event.key === "Escape" ? -1 : Math.max(0, Math.min(last, to)));
    });
  }
}
