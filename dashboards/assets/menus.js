// Menus of the top bar close when somebody goes on elsewhere: by Escape, by a click outside, by following a link inside.
(function () {
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.flowglass = clientside.flowglass || {};

  // The zone and currency that somebody chose, for all pages: the server reads the cookie with each question.
  clientside.flowglass.show_in = function (zone, currency) {
    const named = zone === "browser" ? Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC" : zone || "UTC";
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    const wanted = encodeURIComponent(named + " " + (currency || ""));
    document.cookie = "flowglass_shown=" + wanted + "; path=/; max-age=31536000; samesite=lax" + secure;
    // The bare address of Operations leads people to their own first page: stay here instead.
    if (window.location.pathname === "/" && !window.location.search) window.location.replace("/?time=net");
    else window.location.reload();
    return zone;
  };

  function openMenus() {
    return Array.from(document.querySelectorAll("details.fg-menu[open]"));
  }

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    openMenus().forEach(function (menu) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("click", function (event) {
    openMenus().forEach(function (menu) {
      const drawnElsewhere = event.target.closest("[data-portal], [role=option]") !== null;
      if (event.target.closest("a") || !(menu.contains(event.target) || drawnElsewhere)) menu.open = false;
    });
  });
})();
