// The map: a base canvas (roads, zones, homes) and one above it (routes, patrols on the move).
const holder = byId("map"), base = byId("base"), over = byId("over"), tip = byId("tip");
const view = { x: 0, y: 0, scale: 0.01, width: 0, height: 0 };
const ROADS = [["--road-0", 2.6], ["--road-1", 2.1], ["--road-2", 1.5], ["--road-3", 1.1], ["--road-4", 0.7], ["--road-5", 0.5]];
const LEVELS = { 1: "--level-1", 2: "--level-2", 3: "--level-3" };

function pathOf(lines, close) {
  const path = new Path2D();
  for (const points of lines) {
    path.moveTo(points[0], points[1]);
    for (let i = 2; i < points.length; i += 2) path.lineTo(points[i], points[i + 1]);
    if (close) path.closePath();
  }
  return path;
}
const roadPaths = D.roads.map((lines) => pathOf(lines.map(decode), false));
const zonePaths = D.zones.map((zone) => pathOf(zone.parts.map(decode), zone.shape === "area"));
const hiddenPaths = D.zones.map((zone) => zone.hidden && pathOf(zone.hidden.map(decode), zone.shape === "area"));
const walkPaths = D.zones.map((zone) => zone.walks && pathOf(zone.walks.map(decode), false));
const zonePlaces = D.zones.map((zone) => place(zone.at));
const homes = D.units.map((unit) => place(unit.at));
const routePath = memo((route) => {
  const [driven, inside] = D.patrols.routes[route];
  const lines = driven.map(([index]) => leg(index)).concat(inside.filter((i) => i >= 0).map(leg));
  let length = 0, box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of lines) {
    for (let i = 0; i < points.length; i += 2) {
      box = [Math.min(box[0], points[i]), Math.min(box[1], points[i + 1]), Math.max(box[2], points[i]), Math.max(box[3], points[i + 1])];
      if (i) length += Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]);
    }
  }
  return { path: pathOf(lines, false), length, box, lines };
});

const toScreen = ([x, y]) => [(x - view.x) * view.scale + view.width / 2, (y - view.y) * view.scale + view.height / 2];
const toWorld = (x, y) => [(x - view.width / 2) / view.scale + view.x, (y - view.height / 2) / view.scale + view.y];

function pen(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.lineCap = context.lineJoin = "round";
  const world = () => context.setTransform(
    ratio * view.scale, 0, 0, ratio * view.scale,
    ratio * (view.width / 2 - view.x * view.scale), ratio * (view.height / 2 - view.y * view.scale));
  const screen = () => context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, world, screen };
}

const held = (zone) => state.unit < 0 || D.owed[zone].some((row) => row[1] === state.unit)
  || D.zones[zone].held.some((row) => row[0] === D.units[state.unit].name);

function drawBase() {
  const { context, world, screen } = pen(base);
  const zoom = Math.min(2.4, Math.max(0.75, Math.sqrt(view.scale / view.fit)));
  world();
  for (let i = ROADS.length - 1; i >= 0; i -= 1) {
    context.strokeStyle = css(ROADS[i][0]);
    context.lineWidth = (ROADS[i][1] * zoom) / view.scale;
    context.stroke(roadPaths[i]);
  }
  D.zones.forEach((zone, i) => {
    if (zone.shape === "point") return;
    context.globalAlpha = held(i) ? 1 : 0.18;
    context.strokeStyle = context.fillStyle = css(LEVELS[zone.level] || "--level-3");
    if (zone.shape === "area") {
      context.globalAlpha *= 0.13;
      context.fill(zonePaths[i], "evenodd");
      context.globalAlpha *= 4.5;
    }
    context.lineWidth = (zone.shape === "area" ? 1 : 3) / view.scale;
    context.stroke(zonePaths[i]);
    if (zone.hidden) drawHidden(context, i);
  });
  screen();
  D.zones.forEach((zone, i) => {
    const [x, y] = toScreen(zonePlaces[i]);
    context.globalAlpha = held(i) ? 1 : 0.18;
    context.beginPath();
    context.arc(x, y, zone.shape === "point" ? 3.6 : 2.4, 0, 7);
    context.fillStyle = css(LEVELS[zone.level] || "--level-3");
    context.strokeStyle = css("--map");
    context.lineWidth = 1.2;
    context.fill();
    context.stroke();
  });
  context.globalAlpha = 1;
  D.zones.forEach((zone, i) => (zone.marks || []).forEach((mark) => {
    context.globalAlpha = held(i) ? 1 : 0.18;
    drawMark(context, toScreen(place(mark)));
  }));
  context.globalAlpha = 1;
  homes.forEach((home, i) => {
    if (state.unit >= 0 && state.unit !== i) context.globalAlpha = 0.35;
    drawHome(context, toScreen(home), unitColour(i));
    context.globalAlpha = 1;
  });
}

