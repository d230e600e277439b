// Copying. Where the clipboard is closed to the page, the text is selected for the reader's own keys.
async function copy(part) {
  try {
    await navigator.clipboard.writeText(part.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(part);
    return false;
  }
}

document.querySelectorAll("button[data-copy]").forEach((button) => {
  const text = document.getElementById(button.dataset.copy), say = button.parentElement.querySelector("output");
  button.hidden = false;
  button.addEventListener("click", async () => {
    say.textContent = await copy(text) ? say.dataset.copied : say.dataset.selected;
  });
});
