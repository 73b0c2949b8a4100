// The calendar of the plan (a week per column), the day's player, and moving between days.
const dayCells = [];

function drawCalendar() {
  const box = byId("calendar");
  const most = Math.max(1, ...D.days.split("").map((_, day) => patrolsOn(day).length));
  const lead = (dateOf(0).getUTCDay() + 6) % 7;
  const weeks = Math.ceil((lead + D.days.length) / 7);
  const grid = make("div", { class: "grid", role: "grid", style: `--weeks:${weeks}` });
  const months = make("div", { class: "months", style: `--weeks:${weeks}` });
  const seen = new Set();
  dayCells.length = 0;
  for (let day = 0; day < D.days.length; day += 1) {
    const date = dateOf(day), week = Math.floor((lead + day) / 7);
    const month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    if (!seen.has(month) && (date.getUTCDate() <= 7 || day === 0)) {
      seen.add(month);
      months.append(make("span", { style: `grid-column:${week + 1} / span 3` }, dayText(day, "month")));
    }
    const number = patrolsOn(day).length;
    const spot = patrolsOn(day).some((patrol) => patrol.sealed);
    const note = D.holidays[day] || say({ w: "workday", d: "duty", o: "day_off" }[D.days[day]]);
    const cell = make("button", {
      type: "button", class: `day ${D.days[day] === "o" && !number ? "off" : ""}${spot ? " spot" : ""}`,
      style: `grid-column:${week + 1};grid-row:${((lead + day) % 7) + 1};--heat:${number ? 0.22 + (0.78 * number) / most : 0}`,
      tabindex: "-1", "data-heat": number ? "1" : false,
      title: `${dayText(day, "long")} · ${note} · ${say("patrols")} ${number}`,
      "aria-label": `${dayText(day, "long")}, ${note}, ${say("patrols")} ${number}`,
      onclick: () => update({ day, patrol: -1, zone: -1, time: -1 }),
    });
    dayCells.push(cell);
    grid.append(cell);
  }
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const day = Math.min(D.days.length - 1, Math.max(0, state.day + step));
    update({ day, patrol: -1, zone: -1, time: -1 });
    dayCells[day].focus();
  });
  const names = make("div", { class: "weekdays" }, [0, 2, 4, 6].map((index) => {
    const day = new Date(Date.UTC(2024, 0, 1 + index));
    const text = new Intl.DateTimeFormat(locale(), { weekday: "narrow", timeZone: "UTC" }).format(day);
    return make("span", { style: `grid-row:${index + 1}` }, text);
  }));
  const scale = make("p", { class: "scale" }, say("less"),
    [0.25, 0.5, 0.75, 1].map((heat) => make("i", { style: `--heat:${heat}` })), say("more"));
  box.replaceChildren(make("div", { class: "scroller" }, names, make("div", {}, months, grid)), scale);
  markDay();
}

function markDay() {
  dayCells.forEach((cell, day) => {
    const chosen = day === state.day;
    cell.classList.toggle("chosen", chosen);
    cell.tabIndex = chosen ? 0 : -1;
    cell.classList.toggle("visit", state.zone >= 0 && visitsByZone[state.zone].some((patrol) => patrol.day === day));
  });
  const cell = dayCells[state.day], scroller = cell && cell.closest(".scroller");
  if (!scroller || scroller.scrollWidth <= scroller.clientWidth) return;
  const off = cell.getBoundingClientRect().left - scroller.getBoundingClientRect().left;
  if (off < 30 || off > scroller.clientWidth - 30) scroller.scrollLeft += off - scroller.clientWidth / 2;
}

function otherDay(step) {
  for (let day = state.day + step; day >= 0 && day < D.days.length; day += step) {
    if (patrolsOn(day).length) {
      update({ day, patrol: -1, zone: -1, time: -1 });
      return;
    }
  }
}

// ---- the player: the day at some twelve hundred times its speed
let playing = 0;
function playButton() {
  byId("play").textContent = playing ? "❚❚" : "▶";
  byId("play").setAttribute("aria-label", say(playing ? "pause" : "play"));
  byId("play").title = say(playing ? "pause" : "play");
}
function stop() {
  cancelAnimationFrame(playing);
  playing = 0;
  playButton();
}
function play() {
  if (playing) { stop(); return; }
  const today = patrolsOn(state.day).filter((patrol) => !patrol.sealed);
  if (!today.length) return;
  const begin = Math.min(...today.map((patrol) => patrol.depart));
  const end = Math.max(...today.map((patrol) => patrol.back));
  let time = state.time >= begin && state.time < end ? state.time : begin, last = performance.now();
  const step = (now) => {
    time += (now - last) * 1.2;
    last = now;
    setTime(Math.min(time, end));
    if (time >= end) stop();
    else playing = requestAnimationFrame(step);
  };
  playing = requestAnimationFrame(step);
  playButton();
}
function setTime(time) {
  state.time = time;
  byId("clock").value = String(time);
  byId("clock-text").textContent = clockText(time);
  drawOver();
}
