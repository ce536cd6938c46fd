// How grids look, and the cell renderers: links into pages, a status with icon and word, a bar, a path.
window.dashAgGridFunctions = window.dashAgGridFunctions || {};
window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};

window.dashAgGridFunctions.flowglassGrid = function (theme) {
  const shared = {
    fontFamily: "'Inter Variable', system-ui, sans-serif", fontSize: 13, borderRadius: 8, wrapperBorderRadius: 8, headerFontWeight: 600, spacing: 6, columnBorder: false,
    browserColorScheme: "inherit", backgroundColor: "var(--fg-surface)", foregroundColor: "var(--fg-text)", borderColor: "var(--fg-line)",
    headerBackgroundColor: "var(--fg-surface-2)", headerTextColor: "var(--fg-text)", rowHoverColor: "var(--fg-hover)", accentColor: "var(--fg-blue)",
    wrapperBorder: true, headerColumnResizeHandleColor: "var(--fg-line)",
  };
  return theme.withParams(shared);
};

// Cells that are objects are compared by what they sort by: a number, or a name.
window.dashAgGridFunctions.flowglassBySize = function (a, b) {
  const one = a ? a.sort : -1, other = b ? b.sort : -1;
  if (typeof one === "string" || typeof other === "string") return String(one).localeCompare(String(other));
  return one - other;
};

// A plain click stays in the app; with a key or another button the browser does what it always does.
function follow(href) {
  return function (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    window.dash_clientside.set_props("url", { href: href });
  };
}

window.dashAgGridComponentFunctions.FlowglassLink = function (props) {
  const href = props.data && props.data.href;
  if (!href) return props.value === undefined ? null : String(props.value);
  return React.createElement("a", {
    href: href, className: String(props.value).includes(" ") ? "fg-link fg-lines" : "fg-link", onClick: follow(href),
  }, String(props.value));
};

// A long text takes a second line before it is cut.
window.dashAgGridComponentFunctions.FlowglassLines = function (props) {
  return props.value === undefined || props.value === null ? null : React.createElement("span", { className: "fg-lines" }, String(props.value));
};

// A cell of its own: {text, href, tone}. Without a target it is plain text.
window.dashAgGridComponentFunctions.FlowglassCell = function (props) {
  const cell = props.value || {};
  const look = "fg-cell fg-tone-" + (cell.tone || "plain");
  const hover = cell.title || undefined;
  if (!cell.href) return React.createElement("span", { className: look, title: hover }, cell.text);
  return React.createElement("a", { href: cell.href, className: look + " fg-link", title: hover, onClick: follow(cell.href) }, cell.text);
};

window.dashAgGridComponentFunctions.FlowglassStatus = function (props) {
  const row = props.data || {};
  if (!row.status) return null;
  return React.createElement("span", { className: "fg-status-cell fg-status-" + row.status }, row.status_word);
};

window.dashAgGridComponentFunctions.FlowglassBar = function (props) {
  const share = Math.max(0, Math.min(1, Number(props.value) || 0));
  return React.createElement("span", { className: "fg-share" },
    React.createElement("span", { className: "fg-share-track", "aria-hidden": "true" }, React.createElement("span", { className: "fg-share-bar", style: { width: share * 100 + "%" } })),
    (share * 100).toFixed(1) + " %");
};

window.dashAgGridComponentFunctions.FlowglassPath = function (props) {
  const steps = Array.isArray(props.value) ? props.value : [];
  return React.createElement("span", { className: "fg-path", title: steps.join(" → ") },
    steps.map(function (step, index) { return React.createElement("span", { key: index, className: "fg-path-step" }, step); }));
};
