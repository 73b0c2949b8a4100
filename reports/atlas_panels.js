// Tiles, the unmet box, the side panel (day or zone), workload, and the page's wiring.
const text = (id, value) => { byId(id).textContent = value; };

function tile(name, value, note, kind) {
  return make("div", { class: "tile " + (kind || "") },
    make("p", { class: "tile-name" }, name), make("p", { class: "tile-value" }, value), make("p", { class: "tile-note" }, note || " "));
}

function drawTiles() {
  const m = D.meta;
  const mine = state.unit < 0 ? null : patrols.filter(shown);
  const sum = (read) => mine.reduce((total, patrol) => total + read(patrol), 0);
  const number = (all, read) => count(mine ? Math.round(sum(read)) : all);
  const spots = mine ? mine.filter((patrol) => patrol.sealed).length : m.spot_checks;
  byId("tiles").replaceChildren(
    tile(say("legality"), say(m.label), m.missing ? `${say(m.status)} · ${say("missing")} ${count(m.missing)}` : say(m.status), m.lawful ? "good" : "bad"),
    tile(say("patrols"), number(m.patrols, () => 1), `${say("spot_checks")} ${count(spots)}`),
    tile(say("visits"), number(m.visits, (patrol) => patrol.stops.length), `${count(mine ? D.units[state.unit].zones : D.zones.length)} ${say("zones")}`),
    tile(say("km"), number(m.km, (patrol) => patrol.km), say("without_spots")),
    tile(say("hours"), number(m.hours, (patrol) => D.patrols.routes[patrol.route][0].reduce((a, b) => a + b[1], 0) / 3600 + patrol.stops.reduce((a, b) => a + b[2], 0) / 3600), say("without_spots")),
    tile(say("people"), count(mine ? new Set(mine.flatMap((patrol) => patrol.crew)).size : m.people), `${number(m.person_days, (patrol) => patrol.crew.length)} ${say("person_days")}`),
  );
}

function drawUnmet() {
  const box = byId("unmet"), m = D.meta;
  box.hidden = !m.unmet.length;
  box.classList.toggle("breach", !m.lawful);
  const more = make("details", { open: m.unmet.length <= 4 },
    make("summary", {}, `${say("unmet")}: ${count(m.missing)}`),
    make("ul", {}, m.unmet.map((row) => make("li", { class: row.breach ? "breach" : "" }, say(row.text)))),
    m.explanations.length ? make("ul", { class: "remedies" }, m.explanations.map((row) => make("li", {}, say(row)))) : null);
  box.replaceChildren(make("strong", {}, say(m.label) + say(["：", ": "]) + say(m.status)), more);
}

function drawPanel() {
  byId("panel").replaceChildren(...(state.zone >= 0 ? zonePanel() : dayPanel()));
}

function dayPanel() {
  const today = patrolsOn(state.day);
  const head = make("div", { class: "day-head" },
    make("button", { type: "button", class: "round", "aria-label": say("previous"), title: say("previous"), onclick: () => otherDay(-1) }, "‹"),
    make("h2", {}, dayText(state.day, "long")),
    make("button", { type: "button", class: "round", "aria-label": say("next"), title: say("next"), onclick: () => otherDay(1) }, "›"));
  const note = D.holidays[state.day] || say({ w: "workday", d: "duty", o: "day_off" }[D.days[state.day]]);
  const sub = make("p", { class: "help" }, `${note} · ${say("patrols")} ${today.length}`);
  if (!today.length) return [head, sub, make("p", { class: "empty" }, say("no_patrols"))];
  return [head, sub, make("div", { class: "patrols" }, today.map(patrolCard))];
}

function patrolCard(patrol) {
  const open = state.patrol === patrol.index || patrolsOn(state.day).length === 1;
  const crew = patrol.crew.map((person) => D.people[person].name).join(say(["、", ", "]));
  const title = make("button", {
    type: "button", class: "patrol-title", "aria-expanded": String(open), style: `--unit:${unitColour(patrol.unit)}`,
    onclick: () => {
      const chosen = state.patrol === patrol.index ? -1 : patrol.index;
      update({ patrol: chosen });
      if (chosen >= 0 && !patrol.sealed) show(routePath(patrol.route).box); else fit();
    },
  },
  make("span", { class: "dot" }), make("b", {}, D.units[patrol.unit].name),
  make("span", { class: "times" }, patrol.sealed ? say(["抽查", "spot check"]) : `${clockText(patrol.depart)}–${clockText(patrol.back)}`));
  const facts = make("p", { class: "facts" }, `${crew} · ${D.vehicles[patrol.vehicle]}${patrol.sealed ? "" : ` · ${patrol.km} km`}`);
  if (patrol.sealed) return make("article", { class: "patrol" }, title, facts, make("p", { class: "sealed" }, say("sealed")));
  const list = make("ol", { class: "stops" }, patrol.stops.map(([zone, arrive, seconds]) => make("li", {},
    make("span", { class: "at" }, clockText(arrive)),
    make("button", { type: "button", class: "link", onclick: () => update({ zone }) }, zone < 0 ? "?" : D.zones[zone].name),
    make("span", { class: "level l" + (zone < 0 ? 0 : D.zones[zone].level) }, zone < 0 ? "" : say(D.levels[D.zones[zone].level] || ["", ""])),
    make("span", { class: "min" }, `${Math.ceil(seconds / 60)}′`))));
  return make("article", { class: "patrol" }, title, facts, open ? list : null);
}