// What no road shows is grey; the walks that would show it are dashed.
function drawHidden(context, i) {
  context.globalAlpha = held(i) ? 0.3 : 0.06;
  context.fillStyle = context.strokeStyle = css("--soft");
  if (D.zones[i].shape === "area") context.fill(hiddenPaths[i], "evenodd");
  else context.stroke(hiddenPaths[i]);
  context.globalAlpha = held(i) ? 1 : 0.18;
  context.strokeStyle = css("--ink");
  context.lineWidth = 1.8 / view.scale;
  context.setLineDash([5 / view.scale, 5 / view.scale]);
  context.stroke(walkPaths[i]);
  context.setLineDash([]);
}

function drawMark(context, [x, y]) {
  context.beginPath();
  context.moveTo(x, y - 5); context.lineTo(x + 5, y); context.lineTo(x, y + 5); context.lineTo(x - 5, y); context.closePath();
  context.fillStyle = css("--ink");
  context.strokeStyle = css("--map");
  context.lineWidth = 1.2;
  context.fill();
  context.stroke();
}

function drawHome(context, [x, y], colour) {
  context.fillStyle = colour;
  context.strokeStyle = css("--map");
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x - 7, y); context.lineTo(x, y - 7); context.lineTo(x + 7, y); context.lineTo(x + 5, y);
  context.lineTo(x + 5, y + 6); context.lineTo(x - 5, y + 6); context.lineTo(x - 5, y); context.closePath();
  context.stroke();
  context.fill();
}

// Names where there is room: units first, then zones once the map is near enough.
function drawLabels(context) {
  const taken = [];
  const write = (text, [x, y], font, colour) => {
    context.font = font;
    const width = context.measureText(text).width;
    const box = [x + 8, y - 8, x + 12 + width, y + 8];
    if (box[0] < 0 || box[2] > view.width || taken.some((o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3])) return;
    taken.push(box);
    context.lineWidth = 3.5;
    context.strokeStyle = css("--map");
    context.fillStyle = colour;
    context.textBaseline = "middle";
    context.strokeText(text, x + 9, y);
    context.fillText(text, x + 9, y);
  };
  const family = getComputedStyle(document.body).fontFamily;
  homes.forEach((home, i) => {
    if (state.unit < 0 || state.unit === i) write(D.units[i].name, toScreen(home), "600 12px " + family, css("--ink"));
  });
  if (view.scale < view.fit * 1.9 && D.zones.length > 40) return;
  D.zones.forEach((zone, i) => {
    if (held(i)) write(zone.name, toScreen(zonePlaces[i]), "11px " + family, css("--soft"));
  });
}

