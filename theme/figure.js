// One figure's page: what its marks say, and copying. Everything else works without this file.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const words = find("words").dataset;
  tips(document.querySelectorAll("#static svg"), words.marks);

  // Copying. Where the clipboard is closed to the page, the text is selected for the reader's own keys.
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
