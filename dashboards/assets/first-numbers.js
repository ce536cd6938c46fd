// Numbers first: while a page asks for its tiles, what its other cards ask waits until they are shown, a second at most.
(function () {
  const CALLBACKS = "_dash-update-component";
  const LONGEST_MS = 1000;
  const asked = window.fetch.bind(window);
  let shown = null;

  function asksForTiles(body) {
    return /"output":"\.\.[a-z-]*tiles\./.test(body);
  }

  function asksForCard(body) {
    return body.includes(".data-search.");
  }

  function after(milliseconds) {
    return new Promise(function (go) { window.setTimeout(go, milliseconds); });
  }

  // An answer is on the screen two frames after it has come; a page in the background has no frames.
  function drawn() {
    return new Promise(function (go) {
      window.requestAnimationFrame(function () { window.requestAnimationFrame(go); });
    });
  }

  async function askForTiles(resource, options) {
    const answer = asked(resource, options);
    const mine = (shown = answer.then(drawn, function () {}).then(function () { if (shown === mine) shown = null; }));
    return answer;
  }

  window.fetch = async function (resource, options) {
    const body = typeof resource === "string" && resource.includes(CALLBACKS) ? String((options || {}).body) : "";
    if (asksForTiles(body)) return askForTiles(resource, options);
    if (asksForCard(body)) {
      await after(0);  // the tiles may be asked for in the same breath, but later
      if (shown) await Promise.race([shown, after(LONGEST_MS)]);
    }
    return asked(resource, options);
  };
})();
