// A figure in a frame: its marks speak, and the page around it hears how high it has to be.
(() => {
  "use strict";
  tips(document.querySelectorAll(".drawing svg"), document.getElementById("words").dataset);
  const tell = () => parent.postMessage({ sentinel: "amp", type: "embed-size", height: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
})();
