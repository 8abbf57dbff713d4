/* The charts of the survey pages. Words come with the data, translated. */
import { categories, lang, line, values } from "./look.js";

/** A score over periods with its margin as a band. {labels, values, low, high, format: "percent" | "number", digits} */
export function banded(data, c, width) {
  const digits = data.digits || 0;
  const full = data.format === "percent"
    ? new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 })
    : new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const every = Math.ceil(data.labels.length / (width < 460 ? 3 : 6));
  const edge = { type: "line", stack: "band", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
  const span = data.high.map((high, i) => (high == null ? null : high - data.low[i]));
  return {
    grid: { left: 4, right: 14, top: 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      formatter: (points) => {
        const i = points[0].dataIndex;
        if (data.values[i] == null) return `${data.labels[i]}\n—`;
        const margin = data.low[i] == null ? "" : `\n${full.format(data.low[i])} … ${full.format(data.high[i])}`;
        return `${data.labels[i]}\n${full.format(data.values[i])}${margin}`;
      },
    },
    xAxis: categories(c, data.labels, { axisLabel: { interval: (i) => (data.labels.length - 1 - i) % every === 0 } }),
    yAxis: values(c, { axisLabel: { formatter: (v) => full.format(v) } }),
    series: [
      // Stacked lines start from zero, so the band is drawn between its edges by a transparent first line.
      { ...edge, stackStrategy: "all", data: data.low },
      { ...edge, stackStrategy: "all", data: span, areaStyle: { color: c.data1, opacity: 0.14 } },
      line(c.data1, data.values, { areaStyle: undefined, connectNulls: false, symbol: "circle", symbolSize: 6, showSymbol: true }),
    ],
  };
}
