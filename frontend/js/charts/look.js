/* What all charts share: colours read from the CSS tokens, number formats of the page's language, axes, lines. */
const TOKENS = ["text", "text-2", "text-3", "surface", "line-strong", "grid", "red", "green", "yellow",
  "red-solid", "green-solid",
  "data-1", "data-2", "data-3", "data-4", "data-5", "data-6"];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Read the tokens as rgb(): ECharts parses neither light-dark() nor custom properties. */
export function palette() {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const colours = {};
  for (const name of TOKENS) {
    probe.style.color = `var(--cs-${name})`; // by CSSOM, which a strict style-src allows
    colours[camel(name)] = getComputedStyle(probe).color;
  }
  colours.font = getComputedStyle(document.body).fontFamily;
  probe.remove();
  return colours;
}

export function alpha(rgb, opacity) {
  const [red, green, blue] = rgb.match(/[\d.]+/g);
  return `rgba(${red},${green},${blue},${opacity})`;
}

export const lang = document.documentElement.lang;
const plain = new Intl.NumberFormat(lang);
export const count = (value) => plain.format(value);
export const cents = (value, currency) =>
  new Intl.NumberFormat(lang, { style: "currency", currency, maximumFractionDigits: 0 }).format(value / 100);
export const shortCents = (value, currency) =>
  new Intl.NumberFormat(lang, { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 }).format(value / 100);

export function base(c) {
  return {
    animation: !still.matches, animationDuration: 250, animationDurationUpdate: 200,
    backgroundColor: "transparent",
    textStyle: { fontFamily: c.font, fontSize: 12, color: c.text2 },
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true,
      backgroundColor: c.surface, borderColor: c.lineStrong, borderWidth: 1, padding: [8, 10],
      textStyle: { fontFamily: c.font, fontSize: 12, color: c.text, lineHeight: 18 },
      axisPointer: { lineStyle: { color: c.lineStrong, type: "solid" }, label: { show: false } },
    },
  };
}

export const categories = (c, data, more) => ({
  type: "category", data, boundaryGap: false,
  axisLine: { lineStyle: { color: c.lineStrong } }, axisTick: { show: false },
  ...more,
  axisLabel: { color: c.text3, fontSize: 11, margin: 8, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right", ...more?.axisLabel },
});

export const values = (c, more) => ({
  type: "value", splitNumber: 3, axisLine: { show: false }, axisTick: { show: false },
  splitLine: { lineStyle: { color: c.grid } },
  ...more,
  axisLabel: { color: c.text3, fontSize: 11, ...more?.axisLabel },
});

/** A line that ends in a dot. Unknown values (null) are gaps. */
export function line(colour, data, more) {
  const last = data.findLastIndex((value) => value !== null);
  return {
    type: "line", data, symbol: "circle", symbolSize: 5, showSymbol: false,
    lineStyle: { color: colour, width: 2 }, itemStyle: { color: colour },
    areaStyle: { color: alpha(colour, 0.09) }, emphasis: { focus: "none", scale: false },
    markPoint: last < 0 ? undefined : {
      silent: true, symbol: "circle", symbolSize: 6, itemStyle: { color: colour }, label: { show: false },
      data: [{ coord: [last, data[last]] }],
    },
    ...more,
  };
}
