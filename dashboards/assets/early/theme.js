// Runs before the first paint, so that a dark page never flashes white.
(function () {
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var wanted = "auto";
    try { wanted = localStorage.getItem("mantine-color-scheme-value") || "auto"; } catch (problem) { /* storage is off */ }
    var scheme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
    root.setAttribute("data-mantine-color-scheme", scheme);
    root.setAttribute("data-ag-theme-mode", scheme);
  }
  window.flowglassApplyTheme = function (wanted) {
    try { localStorage.setItem("mantine-color-scheme-value", wanted); } catch (problem) { /* storage is off */ }
    apply();
  };
  dark.addEventListener("change", apply);
  apply();
})();