function zonePanel() {
  const zone = D.zones[state.zone];
  const level = say(D.levels[zone.level] || ["", ""]), kind = say(D.kinds[zone.kind] || [zone.kind, zone.kind]);
  const parts = [
    make("button", { type: "button", class: "link back", onclick: () => update({ zone: -1 }) }, "‹ " + say("close")),
    make("h2", {}, zone.name),
    make("p", { class: "help" }, make("span", { class: "level l" + zone.level }, level), ` · ${kind} · ${zone.id}`),
  ];
  if (zone.why) parts.push(make("p", { class: "why" }, `${say("why")}: ${zone.why}`));
  if (zone.seen) parts.push(make("p", { class: "help" }, say(zone.seen) + (zone.hidden ? ` ${say("hidden_help")}` : "")));
  if (zone.marks) parts.push(make("p", { class: "help" }, `◆ ${say("checkpoints")}: ${zone.marks.map((mark) => mark[2] || "◆").join(state.lang === "zh" ? "、" : ", ")}`));
  parts.push(make("h3", {}, say("held_by")), make("ul", { class: "held" },
    zone.held.map(([unit, people]) => make("li", {}, make("b", {}, unit), people ? ` · ${people}` : ""))));
  parts.push(make("h3", {}, say("requirements")));
  const rows = D.owed[state.zone].filter((row) => state.unit < 0 || row[1] === state.unit);
  if (!rows.length) parts.push(make("p", { class: "empty" }, say("none")));
  for (const [rule, unit, cells] of rows) {
    const owed = cells.reduce((sum, cell) => sum + cell[1], 0), short = cells.reduce((sum, cell) => sum + cell[2], 0);
    parts.push(make("div", { class: "rule" },
      make("p", {}, say(D.rules[rule]), make("small", {}, unit >= 0 ? " " + D.units[unit].name : "")),
      make("div", { class: "cells", role: "img", "aria-label": `${owed - short} / ${owed}` }, cells.map(([window, due, missing]) => make("i", {
        class: missing ? "short" : "met", title: `${say(D.windows[window])}: ${due - missing} / ${due}`,
      }, due > 1 ? String(due) : ""))),
      make("small", { class: short ? "short" : "" }, short ? `${say("missing")} ${short} / ${owed}` : `${say("met")} ${owed} / ${owed}`)));
  }
  const days = [...new Set(visitsByZone[state.zone].filter(shown).map((patrol) => patrol.day))];
  parts.push(make("h3", {}, `${say("visit_days")} · ${days.length}`), make("div", { class: "chips" }, days.map((day) => make("button", {
    type: "button", class: "chip" + (day === state.day ? " chosen" : ""), onclick: () => update({ day, patrol: -1, time: -1 }),
  }, dayText(day, "short")))));
  return parts;
}

function drawUnits() {
  const most = Math.max(1, ...D.units.map((_, i) => patrols.filter((patrol) => patrol.unit === i).length));
  const rows = D.units.map((unit, i) => {
    const mine = patrols.filter((patrol) => patrol.unit === i);
    return make("button", {
      type: "button", class: "unit-row" + (state.unit === i ? " chosen" : ""), style: `--unit:${unitColour(i)};--share:${mine.length / most}`,
      "aria-pressed": String(state.unit === i), onclick: () => chooseUnit(state.unit === i ? -1 : i),
    },
    make("span", { class: "dot" }),
    make("span", { class: "unit-name" }, make("b", {}, unit.name), make("small", {}, `${say(unit.authority)}${unit.head ? " · " + unit.head : ""}`)),
    make("span", { class: "bar" }),
    make("span", { class: "unit-sum" }, `${count(mine.length)} · ${count(unit.km)} km · ${unit.zones} ${say("zones")}`));
  });
  byId("units").replaceChildren(...rows, D.spots ? make("p", { class: "help" }, say("spot_note")) : "");
}

function drawLoad() {
  const people = D.people.filter((person) => state.unit < 0 || person.unit === state.unit).sort((a, b) => b.days - a.days);
  const most = Math.max(1, ...people.map((person) => person.days));
  byId("load").replaceChildren(...people.map((person) => make("div", {
    class: "load-row", style: `--share:${person.days / most};--unit:${unitColour(Math.max(0, person.unit))}`,
    title: `${person.certificate} · ${person.hours} h`,
  },
  make("span", { class: "who" }, person.name), make("span", { class: "bar" }),
  make("span", { class: "unit-sum" }, `${person.days} ${say("days")}${person.busiest ? ` (${person.busiest})` : ""}`))));
}

