// Copying. Where the clipboard is closed to the page, the text is selected for the reader's own keys.
(() => {
  "use strict";
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const text = document.getElementById(button.dataset.copy), say = button.parentElement.querySelector("output");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        say.textContent = say.dataset.copied;
      } catch {
        getSelection().selectAllChildren(text);
        say.textContent = say.dataset.selected;
      }
    });
  });
})();
