/* The charts of the Metrics pages. Words come with the data, translated. */
import { categories, cents, line, lang, shortCents, values } from "./look.js";

const plain = (digits) => new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = new Intl.NumberFormat(lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shortPercent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 });
const DASHES = ["solid", [6, 3]];

/** Return how a value reads in full and on the axis. {format: "money" | "percent" | "number", digits, currency} */
function reader({ format, digits = 0, currency }) {
  if (format === "money") return [(v) => cents(v, currency), (v) => shortCents(v, currency)];
  if (format === "percent") return [(v) => percent.format(v), (v) => shortPercent.format(v)];
  return [(v) => plain(digits).format(v), (v) => new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(v)];
}

/** One or two figures over periods. {labels, series: [{name, values}], format, digits, currency} */
export function lines(data, c, width) {
  const [full, short] = reader(data);
  const several = data.series.length > 1;
  const colours = [c.data1, c.data2];
  const every = Math.ceil(data.labels.length / (width < 460 ? 3 : 6)); // counted from the end: the last period has its label
  return {
    grid: { left: 4, right: 14, top: several ? 30 : 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: several ? { top: 0, left: 0, icon: "path://M0 4h16v2H0z", itemWidth: 16, itemHeight: 3, selectedMode: false, textStyle: { color: c.text2, fontSize: 12 } } : undefined,
    tooltip: {
      formatter: (points) =>
        [points[0].axisValue, ...points.map((p) => `${several ? `${p.seriesName}: ` : ""}${p.value == null ? "—" : full(p.value)}`)].join("\n"),
    },
    xAxis: categories(c, data.labels, { axisLabel: { interval: (i) => (data.labels.length - 1 - i) % every === 0 } }),
    yAxis: values(c, { scale: true, axisLabel: { formatter: short } }),
    series: data.series.map((one, i) =>
      line(colours[i], one.values, {
        name: one.name,
        lineStyle: { color: colours[i], width: 2, type: DASHES[i] },
        ...(several ? { areaStyle: undefined } : {}),
      })),
  };
}

/** From the opening to the closing amount, step by step; rows instead of columns where it is narrow.
    {steps: [{name, cents, total}], currency} */
export function waterfall(data, c, width) {
  const flat = width < 460;
  const ghost = [], bars = [];
  let at = 0;
  for (const step of data.steps) {
    const from = step.total ? 0 : Math.min(at, at + step.cents);
    at = step.total ? step.cents : at + step.cents;
    ghost.push(from);
    const color = step.total || !step.cents ? c.data6 : step.cents < 0 ? c.redSolid : c.greenSolid;
    bars.push({ value: Math.abs(step.cents), itemStyle: { color } });
  }
  const signed = (step, write) => `${step.total ? "" : step.cents > 0 ? "+" : step.cents < 0 ? "−" : ""}${write(Math.abs(step.cents), data.currency)}`;
  const names = categories(c, data.steps.map((step) => step.name), {
    boundaryGap: true, inverse: flat,
    axisLabel: { color: c.text2, interval: 0, hideOverlap: false, alignMinLabel: null, alignMaxLabel: null, ...(flat ? {} : { width: width / (data.steps.length + 1), overflow: "break" }) },
  });
  const amounts = values(c, { ...range(data.steps, flat ? 2 : 3), axisLabel: { hideOverlap: true, formatter: (v) => shortCents(v, data.currency) } });
  const bar = { type: "bar", stack: "steps", barCategoryGap: "36%", emphasis: { disabled: true } };
  return {
    grid: { left: 4, right: flat ? 64 : 4, top: flat ? 4 : 24, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: {
      axisPointer: { type: "shadow" },
      formatter: ([{ dataIndex }]) => `${data.steps[dataIndex].name}\n${signed(data.steps[dataIndex], cents)}`,
    },
    xAxis: flat ? amounts : names,
    yAxis: flat ? names : amounts,
    series: [
      { ...bar, silent: true, itemStyle: { color: "transparent" }, data: ghost },
      {
        ...bar, data: bars, barMinHeight: 2, itemStyle: { borderRadius: 2 },
        label: {
          show: true, position: flat ? "right" : "top", color: c.text, fontSize: 11, fontWeight: 600,
          formatter: ({ dataIndex }) => signed(data.steps[dataIndex], shortCents),
        },
      },
    ],
  };
}

/* Movements are small beside the totals: the axis begins below the lowest point of the walk, at zero when that is near. */
function range(steps, parts) {
  let at = 0;
  const seen = steps.map((step) => (at = step.total ? step.cents : at + step.cents));
  const low = Math.min(...seen), high = Math.max(...seen);
  const room = Math.max(high - low, high * 0.02, 1);
  const begin = Math.max(low - room * 0.5, 0);
  const rough = (high - begin) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].find((step) => step * power >= rough) * power;
  return { min: Math.floor(begin / interval) * interval, max: Math.ceil(high / interval) * interval, interval };
}
