// Reads the values of one session off the charts of a price: by pointer, or by the arrow keys.
// The page shows the last session without it; see charts/crosshair.py for what data-series holds.
for (const reader of document.querySelectorAll("[data-series]")) {
  const data = JSON.parse(reader.dataset.series);
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const days = [new Date(data.first)];
  for (const gap of data.gaps) days.push(new Date(+days.at(-1) + gap * 864e5));
  for (const key of ["close", "sma50", "sma200", "rsi", "volume"]) {
    let last = 0;
    data[key] = data[key].map(step => step === null ? null : (last += step));
  }
  const end = days.length - 1;
  const charts = [...reader.querySelectorAll("svg.chart")];
  const readout = reader.querySelector(".readout");

  const written = (value, places) => (value / 10 ** places).toLocaleString("en-US", {
    minimumFractionDigits: places, maximumFractionDigits: places,
  });
  const volume = value => {
    for (const [size, unit] of [[1e12, "tn"], [1e9, "bn"], [1e6, "m"]]) {
      if (value >= size) {
        const part = value / size;
        return written(part < 100 ? Math.round(part * 100) : Math.round(part), part < 100 ? 2 : 0) + "\u00a0" + unit;
      }
    }
    return written(value, 0);
  };
  const price = value => written(value, data.places);
  const writers = {
    close: value => (price(value) + " " + data.currency).trim(),
    sma50: price, sma200: price, rsi: value => written(value, 1), volume,
  };
  const dayOf = at => [days[at].getUTCDate(), months[days[at].getUTCMonth()], days[at].getUTCFullYear()].join("\u00a0");

  const mark = (chart, name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return chart.appendChild(made);
  };
  const lines = charts.map(chart => mark(chart, "line", { class: "cross", y1: 0, y2: chart.getAttribute("height") - 26, visibility: "hidden" }));
  const dot = mark(charts[0], "circle", { class: "cross-at", r: 4, visibility: "hidden" });

  const cursor = document.createElement("div");
  cursor.className = "cursor";
  cursor.tabIndex = 0;
  for (const [key, value] of [["role", "slider"], ["aria-label", "Session on the chart"], ["aria-valuemin", 1], ["aria-valuemax", end + 1]]) cursor.setAttribute(key, value);
  charts[0].parentElement.append(cursor);
  readout.setAttribute("aria-atomic", "true");

  let at = end;
  const show = (to, visible, politely) => {
    at = Math.max(0, Math.min(end, to));
    readout.setAttribute("aria-live", politely ? "polite" : "off");
    readout.querySelector("[data-of=day]").textContent = dayOf(at);
    for (const [key, write] of Object.entries(writers)) {
      const value = data[key][at];
      readout.querySelector(`[data-of=${key}]`).textContent = value === null ? "unknown" : write(value);
    }
    const x = (100 * (at + 0.5)) / days.length + "%";
    for (const line of lines) {
      line.setAttribute("x1", x);
      line.setAttribute("x2", x);
      line.setAttribute("visibility", visible ? "visible" : "hidden");
    }
    const close = data.close[at];
    dot.setAttribute("visibility", visible && close !== null ? "visible" : "hidden");
    if (close !== null) {
      const part = (close / 10 ** data.places - data.low) / (data.high - data.low);
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", data.bottom - part * (data.bottom - data.top));
    }
    cursor.setAttribute("aria-valuenow", at + 1);
    cursor.setAttribute("aria-valuetext", dayOf(at));
  };
  show(end, false, false);

  cursor.addEventListener("keydown", event => {
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageDown: at - 21, PageUp: at + 21, Home: 0, End: end }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    show(to, true, true);
  });
  cursor.addEventListener("focus", () => show(at, true, true));
  cursor.addEventListener("blur", () => show(end, false, false));
  for (const chart of charts) {
    chart.parentElement.addEventListener("pointermove", event => {
      const box = chart.getBoundingClientRect();
      show(Math.floor(((event.clientX - box.left) / box.width) * days.length), true, false);
    });
    chart.parentElement.addEventListener("pointerleave", () => show(document.activeElement === cursor ? at : end, document.activeElement === cursor, false));
  }
}
