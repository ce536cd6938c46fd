// A dropped file: its beginning is read here and goes to the server with each question; nothing else of it leaves.
(function () {
  const clientside = (window.dash_clientside = window.dash_clientside || {});
  clientside.flowglass = clientside.flowglass || {};

  function note(text) {
    clientside.set_props("connect-note", { children: text });
  }

  function take(file) {
    const zone = document.getElementById("connect-drop");
    if (!zone || !file) return;
    note("Reading " + file.name + " …");
    const reader = new FileReader();
    reader.onload = function () {
      const part = String(reader.result).split(",", 2)[1] || "";
      clientside.set_props("connect-file", { data: { name: file.name, size: file.size, part: part } });
    };
    reader.onerror = function () {
      note(file.name + " cannot be read: is it a folder, or was it moved?");
    };
    reader.readAsDataURL(file.slice(0, Number(zone.dataset.most)));
  }

  function choose() {
    const field = document.createElement("input");
    field.type = "file";
    field.accept = ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain";
    field.onchange = () => take(field.files[0]);
    field.click();
  }

  // The whole page takes a dropped file: one that misses the zone must not replace the page.
  function highlight(on) {
    const zone = document.getElementById("connect-drop");
    if (zone) zone.classList.toggle("fg-drop-over", on);
    return zone;
  }
  document.addEventListener("dragover", function (event) {
    if (highlight(true)) event.preventDefault();
  });
  document.addEventListener("dragleave", function (event) {
    if (!event.relatedTarget) highlight(false);
  });
  document.addEventListener("drop", function (event) {
    if (!highlight(false)) return;
    event.preventDefault();
    const files = event.dataTransfer.files;
    if (files.length > 1) note("One file at a time, please: " + files.length + " were dropped.");
    else take(files[0]);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("#connect-choose")) choose();
  });

  function download(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
    link.download = (name || "source") + ".yaml";
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  Object.assign(clientside.flowglass, {
    take_mapping: function (downloads, text) {
      if (downloads) download((/^mapping: (\w+)$/m.exec(text) || [])[1], text);
      return clientside.no_update;
    },
  });
})();
