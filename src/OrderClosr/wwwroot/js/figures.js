// The chart of days with a line that follows the finger: drawn from the table that stands below it. Without this script the server's drawing stays.
(() => {
  "use strict";
  const card = document.querySelector("[data-figures]");
  if (!card) return;
  const figure = card.querySelector("figure"), place = card.querySelector("[data-plot]"), said = card.querySelector("[data-said]");
  const rows = [...card.querySelectorAll("[data-figures-table] tbody tr")], heads = [...card.querySelectorAll("[data-figures-table] thead th")].map(h => h.textContent.trim());
  const number = cell => Number(cell.textContent.replace(/\D/g, ""));
  const names = rows.map(r => r.cells[0].textContent.trim()), sets = [1, 2].map(n => rows.map(r => number(r.cells[n])));
  if (rows.length < 2) return;
  const isMonths = card.querySelector("tr[data-month]") !== null;
  const isBack = document.documentElement.dir === "rtl";
  const load = (tag, set) => new Promise((good, bad) => { const made = Object.assign(document.createElement(tag), set); made.onload = good; made.onerror = bad; document.head.append(made); });
  Promise.all([load("link", { rel: "stylesheet", href: card.dataset.style }), load("script", { src: card.dataset.lib })]).then(() => {
    const style = getComputedStyle(card), colour = name => style.getPropertyValue(name).trim(), font = `12px ${style.fontFamily}`;
    const top = Number(figure.querySelector(".y span").textContent.replace(/\D/g, "")) || 1;
    const bars = size => uPlot.paths.bars({ size: [size, 60] });
    const tell = i => { said.textContent = i == null ? " " : `${names[i]} · ${heads[1]} ${sets[0][i]} · ${heads[2]} ${sets[1][i]}`; };
    const height = figure.getBoundingClientRect().height || 200;
    place.hidden = said.hidden = false;
    const plot = new uPlot({
      width: card.clientWidth - parseFloat(style.paddingInlineStart) * 2, height, padding: isBack ? [8, 8, 0, 24] : [8, 24, 0, 8],
      legend: { show: false }, cursor: { y: false, drag: { setScale: false }, points: { show: false } },
      scales: { x: { time: false, dir: isBack ? -1 : 1, range: () => [-.5, rows.length - .5] }, y: { range: () => [0, top] } },
      axes: [
        { font, stroke: colour("--ink-3"), grid: { show: false }, ticks: { show: false }, size: 24, splits: () => [...new Set([0, .25, .5, .75, 1].map(p => Math.round(p * (rows.length - 1))))], values: (_, at) => at.map(i => (i === rows.length - 1 || isMonths ? names[i] : names[i]?.split(" ")[0]) ?? "") },
        { font, stroke: colour("--ink-3"), side: isBack ? 1 : 3, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, size: 36, splits: () => [0, top / 2, top] },
      ],
      series: [{}, { fill: colour("--nila-line"), stroke: colour("--nila-line"), width: 0, paths: bars(.7), points: { show: false } }, { fill: colour("--green"), stroke: colour("--green"), width: 0, paths: bars(.4), points: { show: false } }],
      hooks: { setCursor: [u => tell(u.cursor.idx)] },
    }, [rows.map((_, i) => i), ...sets], place);
    figure.hidden = true;
    tell(null);
    addEventListener("resize", () => plot.setSize({ width: card.clientWidth - parseFloat(style.paddingInlineStart) * 2, height }));
  }).catch(() => { place.hidden = said.hidden = true; });
})();
