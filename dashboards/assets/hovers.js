// What a mark means shows beside it while it is pointed at or has the focus, until Escape.
(function () {
  const GAP = 8, LEAVING_MS = 150;
  let shown = null, leaving = 0;

  function markOf(target) {
    return target.closest ? target.closest("[data-hover]") : null;
  }

  function show(mark) {
    const hover = document.getElementById("hover");
    if (!hover) return;
    window.clearTimeout(leaving);
    shown = mark;
    hover.textContent = mark.dataset.hover;
    hover.hidden = false;
    place(hover, mark);
  }

  function place(hover, mark) {
    const at = mark.getBoundingClientRect();
    const below = at.bottom + GAP + hover.offsetHeight <= window.innerHeight;
    const middle = at.left + (at.width - hover.offsetWidth) / 2;
    hover.style.left = Math.max(GAP, Math.min(middle, document.documentElement.clientWidth - hover.offsetWidth - GAP)) + "px";
    hover.style.top = (below ? at.bottom + GAP : Math.max(GAP, at.top - GAP - hover.offsetHeight)) + "px";
  }

  function hide() {
    window.clearTimeout(leaving);
    const hover = document.getElementById("hover");
    if (hover) hover.hidden = true;
    shown = null;
  }

  // Who moves on to the text itself may read and copy it.
  document.addEventListener("mouseover", function (event) {
    const mark = markOf(event.target);
    if (mark) show(mark);
    else if (event.target.id === "hover") window.clearTimeout(leaving);
  });
  document.addEventListener("mouseout", function (event) {
    if (markOf(event.target) || event.target.id === "hover") leaving = window.setTimeout(hide, LEAVING_MS);
  });
  document.addEventListener("focusin", function (event) {
    const mark = markOf(event.target);
    if (mark && mark.matches(":focus-visible")) show(mark);
  });
  document.addEventListener("focusout", function (event) { if (markOf(event.target)) hide(); });
  document.addEventListener("click", function (event) { if (markOf(event.target)) hide(); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });
  document.addEventListener("scroll", function () {
    if (shown && shown.isConnected) place(document.getElementById("hover"), shown);
    else if (shown) hide();
  }, { capture: true, passive: true });
})();
