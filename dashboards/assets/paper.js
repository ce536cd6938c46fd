// Spend & labour on one page of paper: what the browser lays out for the window is made as small as the paper asks.
// Grids have columns in pixels that no style sheet can narrow, so the page keeps its width and is scaled as a whole.
(function () {
  "use strict";
  const PAPER = { width: 703, height: 985 }; // A4 upright less its edges and a banner, in pixels of a style sheet
  const LEFT_OUT = "#spend-documents, #spend-vacancies, #spend-restated";

  function fit() {
    const page = document.querySelector(".fg-spend");
    if (!page) return;
    const wide = page.getBoundingClientRect().width;
    let high = page.scrollHeight;
    for (const card of page.querySelectorAll(LEFT_OUT)) high -= card.offsetHeight;
    const zoom = Math.min(PAPER.width / wide, PAPER.height / high);
    page.style.setProperty("--fg-paper-width", `${Math.floor(wide)}px`);
    page.style.setProperty("--fg-paper-zoom", zoom.toFixed(4));
  }

  window.addEventListener("beforeprint", fit);
})();
