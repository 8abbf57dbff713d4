/* The charts by name: each turns the page's data into ECharts options. Words come with the data, translated. */
import { categories, cents, count, line, shortCents, values } from "./look.js";
import { lines, multiples, scores, waterfall } from "./metrics.js";
import { banded } from "./surveys.js";

/** Revenue a month over days: a step line from zero. {labels, values (cents), currency} */
function mrr(data, c) {
  return {
    grid: { left: 4, right: 12, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: ([point]) => `${point.axisValue}\n${point.value == null ? "—" : cents(point.value, data.currency)}`,
    },
    xAxis: categories(c, data.labels),
    yAxis: values(c, { min: 0, axisLabel: { formatter: (value) => shortCents(value, data.currency) } }),
    series: [line(c.data1, data.values, { step: "end" })],
  };
}

/** Use by feature: small multiples on one scale. {labels, maximum, features: [{name, note, bad, key, values}]} */
function usage(data, c, width) {
  const columns = width < 460 ? 2 : 3;
  const gap = 22, height = 138;
  const cell = (width - gap * (columns - 1)) / columns;
  const options = { title: [], grid: [], xAxis: [], yAxis: [], series: [] };
  const ends = (index) => index === 0 || index === data.labels.length - 1;
  data.features.forEach((feature, i) => {
    const left = (i % columns) * (cell + gap), top = Math.floor(i / columns) * height;
    const text = (offset, size, weight, words, color) => ({
      left, top: top + offset, text: words, padding: 0,
      textStyle: { fontSize: size, lineHeight: size + 5, fontWeight: weight, color, width: cell, overflow: "truncate" },
    });
    options.title.push(text(0, 12, 500, feature.name, c.text2));
    options.title.push(text(17, 13, 600, feature.note, feature.bad ? c.red : c.text));
    options.grid.push({ left: left + 1, width: cell - 6, top: top + 42, height: height - 68 });
    options.xAxis.push(categories(c, data.labels, { gridIndex: i, axisLabel: { margin: 6, interval: ends } }));
    options.yAxis.push(values(c, { gridIndex: i, min: 0, max: data.maximum, show: false }));
    options.series.push(line(feature.key ? c.data1 : c.data6, feature.values, { xAxisIndex: i, yAxisIndex: i, name: feature.name }));
  });
  options.tooltip = {
    formatter: (points) =>
      [points[0].axisValue, ...points.map((p) => `${p.seriesName}: ${p.value == null ? "—" : count(p.value)}`)].join("\n"),
  };
  return options;
}

/** Height that a chart needs beyond what its class gives, by its data and width. */
export const rowsOf = { usage: (data, width) => Math.ceil(data.features.length / (width < 460 ? 2 : 3)) * 138 };
export const kinds = { mrr, usage, lines, multiples, scores, waterfall, banded };
