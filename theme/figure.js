// One figure's page: what its marks say, and folds that a link opens. Everything works without this file.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const words = find("words").dataset;
  tips(document.querySelectorAll("#static svg"), words);

  // A link to a row of a folded list opens it, in browsers that do not do so themselves.
  const unfold = () => {
    const row = find(location.hash.slice(1)), folded = row?.closest("details:not([open])");
    if (folded) { folded.open = true; row.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  unfold();
})();