function drawWords() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  const last = D.days.length - 1;
  text("bureau", D.meta.bureau);
  text("subject", say("title"));
  document.title = `${D.meta.county} · ${say("title")}`;
  text("period", `${dayText(0, "plain")} – ${dayText(last, "plain")} · ${say(D.meta.norm)}`);
  text("unit-label", say("unit"));
  text("calendar-title", say("calendar"));
  text("calendar-help", say("calendar_help"));
  text("units-title", say("units"));
  text("load-title", say("workload"));
  text("load-help", say("workload_help"));
  text("language", say("language"));
  text("print", say("print"));
  for (const [id, word] of [["theme", "theme"], ["fit", "fit"], ["clock", "time"], ["search", "search"]]) {
    byId(id).setAttribute("aria-label", say(word));
    byId(id).title = say(word);
  }
  byId("search").placeholder = say("search");
  holder.setAttribute("aria-label", `${say("map")}: ${say("map_help")}`);
  const select = byId("unit");
  select.replaceChildren(make("option", { value: "-1" }, say("all_units")), ...D.units.map((unit, i) => make("option", { value: String(i) }, unit.name)));
  select.value = String(state.unit);
  byId("legend").replaceChildren(...[1, 2, 3].map((level) => make("span", {}, make("i", { style: `background:var(--level-${level})` }), say(D.levels[level]))),
    ...(D.zones.some((zone) => zone.marks) ? [make("span", {}, make("i", { class: "mark" }), say("checkpoint"))] : []));
  const parts = [...D.meta.notes.map(say), `${say("norm")}: ${say(D.meta.norm)}${D.meta.basis ? ` (${D.meta.basis})` : ""}`, `xuncha ${D.meta.version} · ${say("seed")} ${D.meta.seed}`];
  byId("foot").replaceChildren(...parts.map((part) => make("p", {}, part)));
  playButton();
}

function chooseUnit(unit) {
  update({ unit, patrol: -1, zone: -1 });
  fit();
}
function drawAll() {
  drawWords(); drawTiles(); drawUnmet(); drawCalendar(); drawPanel(); drawUnits(); drawLoad(); redraw();
}
function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  byId("theme").setAttribute("aria-pressed", String(dark));
  drawAll();
}

listeners.push((patch) => {
  if ("unit" in patch || "lang" in patch) drawAll();
  else { drawPanel(); markDay(); }
  if ("day" in patch) {
    stop();
    const today = patrolsOn(state.day).filter((patrol) => !patrol.sealed);
    setTime(today.length ? Math.min(...today.map((patrol) => patrol.depart)) : 30600);
    history.replaceState(null, "", "#" + dateOf(state.day).toISOString().slice(0, 10));
    unfold();
  }
  if ("zone" in patch && state.zone >= 0) {
    const [x, y] = toScreen(zonePlaces[state.zone]);
    if (x < 30 || y < 30 || x > view.width - 30 || y > view.height - 30) { [view.x, view.y] = zonePlaces[state.zone]; }
  }
  redraw();
});

byId("unit").addEventListener("change", (event) => chooseUnit(Number(event.target.value)));
byId("language").addEventListener("click", () => update({ lang: state.lang === "zh" ? "en" : "zh" }));
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
byId("print").addEventListener("click", () => window.print());
byId("zoom-in").addEventListener("click", () => zoom(1.5, view.width / 2, view.height / 2));
byId("zoom-out").addEventListener("click", () => zoom(1 / 1.5, view.width / 2, view.height / 2));
byId("fit").addEventListener("click", () => { update({ patrol: -1 }); fit(); });
byId("play").addEventListener("click", play);
byId("clock").addEventListener("input", (event) => { stop(); setTime(Number(event.target.value)); });
byId("zone-names").append(...D.zones.map((zone) => make("option", { value: zone.name }, zone.id)));
byId("search").addEventListener("change", (event) => {
  const wanted = event.target.value.trim();
  const found = D.zones.findIndex((zone) => zone.name === wanted || zone.id === wanted);
  const near = found >= 0 ? found : D.zones.findIndex((zone) => wanted && zone.name.includes(wanted));
  if (near >= 0) { update({ zone: near }); event.target.value = ""; }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && state.zone >= 0) update({ zone: -1 }); });
new ResizeObserver(resize).observe(holder);

const today = new Date();
const asked = dayOf(location.hash.slice(1) || "x");
const now = Math.floor((Date.UTC(today.getFullYear(), today.getMonth(), today.getDate()) - FIRST) / DAY_MS);
const first = [asked, now].find((day) => day >= 0 && day < D.days.length && patrolsByDay[day].length);
state.day = first === undefined ? Math.max(0, patrolsByDay.findIndex((list) => list.length)) : first;
view.fit = 0.01;
resize();
setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches);
update({ day: state.day });
