/* charts.js: draws <div class="cs-chart" data-chart="KIND" data-source="ID"> from the JSON in #ID.
   SVG and rich-text tooltips, because the policy allows no inline style. Drawn again on a change of theme or
   width, after an htmx swap only what is new or changed; what left the page is disposed of. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkPointComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { kinds, rowsOf } from "./charts/kinds.js";
import { base, palette } from "./charts/look.js";
import { all } from "./dom.js";

use([BarChart, LineChart, GridComponent, LegendComponent, MarkPointComponent, TitleComponent, TooltipComponent, SVGRenderer]);

const live = new Map(); // element → {chart, text}

function draw(element, force = false) {
  const kind = element.dataset.chart;
  const text = document.getElementById(element.dataset.source)?.textContent;
  const known = live.get(element);
  if (!text || !kinds[kind] || !element.clientWidth || (known && !force && known.text === text)) return;
  const data = JSON.parse(text);
  const needed = rowsOf[kind]?.(data, element.clientWidth);
  if (needed) element.style.height = `${needed}px`;
  const colours = palette();
  const chart = known?.chart ?? init(element, null, { renderer: "svg" });
  if (!known) size.observe(element);
  live.set(element, { chart, text });
  chart.resize();
  const common = base(colours);
  const options = kinds[kind](data, colours, element.clientWidth);
  chart.setOption({ ...common, ...options, tooltip: { ...common.tooltip, ...options.tooltip } }, true);
}

const size = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    if (!target.isConnected) continue;
    const known = live.get(target);
    if (!known) draw(target);
    else if (Math.abs(known.chart.getWidth() - contentRect.width) > 1) draw(target, true);
  }
});

function drawAll(force = false) {
  for (const [element, { chart }] of live)
    if (!element.isConnected) {
      chart.dispose();
      live.delete(element);
      size.unobserve(element);
    }
  for (const element of all("[data-chart]")) {
    if (element.clientWidth) draw(element, force);
    else size.observe(element); // in a closed tab or fold: drawn when it gets a width
  }
}

document.fonts.ready.then(() => drawAll());
document.addEventListener("zelo:theme", () => drawAll(true));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(true));
document.addEventListener("htmx:afterSwap", () => drawAll());
