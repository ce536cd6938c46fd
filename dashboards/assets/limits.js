// Who asks too often is asked to wait: the page says so, waits, and asks again by itself.
(function () {
  const CALLBACKS = "_dash-update-component";
  const ATTEMPTS = 3;
  const LONGEST_SECONDS = 60;
  const asked = window.fetch.bind(window);
  let waiting = 0;
  let unanswered = 0;

  function note() {
    let element = document.getElementById("too-often");
    if (!element) {
      element = document.createElement("div");
      element.id = "too-often";
      element.className = "fg-too-often";
      element.setAttribute("role", "status");
      document.body.appendChild(element);
    }
    return element;
  }

  function waited(seconds) {
    waiting += 1;
    note().textContent = "That was a lot at once. The page goes on in " + seconds + " s.";
    note().hidden = false;
    return new Promise(function (go) {
      window.setTimeout(function () {
        waiting -= 1;
        if (!waiting) note().hidden = true;
        go();
      }, seconds * 1000 + Math.random() * 500);
    });
  }

  async function ask(resource, options) {
    const isCallback = typeof resource === "string" && resource.includes(CALLBACKS);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await asked(resource, options);
      if (!isCallback || answer.status !== 429 || attempt === ATTEMPTS) return answer;
      await waited(Math.min(Number(answer.headers.get("Retry-After")) || 1, LONGEST_SECONDS));
    }
  }

  async function counted(resource, options) {
    unanswered += 1;
    try {
      return await ask(resource, options);
    } finally {
      unanswered -= 1;
    }
  }

  window.fetch = counted;
  // Whether the page still waits for answers. Dash drops an answer when the same card asks again before it has come.
  window.flowglassWaits = function () { return unanswered > 0; };
})();
