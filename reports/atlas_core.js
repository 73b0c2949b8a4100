// Data, state and small helpers. Every text reaches the page through textContent, never as markup.
const D = JSON.parse(document.getElementById("data").textContent);
const state = { unit: -1, day: 0, patrol: -1, zone: -1, time: -1, lang: D.lang };
const listeners = [];
const byId = (id) => document.getElementById(id);
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function update(patch) {
  Object.assign(state, patch);
  listeners.forEach((listener) => listener(patch));
}

// A [Chinese, English] pair, or the label of that name, in the page's language.
function say(text) {
  const pair = Array.isArray(text) ? text : D.words[text];
  return pair[state.lang === "zh" ? 0 : 1];
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") element.style.cssText = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) element.append(child);
  }
  return element;
}

// ---- dates: whole days in UTC, so that no time zone shifts them
const DAY_MS = 86400000;
const FIRST = Date.parse(D.first + "T00:00:00Z");
const dateOf = (day) => new Date(FIRST + day * DAY_MS);
const dayOf = (text) => Math.round((Date.parse(text + "T00:00:00Z") - FIRST) / DAY_MS);
const locale = () => (state.lang === "zh" ? "zh-CN" : "en-GB");
const formats = {};
function dayText(day, style) {
  const key = state.lang + style;
  const options = {
    long: { year: "numeric", month: "long", day: "numeric", weekday: "long", timeZone: "UTC" },
    plain: { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" },
    short: { month: "numeric", day: "numeric", timeZone: "UTC" },
    month: { month: "short", timeZone: "UTC" },
  }[style];
  formats[key] = formats[key] || new Intl.DateTimeFormat(locale(), options);
  return formats[key].format(dateOf(day));
}
function clockText(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  return two(Math.floor(seconds / 3600)) + ":" + two(Math.floor((seconds % 3600) / 60));
}
const count = (number) => number.toLocaleString(locale());

// ---- geometry: metres east and south of the origin
const KX = D.grain * 111320 * Math.cos((D.origin[1] * Math.PI) / 180);
const KY = D.grain * 111320;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = {};
for (let i = 0; i < DIGITS.length; i += 1) VALUE[DIGITS.charCodeAt(i)] = i;

function decode(text) {
  const points = [];
  let at = 0, x = 0, y = 0;
  const next = () => {
    let result = 0, shift = 0, digit;
    do {
      digit = VALUE[text.charCodeAt(at)];
      at += 1;
      result |= (digit & 31) << shift;
      shift += 5;
    } while (digit & 32);
    return result & 1 ? ~(result >> 1) : result >> 1;
  };
  while (at < text.length) {
    x += next();
    y += next();
    points.push(x * KX, -y * KY);
  }
  return Float64Array.from(points);
}
const place = (at) => [at[0] * KX, -at[1] * KY];
const memo = (read) => {
  const known = new Map();
  return (index) => {
    if (!known.has(index)) known.set(index, read(index));
    return known.get(index);
  };
};
const leg = memo((index) => decode(D.legs[index]));

// ---- patrols as objects
const patrols = D.patrols.rows.map((row, index) => ({
  index, day: row[0], unit: row[1], sealed: row[2] === 1, vehicle: row[3], crew: row[4],
  depart: row[5], back: row[6], route: row[7], stops: D.patrols.stops[row[8]], km: row[9],
}));
const patrolsByDay = Array.from(D.days, () => []);
patrols.forEach((patrol) => patrolsByDay[patrol.day].push(patrol));
const visitsByZone = D.zones.map(() => []);
patrols.forEach((patrol) => patrol.stops.forEach((stop) => {
  if (stop[0] >= 0) visitsByZone[stop[0]].push(patrol);
}));
const shown = (patrol) => state.unit < 0 || patrol.unit === state.unit;
const patrolsOn = (day) => (patrolsByDay[day] || []).filter(shown);

// Where a patrol is and when: [from, to, points or null while it stays].
const timeline = memo((index) => {
  const patrol = patrols[index];
  const [driven, inside] = D.patrols.routes[patrol.route];
  const parts = [];
  driven.forEach(([legIndex, seconds], i) => {
    const arrive = i < patrol.stops.length ? patrol.stops[i][1] : patrol.back;
    parts.push([arrive - seconds, arrive, leg(legIndex)]);
    if (i < patrol.stops.length) {
      const until = arrive + patrol.stops[i][2];
      parts.push([arrive, until, inside[i] >= 0 ? leg(inside[i]) : null]);
    }
  });
  return parts;
});

function along(points, share) {
  let total = 0;
  const steps = [];
  for (let i = 2; i < points.length; i += 2) {
    steps.push(Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]));
    total += steps[steps.length - 1];
  }
  let rest = total * share;
  for (let i = 0; i < steps.length; i += 1) {
    if (rest <= steps[i] && steps[i] > 0) {
      const part = rest / steps[i], at = 2 * i;
      return [
        points[at] + part * (points[at + 2] - points[at]),
        points[at + 1] + part * (points[at + 3] - points[at + 1]),
      ];
    }
    rest -= steps[i];
  }
  return [points[points.length - 2], points[points.length - 1]];
}

function whereAt(patrol, time) {
  let spot = place(D.units[patrol.unit].at);
  for (const [from, to, points] of timeline(patrol.index)) {
    if (time < from) break;
    if (points) spot = along(points, to > from ? Math.min(1, (time - from) / (to - from)) : 1);
  }
  return spot;
}

function unitColour(unit) {
  const hue = (210 + unit * 137.5) % 360;
  const dark = document.documentElement.dataset.theme === "dark";
  return `hsl(${hue.toFixed(0)} ${dark ? "62% 66%" : "58% 42%"})`;
}
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
