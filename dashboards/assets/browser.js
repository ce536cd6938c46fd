// The browser's half of the pages: time, theme, and the URL as the state of the page.
(function () {
  const clientside = (window.dash_clientside = window.dash_clientside || {});

  function stateOf(search) {
    return new URLSearchParams(search || "");
  }

  function isDefault(name, value, defaults) {
    return value === null || value === undefined || value === "" || String(value) === String(defaults[name]);
  }

  // Written by controls, so that the same change is not read back into them.
  let written = null;

  // The filters of the last search, without what is only chosen from a list.
  let filtered = null;

  function fitGrids() {
    if (!window.dash_ag_grid) return;
    document.querySelectorAll(".fg-grid").forEach(function (element) {
      window.dash_ag_grid.getApiAsync(element.id).then(function (api) {
        (api.getColumns() || []).forEach(function (column) {
          const from = (column.getColDef().context || {}).from || 0;
          if (from && column.isVisible() !== (window.innerWidth >= from)) api.setColumnsVisible([column.getColId()], !column.isVisible());
        });
      }).catch(function () { /* the page has gone */ });
    });
  }
  window.addEventListener("resize", fitGrids);

  // On a narrow screen the pages scroll sideways: the one that is open comes into view.
  function showWhereWeAre() {
    const here = document.querySelector(".fg-nav-here");
    const bar = here && here.parentElement;
    if (!bar) return;
    const past = here.offsetLeft + here.offsetWidth - (bar.scrollLeft + bar.offsetLeft + bar.clientWidth);
    if (past > 0) bar.scrollLeft += past + 24;
    else if (here.offsetLeft - bar.offsetLeft < bar.scrollLeft) bar.scrollLeft = Math.max(here.offsetLeft - bar.offsetLeft - 24, 0);
  }
  window.addEventListener("resize", showWhereWeAre);

  function isAway() {
    return document.querySelector(".fg-away") !== null;
  }

  // Whether a card shows figures without the mark that they are the last known ones.
  function looksFresh() {
    return document.querySelector(".fg-is-ok:not([data-extra=static])") !== null;
  }
  const LAST_LOOKS = 7;
  let sinceAway = 0;

  let asking = false;
  async function isBack() {
    if (asking) return false;
    asking = true;
    try {
      return (await fetch("/ready", { cache: "no-store", signal: AbortSignal.timeout(20000) })).ok;
    } catch {
      return false;
    } finally {
      asking = false;
    }
  }

  // One banner for all cards that wait for the store; its text comes and goes, so that it is read out.
  let said = "";
  function sayWhetherAway() {
    const old = document.querySelector(".fg-is-stale.fg-away") !== null || looksFresh();
    const shown = old ? "The figures shown are the last known ones." : "Nothing can be shown until it is back.";
    const text = isAway() ? "The store does not answer. " + shown + " Pages go on by themselves." : "";
    if (text === said || !clientside.set_props) return;
    said = text;
    clientside.set_props("away-text", { children: text });
    clientside.set_props("away", { hidden: !text });
  }
  let due = 0;
  new MutationObserver(function () {
    if (!due) due = window.setTimeout(function () { due = 0; sayWhetherAway(); }, 100);
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });

  clientside.flowglass = {
    // A tick passes while the page is visible and live, or when a card waits. While the store is away nothing is asked
    // of it but whether it is back, once the cards that had a kept answer know it too. While answers are under way none
    // passes: cards that ask again before they have theirs would never be filled where answers take longer than ticks.
    tick: async function (beat, live, ticked) {
      const waiting = document.querySelector(".fg-away, .fg-is-error, .fg-is-stale") !== null;
      if (document.hidden || (!live && !waiting) || window.flowglassWaits()) return clientside.no_update;
      if (!isAway()) sinceAway = 0;
      else if (looksFresh() && sinceAway < LAST_LOOKS) sinceAway += 1;
      else if (!(await isBack())) return clientside.no_update;
      return (ticked || 0) + 1;
    },

    print_page: function () {
      window.print();
      return String(Date.now());
    },

    theme: function (wanted) {
      window.flowglassApplyTheme(wanted || "auto");
      return wanted;
    },

    controls_to_url: function (values, ids, defaults) {
      const before = stateOf(window.location.search);
      const after = stateOf(window.location.search);
      ids.forEach(function (id, index) {
        if (isDefault(id.control, values[index], defaults)) after.delete(id.control);
        else after.set(id.control, values[index]);
      });
      if ((after.get("process") || "") !== (before.get("process") || "")) {
        // Another process: what belonged to the old one means nothing here.
        Array.from(after.keys()).forEach(function (name) {
          if (!["process", "time", "facility", "department"].includes(name)) after.delete(name);
        });
      }
      const search = after.toString() ? "?" + after.toString() : "";
      if (before.toString() !== after.toString()) {
        written = search;
        clientside.set_props("url", { search: search });
      }
      return clientside.no_update;
    },

    url_to_controls: function (search, ids, values, defaults) {
      if (search === written) { written = null; return; }
      const state = stateOf(search);
      ids.forEach(function (id, index) {
        const fallback = defaults[id.control];
        let value = state.has(id.control) ? state.get(id.control) : (fallback === "" ? null : fallback);
        if (typeof fallback === "number" && value !== null) value = Number(value);
        if (String(value) !== String(values[index])) clientside.set_props(id, { value: value });
      });
    },

    // The server's drawing is parsed as XML and adopted; clicks on it name an activity or a path.
    draw_map: function (svg) {
      const place = document.getElementById("map-drawing");
      if (!place || !svg) return clientside.no_update;
      const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      if (parsed.nodeName !== "svg") return clientside.no_update;
      place.replaceChildren(document.importNode(parsed, true));
      place.onclick = function (event) {
        const hit = event.target.closest("[data-activity], [data-source]");
        if (!hit) return;
        const data = hit.dataset;
        if (data.activity !== undefined) clientside.set_props("map-pick", { data: { activity: data.activity } });
        else if (data.source && data.target) clientside.set_props("map-pick", { data: { source: data.source, target: data.target } });
      };
      return String(Date.now());
    },

    // A drawing whose parts name the page they open: a click goes there, as a link would.
    draw_links: function (svg, name) {
      const place = document.getElementById(name.replace("-svg", "-drawing"));
      if (!place || !svg) return clientside.no_update;
      const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      if (parsed.nodeName !== "svg") return clientside.no_update;
      place.replaceChildren(document.importNode(parsed, true));
      place.onclick = function (event) {
        const hit = event.target.closest("[data-href]");
        if (hit) clientside.set_props("url", { href: hit.dataset.href });
      };
      return String(Date.now());
    },

    // Grids that page through the server. Other filters: forget all pages. A tick, or a row chosen: ask again for what is on show.
    refresh_grids: function (search) {
      const cause = (clientside.callback_context.triggered[0] || {}).prop_id || "";
      const asked = stateOf(search);
      asked.delete("finding");
      asked.delete("alert");
      const same = asked.toString() === filtered;
      filtered = asked.toString();
      document.querySelectorAll(".fg-infinite").forEach(function (element) {
        const api = window.dash_ag_grid && window.dash_ag_grid.getApi(element.id);
        if (!api) return;
        if (cause.startsWith("tick") || same) api.refreshInfiniteCache();
        else api.purgeInfiniteCache();
      });
    },

    // What was chosen in a list is shown; where the two stand below each other, it is brought into view.
    reveal: function (_shown, search) {
      const asked = stateOf(search);
      const panel = document.querySelector(".fg-master .fg-detail");
      const place = panel && (asked.get("finding") || asked.get("alert")) && panel.closest(".fg-card");
      if (place && place.getBoundingClientRect().top > window.innerHeight - 160) place.scrollIntoView({ block: "start" });
      return String(Date.now());
    },

    // A column may say from which width of the window on it is shown.
    // Grids load after the page does, so it is tried again a few times.
    fit_grids: function () {
      [0, 600, 2000, 5000].forEach((delay) => window.setTimeout(fitGrids, delay));
    },

    navigation: function (path, search, ids) {
      const state = stateOf(search);
      const kept = new URLSearchParams();
      ["process", "facility", "department", "time"].forEach(function (name) {
        if (state.get(name)) kept.set(name, state.get(name));
      });
      const tail = kept.toString() ? "?" + kept.toString() : "";
      const here = (path || "/").replace(/\/$/, "") || "/";
      window.setTimeout(showWhereWeAre, 50);
      return [
        ids.map((id) => id.nav + tail),
        ids.map((id) => "fg-nav-link" + (id.nav === here ? " fg-nav-here" : "")),
      ];
    },
  };

  document.addEventListener("keydown", function (event) {
    const field = document.getElementById("search");
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  });

  document.addEventListener("visibilitychange", function () {
    if (clientside.set_props) clientside.set_props("pulse", { disabled: document.hidden });
  });
})();
