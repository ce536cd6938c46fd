// A button with `data-copy` copies the text of the element (or field) of that id, and says so for a moment.
(function () {
  function selected(element) {
    if (element.select) {
      element.select();
      return document.execCommand("copy");
    }
    const range = document.createRange();
    range.selectNodeContents(element);
    window.getSelection().removeAllRanges();
    window.getSelection().addRange(range);
    return document.execCommand("copy");
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest && event.target.closest("[data-copy]");
    const text = button && document.getElementById(button.dataset.copy);
    if (!text) return;
    const words = button.lastElementChild;
    const said = function (done) {
      words.textContent = done ? "Copied" : "Select it";
      window.setTimeout(function () { words.textContent = "Copy"; }, 1600);
    };
    if (!navigator.clipboard) return said(selected(text));
    const content = text.value === undefined ? text.textContent : text.value;
    navigator.clipboard.writeText(content).then(function () { said(true); }, function () { said(selected(text)); });
  });
})();