let reveal = 1;
function drawOver() {
  const { context, world, screen } = pen(over);
  const today = patrolsOn(state.day).filter((patrol) => !patrol.sealed);
  const chosen = state.patrol;
  world();
  for (const patrol of today) {
    const route = routePath(patrol.route);
    const dim = chosen >= 0 && chosen !== patrol.index;
    context.setLineDash(reveal < 1 ? [route.length * reveal, route.length] : []);
    context.globalAlpha = dim ? 0.15 : 0.95;
    context.strokeStyle = css("--map");
    context.lineWidth = 6 / view.scale;
    context.stroke(route.path);
    context.strokeStyle = unitColour(patrol.unit);
    context.lineWidth = (chosen === patrol.index ? 4 : 3) / view.scale;
    context.stroke(route.path);
  }
  context.setLineDash([]);
  screen();
  for (const patrol of today) {
    context.globalAlpha = chosen >= 0 && chosen !== patrol.index ? 0.15 : 1;
    if (reveal >= 1) arrows(context, patrol);
    stopsOf(context, patrol, chosen === patrol.index || today.length <= 2);
    if (state.time >= 0 && state.time >= patrol.depart && state.time <= patrol.back) {
      const [x, y] = toScreen(whereAt(patrol, state.time));
      context.beginPath();
      context.arc(x, y, 8, 0, 7);
      context.fillStyle = unitColour(patrol.unit);
      context.strokeStyle = "#fff";
      context.lineWidth = 3;
      context.fill();
      context.stroke();
    }
  }
  context.globalAlpha = 1;
  drawLabels(context);
  if (state.zone >= 0) ring(context, toScreen(zonePlaces[state.zone]));
}

function arrows(context, patrol) {
  context.fillStyle = unitColour(patrol.unit);
  for (const points of routePath(patrol.route).lines) {
    const [x0, y0] = toScreen(along(points, 0.48)), [x1, y1] = toScreen(along(points, 0.52));
    if (Math.hypot(x1 - x0, y1 - y0) < 1.2) continue;
    context.save();
    context.translate((x0 + x1) / 2, (y0 + y1) / 2);
    context.rotate(Math.atan2(y1 - y0, x1 - x0));
    context.beginPath();
    context.moveTo(7, 0); context.lineTo(-5, -5); context.lineTo(-2.5, 0); context.lineTo(-5, 5); context.closePath();
    context.fill();
    context.restore();
  }
}

function stopsOf(context, patrol, numbered) {
  const family = getComputedStyle(document.body).fontFamily;
  patrol.stops.forEach(([zone], i) => {
    if (zone < 0) return;
    const [x, y] = toScreen(zonePlaces[zone]);
    context.beginPath();
    context.arc(x, y, numbered ? 9 : 4.5, 0, 7);
    context.fillStyle = css("--card");
    context.strokeStyle = unitColour(patrol.unit);
    context.lineWidth = 2;
    context.fill();
    context.stroke();
    if (!numbered) return;
    context.fillStyle = unitColour(patrol.unit);
    context.font = "700 11px " + family;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(String(i + 1), x, y + 0.5);
    context.textAlign = "start";
  });
}

function ring(context, [x, y]) {
  context.beginPath();
  context.arc(x, y, 13, 0, 7);
  context.strokeStyle = css("--accent");
  context.lineWidth = 3;
  context.stroke();
}

