/* The charts of the Metrics pages. Words come with the data, translated. */
import { categories, cents, line, lang, shortCents, values } from "./look.js";

const plain = (digits) => new Intl.NumberFormat(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = new Intl.NumberFormat(lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const shortPercent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 1 });
const DASHES = ["solid", [6, 3], [2, 3]];

/** Return how a value reads in full and on the axis. {format: "money" | "percent" | "number", digits, currency} */
function reader({ format, digits = 0, currency }) {
  if (format === "money") return [(v) => cents(v, currency), (v) => shortCents(v, currency)];
  if (format === "percent") return [(v) => percent.format(v), (v) => shortPercent.format(v)];
  return [(v) => plain(digits).format(v), (v) => new Intl.NumberFormat(lang, { maximumFractionDigits: 2 }).format(v)];
}

/** One to three figures over periods, their targets dashed. {labels, series: [{name, values, colour: a token}], targets, format, digits, currency} */
export function lines(data, c, width) {
  const [full, short] = reader(data);
  const several = data.series.length > 1;
  const colours = data.series.map((one, i) => c[one.colour] ?? [c.data1, c.data2, c.data3][i % 3]);
  const every = Math.ceil(data.labels.length / (width < 460 ? 3 : 6)); // counted from the end: the last period has its label
  return {
    grid: { left: 4, right: 14, top: several || data.targets?.length ? 30 : 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: several || data.targets?.length ? { top: 0, left: 0, icon: "path://M0 4h16v2H0z", itemWidth: 16, itemHeight: 3, selectedMode: false, textStyle: { color: c.text2, fontSize: 12 } } : undefined,
    tooltip: {
      formatter: (points) =>
        [points[0].axisValue, ...points.map((p) => `${points.length > 1 ? `${p.seriesName}: ` : ""}${p.value == null ? "—" : full(p.value)}`)].join("\n"),
    },
    xAxis: categories(c, data.labels, { axisLabel: { interval: (i) => (data.labels.length - 1 - i) % every === 0 } }),
    yAxis: values(c, { scale: true, axisLabel: { formatter: short } }),
    series: [
      ...data.series.map((one, i) =>
        line(colours[i], one.values, {
          name: one.name,
          lineStyle: { color: colours[i], width: 2, type: DASHES[i] },
          ...(several ? { areaStyle: undefined } : {}),
        })),
      ...(data.targets ?? []).map((one) => aimLine(c, one.values, { name: one.name })),
    ],
  };
}

/* A target: dashed slate, without a dot at its end. */
const aimLine = (c, data, more) =>
  line(c.data6, data, { lineStyle: { color: c.data6, width: 1.5, type: [3, 3] }, areaStyle: undefined, markPoint: undefined, ...more });

/** How many answers of each score. {labels, values, tones: "green" | "slate" | "red"} */
export function scores(data, c) {
  const colour = { green: c.greenSolid, slate: c.data6, red: c.redSolid };
  return {
    grid: { left: 4, right: 4, top: 20, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { axisPointer: { type: "shadow" }, formatter: ([point]) => `${point.axisValue}: ${plain(0).format(point.value)}` },
    xAxis: categories(c, data.labels, { boundaryGap: true, axisLabel: { interval: 0, alignMinLabel: null, alignMaxLabel: null } }),
    yAxis: values(c, { min: 0, show: false, splitLine: { show: false } }),
    series: [{
      type: "bar", barCategoryGap: "22%", emphasis: { disabled: true },
      data: data.values.map((value, i) => ({ value, itemStyle: { color: colour[data.tones[i]], borderRadius: 2 } })),
      label: { show: true, position: "top", color: c.text2, fontSize: 11, formatter: ({ value }) => (value ? plain(0).format(value) : "") },
    }],
  };
}

/** Figures beside each other, each on its own scale with its target. {labels, rows: [{name, note, values, target, format, digits}]} */
export function multiples(data, c, width) {
  const stacked = width < 460;
  const n = data.rows.length, gap = 24, height = 172;
  const cell = stacked ? width : (width - gap * (n - 1)) / n;
  const options = { title: [], grid: [], xAxis: [], yAxis: [], series: [] };
  const ends = (index) => index === 0 || index === data.labels.length - 1;
  data.rows.forEach((row, i) => {
    const left = stacked ? 0 : i * (cell + gap), top = stacked ? i * height : 0;
    const text = (offset, size, weight, words, color) => ({
      left, top: top + offset, text: words, padding: 0,
      textStyle: { fontSize: size, lineHeight: size + 5, fontWeight: weight, color, width: cell, overflow: "truncate" },
    });
    options.title.push(text(0, 12, 500, row.name, c.text2), text(17, 13, 600, row.note, c.text));
    options.grid.push({ left: left + 1, width: cell - 8, top: top + 46, height: 100 });
    options.xAxis.push(categories(c, data.labels, { gridIndex: i, axisLabel: { margin: 6, interval: ends, hideOverlap: false } }));
    options.yAxis.push(values(c, { gridIndex: i, scale: true, show: false }));
    options.series.push(line(c.data1, row.values, { xAxisIndex: i, yAxisIndex: i, name: row.name }));
    if (row.target !== null) {
      options.series.push(aimLine(c, data.labels.map(() => row.target), { xAxisIndex: i, yAxisIndex: i, name: row.name, silent: true, tooltip: { show: false } }));
    }
  });
  options.tooltip = {
    formatter: (points) => {
      const [full] = reader(data.rows[points[0].axisIndex]);
      return `${points[0].axisValue}\n${points[0].value == null ? "—" : full(points[0].value)}`;
    },
  };
  return options;
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
