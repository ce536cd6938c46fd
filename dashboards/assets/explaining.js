// A click on the mark of a figure opens the dialog and asks for its explanation, with the value that stands beside it.
(function () {
  const clientside = (window.dash_clientside = window.dash_clientside || {});

  function valueBeside(mark) {
    const tile = mark.closest(".fg-tile");
    const step = mark.closest(".fg-funnel li");
    const parts = tile ? [tile.querySelector(".fg-value"), tile.querySelector(".fg-unit")] : step ? [step.querySelector(".fg-funnel-value")] : [];
    return parts.map(function (part) { return part ? part.textContent.trim() : ""; }).join(" ").trim();
  }

  document.addEventListener("click", function (event) {
    const mark = event.target.closest && event.target.closest("[data-figure]");
    const dialog = document.getElementById("explain");
    if (dialog && dialog.open && (event.target === dialog || event.target.closest("[data-close=explain]"))) dialog.close();
    if (!mark || !dialog || !clientside.set_props) return;
    clientside.set_props("explain-title", { children: "" });
    clientside.set_props("explain-told", { children: "Asking the store …" });
    if (!dialog.open) dialog.showModal();
    clientside.set_props("explain-asked", {
      data: { figure: mark.dataset.figure, said: valueBeside(mark).slice(0, 200), at: Date.now() },
    });
  });

  clientside.flowglass = Object.assign(clientside.flowglass || {}, {
    // Other filters may lead back to now without another page being opened.
    pinned_here: function (search) {
      return !new URLSearchParams(search || "").has("as_of");
    },
  });
})();