// ---- moving about
function show(box, most) {
  const pad = 40;
  const wide = Math.max(box[2] - box[0], 500), high = Math.max(box[3] - box[1], 500);
  view.scale = Math.min((view.width - 2 * pad) / wide, (view.height - 2 * pad) / high, most || Infinity);
  view.x = (box[0] + box[2]) / 2;
  view.y = (box[1] + box[3]) / 2;
  redraw();
}
function wholeBox() {
  const spots = state.unit < 0 ? homes.concat(zonePlaces) : [homes[state.unit]].concat(zonePlaces.filter((_, i) => held(i)));
  const xs = spots.map((spot) => spot[0]), ys = spots.map((spot) => spot[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
function fit() {
  show(wholeBox());
  if (state.unit < 0 || !view.fit) view.fit = view.scale;
}
function zoom(factor, x, y) {
  const before = toWorld(x, y);
  view.scale = Math.min(2, Math.max(view.fit / 4, view.scale * factor));
  const after = toWorld(x, y);
  view.x += before[0] - after[0];
  view.y += before[1] - after[1];
  redraw();
}
let queued = false;
function redraw() {
  if (queued) return;
  queued = true;
  requestAnimationFrame(() => { queued = false; drawBase(); drawOver(); });
}
function resize() {
  const ratio = window.devicePixelRatio || 1;
  const first = !view.width;
  view.width = holder.clientWidth;
  view.height = holder.clientHeight;
  for (const canvas of [base, over]) {
    canvas.width = Math.round(view.width * ratio);
    canvas.height = Math.round(view.height * ratio);
  }
  if (first) fit(); else redraw();
}
function unfold() {
  if (calm) { reveal = 1; drawOver(); return; }
  const start = performance.now();
  const step = (now) => {
    reveal = Math.min(1, (now - start) / 900);
    drawOver();
    if (reveal < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function zoneAt(x, y) {
  let best = -1, near = 11;
  zonePlaces.forEach((spot, i) => {
    const [sx, sy] = toScreen(spot), distance = Math.hypot(sx - x, sy - y);
    if (held(i) && distance < near) { near = distance; best = i; }
  });
  if (best >= 0) return best;
  const { context } = { context: base.getContext("2d") }, [wx, wy] = toWorld(x, y);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.lineWidth = 10 / view.scale;
  return D.zones.findIndex((zone, i) => held(i) && (
    (zone.shape === "area" && context.isPointInPath(zonePaths[i], wx, wy, "evenodd"))
    || (zone.shape === "line" && context.isPointInStroke(zonePaths[i], wx, wy))));
}

const touches = new Map();
let dragged = 0, pinch = 0;
holder.addEventListener("pointerdown", (event) => {
  if (event.target.closest("button")) return;
  holder.setPointerCapture(event.pointerId);
  touches.set(event.pointerId, [event.offsetX, event.offsetY]);
  dragged = 0;
  pinch = 0;
});
holder.addEventListener("pointermove", (event) => {
  const box = holder.getBoundingClientRect();
  const at = [event.clientX - box.left, event.clientY - box.top];
  const from = touches.get(event.pointerId);
  if (!from) { hover(at); return; }
  touches.set(event.pointerId, at);
  if (touches.size === 2) {
    const [a, b] = [...touches.values()], distance = Math.hypot(a[0] - b[0], a[1] - b[1]);
    if (pinch) zoom(distance / pinch, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    pinch = distance;
    dragged = 99;
    return;
  }
  dragged += Math.abs(at[0] - from[0]) + Math.abs(at[1] - from[1]);
  view.x -= (at[0] - from[0]) / view.scale;
  view.y -= (at[1] - from[1]) / view.scale;
  redraw();
});
for (const kind of ["pointerup", "pointercancel"]) {
  holder.addEventListener(kind, (event) => {
    const at = touches.get(event.pointerId);
    touches.delete(event.pointerId);
    if (kind === "pointerup" && at && dragged < 5) update({ zone: zoneAt(at[0], at[1]) });
  });
}
holder.addEventListener("pointerleave", () => { tip.hidden = true; });
holder.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = holder.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * 0.0015), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
holder.addEventListener("keydown", (event) => {
  if (event.target !== holder) return;
  const step = 80 / view.scale;
  const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (moves[event.key]) { view.x += moves[event.key][0]; view.y += moves[event.key][1]; redraw(); }
  else if (event.key === "+" || event.key === "=") zoom(1.4, view.width / 2, view.height / 2);
  else if (event.key === "-") zoom(1 / 1.4, view.width / 2, view.height / 2);
  else if (event.key === "0") fit();
  else return;
  event.preventDefault();
});
function hover([x, y]) {
  const zone = zoneAt(x, y);
  tip.hidden = zone < 0;
  holder.style.cursor = zone < 0 ? "grab" : "pointer";
  if (zone < 0) return;
  tip.textContent = `${D.zones[zone].name} · ${say(D.levels[D.zones[zone].level] || ["", ""])}`;
  tip.style.left = Math.min(x + 14, view.width - 180) + "px";
  tip.style.top = y + 14 + "px";
}
