// Shows what comes in and what goes out. All that it shows is untrusted, and is written as text:
// nothing here parses HTML.

const ROOT = "__mock__"; // relative, for applications that are mounted below a path
const LINES = 2000; // events or frames that are shown; more would slow the browser down
const LAST_ERRORS = 5;
const $ = (id) => document.getElementById(id);

const exchanges = new Map(); // number -> its summary
const rows = new Map(); // number -> its line in the list
let server = { api_key: null };
let dropped = 0;
let paused = false;
let held = []; // what came while paused
let opened = null; // what the details show

// Making elements.

function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child ?? false));
  return element;
}

function button(text, action, attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", () => action(made));
  return made;
}

function copyButton(text, label = "Copy") {
  return button(label, async (pressed) => {
    pressed.textContent = (await copied(text)) ? "Copied" : "Could not copy";
    setTimeout(() => { pressed.textContent = label; }, 1500);
  });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // only pages of this machine or with TLS have a clipboard
    const area = el("textarea", { readonly: true }, text);
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

function code(text, isJson) {
  const pre = el("pre", { tabindex: "0" });
  if (!isJson) {
    pre.textContent = text;
    return pre;
  }
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const token = match[1] ?? match[0];
    const kind = !match[1] ? "n" : match[2] ? "k" : "s";
    pre.append(text.slice(end, match.index), el("span", { class: kind }, token));
    end = match.index + token.length;
  }
  pre.append(text.slice(end));
  return pre;
}

// Words for values.

function duration(seconds) {
  if (seconds === null) return "";
  const milliseconds = seconds * 1000;
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${seconds.toFixed(2)} s`;
}

function time(seconds, exact = false) {
  const moment = new Date(seconds * 1000);
  const pad = (number, width) => String(number).padStart(width, "0");
  const parts = [moment.getHours(), moment.getMinutes(), moment.getSeconds()];
  const shown = parts.map((part) => pad(part, 2)).join(":");
  return exact ? `${shown}.${pad(moment.getMilliseconds(), 3)}` : shown;
}

function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 1048576 ? `${(size / 1024).toFixed(1)} KB` : `${(size / 1048576).toFixed(1)} MB`;
}

function outcome({ status, ended, problem }) {
  if (ended === null) return { text: status === 101 ? "open" : "···", tone: "running", words: "in progress" };
  if (ended === "client left") return { text: "left", tone: "warn", words: "the client left" };
  if (ended === "fault") return { text: "cut", tone: "warn", words: "broken off by a fault" };
  if (ended === "server error") return { text: "broken", tone: "bad", words: "broken off" };
  return { text: String(status ?? "–"), tone: problem ? "bad" : "good", words: problem ? "error" : "ok" };
}

function pill(exchange) {
  const { text, tone, words } = outcome(exchange);
  return el("span", { class: "pill", "data-tone": tone, title: words }, text);
}

const nameOf = ({ operation, method, path }) => operation ?? `${method} ${path}`;
const routeOf = ({ method, path }) => `${method === "WEBSOCKET" ? "WS" : method} ${path}`;

// The list.

function fillRow(exchange) {
  const { number, operation, model, excerpt, problem } = exchange;
  const shown = problem && problem.message ? problem.message : excerpt;
  let item = rows.get(number);
  if (!item) {
    item = el("li", {}, el("a", { class: "row", href: `#${number}` }));
    rows.set(number, item);
    $("list").prepend(item);
  }
  item.firstChild.replaceChildren(
    pill(exchange), el("strong", {}, operation ?? routeOf(exchange)),
    el("span", { class: "model" }, model ?? ""),
    el("span", { class: "number took" }, duration(exchange.duration)),
    el("span", { class: "number time" }, time(exchange.started)),
    el("span", { class: "about" }, el("span", { class: "route" }, operation ? routeOf(exchange) : ""), shown));
  item.hidden = !matches(exchange);
  if (opened?.number === number) item.firstChild.setAttribute("aria-current", "true");
}

const GROUPS = {
  "": { label: "Any status", accepts: () => true },
  running: { label: "In progress", accepts: ({ ended }) => ended === null },
  ok: { label: "Without error", accepts: ({ ended, problem }) => ended !== null && !problem },
  errors: { label: "With error", accepts: ({ problem }) => problem !== null },
};

function matches(exchange) {
  const status = $("status").value;
  const accepts = GROUPS[status]?.accepts ?? ((each) => String(each.status) === status);
  if (!accepts(exchange)) return false;
  if ($("operation").value && nameOf(exchange) !== $("operation").value) return false;
  const { number, method, path, operation, model, excerpt, problem } = exchange;
  const said = [`#${number}`, method, path, operation, model, excerpt, exchange.status,
    problem?.message, problem?.code, problem?.param].join("\n").toLowerCase();
  return $("text").value.toLowerCase().split(/\s+/).every((word) => said.includes(word));
}

function filter() {
  for (const [number, item] of rows) item.hidden = !matches(exchanges.get(number));
  count();
}

function count() {
  const shown = [...rows.values()].filter((item) => !item.hidden).length;
  const words = [`${shown} of ${rows.size} request${rows.size === 1 ? "" : "s"}`];
  if (dropped) words.push(`${dropped} older ones were dropped`);
  const failed = [...exchanges.values()].filter(({ problem }) => problem).length;
  $("errors").hidden = !failed;
  $("errors").textContent = `${failed} error${failed === 1 ? "" : "s"}`;
  $("count").textContent = rows.size ? words.join(" · ") : "";
  document.body.classList.toggle("empty", rows.size === 0);
}

// Keeps the choice of a select when its options change.
function choices(select, options) {
  const wanted = options.map(([value]) => value).join("\n");
  if (select.dataset.options === wanted) return;
  const value = select.value;
  select.dataset.options = wanted;
  select.replaceChildren(...options.map(([each, label]) => el("option", { value: each }, label)));
  select.value = options.some(([each]) => each === value) ? value : "";
}

function offerChoices() {
  const all = [...exchanges.values()];
  const statuses = [...new Set(all.map(({ status }) => status).filter(Boolean))].sort();
  const groups = Object.entries(GROUPS).map(([value, { label }]) => [value, label]);
  choices($("status"), [...groups, ...statuses.map((status) => [String(status), String(status)])]);
  const names = [...new Set(all.map(nameOf))].sort();
  choices($("operation"), [["", "Any operation"], ...names.map((name) => [name, name])]);
}

// What is new.

function listen() {
  const source = new EventSource(`${ROOT}/events`);
  source.addEventListener("open", () => tell());
  source.addEventListener("error", () => {
    tell("lost", "Connection lost; trying again…");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
  for (const name of ["server", "reset", "changes"]) {
    source.addEventListener(name, ({ data }) => receive(name, JSON.parse(data)));
  }
}

function receive(name, data) {
  if (paused) {
    held.push([name, data]);
    return tell();
  }
  if (name === "server") server = data;
  else if (name === "reset") forget([...rows.keys()]);
  else apply(data);
  if (name !== "changes" && !opened) overview();
}

function apply(changes) {
  for (const exchange of changes.exchanges) {
    exchanges.set(exchange.number, exchange);
    fillRow(exchange);
  }
  forget([...rows.keys()].filter((number) => number < changes.oldest));
  dropped = changes.dropped;
  offerChoices();
  count();
  if (opened) refresh();
  else overview();
}

function forget(numbers) {
  for (const number of numbers) {
    rows.get(number).remove();
    rows.delete(number);
    exchanges.delete(number);
  }
  if (!numbers.length) return;
  count();
  if (opened && !exchanges.has(opened.number)) location.hash = "";
}

function tell(state = paused ? "paused" : "live", text = paused ? pausedText() : "Live") {
  $("live").dataset.state = state;
  $("live").textContent = text;
}

function pausedText() {
  const numbers = held.flatMap(([, data]) => (data.exchanges ?? []).map(({ number }) => number));
  const fresh = new Set(numbers.filter((number) => !exchanges.has(number))).size;
  return fresh ? `Paused, ${fresh} new` : "Paused";
}

function pause() {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  $("pause").textContent = paused ? "Resume" : "Pause";
  tell();
  if (paused) return;
  const waiting = held;
  held = [];
  for (const [name, data] of waiting) receive(name, data);
}

// What is shown where no request is chosen.

function overview() {
  const failed = [...exchanges.values()].filter(({ problem }) => problem);
  failed.sort((one, other) => other.number - one.number);
  const last = failed.slice(0, LAST_ERRORS);
  const parts = [backButton()];
  if (!exchanges.size) parts.push(el("div", {}, el("h2", {}, "Nothing has come yet"),
    el("p", {}, "Point a client at this server, and its requests appear here while they happen.")));
  if (last.length) parts.push(el("section", { class: "sheet" },
    el("div", { class: "heading" }, el("h3", {}, "Last errors"),
      el("span", {}, `${failed.length} of ${exchanges.size} requests`)),
    el("ol", { class: "errors" }, ...last.map(errorItem))));
  $("detail").replaceChildren(...parts, howTo());
}

function errorItem(exchange) {
  return el("li", {},
    el("div", { class: "heading" },
      el("a", { href: `#${exchange.number}` }, `#${exchange.number} ${nameOf(exchange)}`),
      el("span", {}, `${exchange.status ?? "no answer"} · ${time(exchange.started)}`)),
    problemBox(exchange));
}

function howTo() {
  const base = new URL("v1", document.baseURI).href;
  const key = server.api_key ?? "…";
  const variables = `export OPENAI_BASE_URL=${base}\nexport OPENAI_API_KEY=${key}`;
  const python = 'from openai import OpenAI\n\nclient = OpenAI()\n'
    + 'print(client.responses.create(model="gpt-5.5", input="Hello").output_text)';
  return el("section", { class: "sheet" },
    el("h3", {}, "Point a client here"),
    el("p", {}, "Clients take the base URL and the key from these variables, or as ",
      el("code", {}, "base_url"), " and ", el("code", {}, "api_key"), "."),
    el("div", { class: "with-copy" }, code(variables), copyButton(variables)),
    server.api_key ? null : el("p", { class: "note" },
      "OPENAI_API_KEY is the key that this server was started with; it is not shown here."),
    el("div", { class: "with-copy" }, code(python), copyButton(python)));
}

// The details.

function choose() {
  const number = Number(location.hash.slice(1)) || 0;
  document.body.dataset.view = location.hash.length > 1 ? "detail" : "list";
  for (const [each, item] of rows) {
    if (each === number) item.firstChild.setAttribute("aria-current", "true");
    else item.firstChild.removeAttribute("aria-current");
  }
  if (!number) {
    opened = null;
    return overview();
  }
  opened = { number, revision: 0, have: 0, texts: new Map(), busy: false, parts: null };
  $("detail").scrollTop = 0;
  load(opened);
}

function refresh() {
  const summary = exchanges.get(opened.number);
  if (summary && summary.revision > opened.revision) load(opened);
}

async function load(view) {
  if (view.busy) return; // it looks again before it is done
  view.busy = true;
  let more = true;
  while (more && view === opened) more = await loadOnce(view);
  view.busy = false;
}

// Gives whether there is more to load.
async function loadOnce(view) {
  let data;
  try {
    const answer = await fetch(`${ROOT}/requests/${view.number}?start=${view.have}`);
    data = answer.ok ? await answer.json() : null;
  } catch {
    return false; // the feed tells that the connection is lost, and what is new when it is back
  }
  if (view !== opened) return false;
  if (!data) return gone(view.number);
  show(view, data);
  return data.more || (exchanges.get(view.number)?.revision ?? 0) > view.revision;
}

function gone(number) {
  $("detail").replaceChildren(backButton(), el("h2", {}, `Request ${number}`),
    el("p", {}, "It is not in the journal, or not any more."));
  return false;
}

function show(view, data) {
  const pane = $("detail");
  const atEnd = pane.scrollTop > 0 && pane.scrollTop + pane.clientHeight >= pane.scrollHeight - 24;
  view.revision = data.revision;
  if (data.request) {
    view.texts.clear();
    view.parts = { head: el("div", { class: "stack" }), lines: el("ol", { class: "lines" }),
      skipped: note(""), total: el("span"), close: note(""), texts: el("div", { class: "stack" }) };
  }
  view.parts.head.replaceChildren(...head(data));
  addLines(view, data);
  view.parts.close.textContent = data.close ? closeWords(data.close) : "";
  if (data.request) {
    pane.replaceChildren(backButton(), view.parts.head, requestSheet(data), responseSheet(view, data));
  }
  if (atEnd && view.have) pane.scrollTop = pane.scrollHeight;
}

function backButton() {
  return button("← All requests", () => { location.hash = ""; }, { id: "back" });
}

function head(data) {
  const facts = [["Model", data.model], ["Came at", time(data.started, true)],
    ["Took", duration(data.duration) || "still going on"], ["Ended", data.ended && ENDED[data.ended]]];
  return [
    el("div", { class: "title" },
      el("div", {}, el("h2", {}, data.operation ?? routeOf(data)),
        el("p", { class: "route" }, `#${data.number} ${routeOf(data)}`)),
      pill(data)),
    el("dl", { class: "facts" }, ...facts.filter(([, value]) => value).map(([name, value]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    ...(data.problem ? [problemBox(data)] : []),
  ];
}

const ENDED = {
  complete: "complete", "client left": "the client left", fault: "broken off by a fault",
  "server error": "broken off by the server",
};

function problemBox({ problem, ended }) {
  const chips = [["Parameter", problem.param], ["Code", problem.code]].filter(([, value]) => value);
  return el("div", { class: "problem", "data-tone": ["client left", "fault"].includes(ended) ? "warn" : "bad" },
    el("p", { class: "message" }, problem.message),
    chips.length ? el("p", { class: "chips" }, ...chips.map(([name, value]) =>
      el("span", {}, `${name} `, el("code", {}, value)))) : null,
    el("p", {}, el("b", {}, "What to do: "), problem.remedy));
}

function sheet(title, ...rest) {
  return el("section", { class: "sheet" }, el("div", { class: "heading" }, el("h3", {}, title), ...rest));
}

function requestSheet({ number, request }) {
  const made = sheet("Request", request.body && rawLink(number, "request", request.body),
    request.curl && copyButton(request.curl, "Copy as curl"));
  if (request.query.length) made.append(table("Query", request.query, true));
  made.append(table("Headers", request.headers));
  if (request.body) made.append(body(request.body));
  if (!request.read) made.append(note("The server answered without reading the body to its end."));
  return made;
}

function responseSheet(view, data) {
  const { response, number } = data;
  const framed = data.method === "WEBSOCKET";
  if (!response) return sheet("Response", el("span", {}, data.ended ? "none" : "not yet"));
  const streamed = view.have > 0;
  const made = sheet(framed ? "WebSocket" : "Response",
    (response.body || (streamed && !framed)) && rawLink(number, "response", response.body));
  made.append(table("Headers", response.headers));
  if (response.body) made.append(body(response.body));
  if (framed) made.append(view.parts.close);
  if (streamed) {
    const { texts, total, skipped, lines } = view.parts;
    lines.classList.toggle("framed", framed);
    const heading = el("div", { class: "heading" }, el("h4", {}, framed ? "Frames" : "Events"), total);
    made.append(texts, heading, skipped, lines);
  }
  return made;
}

const note = (text) => el("p", { class: "note" }, text);
const closeWords = ({ code: number, reason, by }) =>
  `Closed by the ${by} with code ${number}${reason ? `: ${reason}` : ""}.`;

function rawLink(number, part, shown) {
  return el("span", {}, shown ? `${bytes(shown.size)} ` : "",
    el("a", { href: `${ROOT}/requests/${number}/${part}`, target: "_blank", rel: "noreferrer" }, "raw"));
}

function table(title, pairs, open = false) {
  return el("details", { open }, el("summary", {}, `${title} (${pairs.length})`),
    el("table", {}, ...pairs.map(([name, value]) =>
      el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, value)))));
}

function body(shown) {
  const made = el("div", { class: "parts" });
  if (shown.kind === "form") made.append(...shown.parts.map(formPart));
  else made.append(textOf(shown));
  if (shown.cut) made.append(note(`${shown.cut} more characters are left out here; raw has them.`));
  if (shown.dropped) made.append(note(`${bytes(shown.dropped)} more were not kept by the journal.`));
  return made;
}

function textOf({ kind, text, size }) {
  return kind === "binary" ? note(`${bytes(size)} that are no text`) : code(text, kind === "json");
}

function formPart(part) {
  const about = [part.filename, part.type, part.filename && bytes(part.size)].filter(Boolean).join(" · ");
  return el("div", {}, el("div", { class: "heading" }, el("h4", {}, part.name ?? ""), el("span", {}, about)),
    textOf(part));
}

// Events and frames, one a line.

function addLines(view, data) {
  const fresh = [...data.events.map(eventLine), ...data.frames.map(frameLine)];
  if (!fresh.length) return;
  view.have = data.first + fresh.length;
  for (const each of [...data.events.map((event) => event.data), ...data.frames.map(textOut)]) {
    if (each) assemble(view, each);
  }
  const { lines, skipped, total } = view.parts;
  lines.append(...fresh);
  while (lines.childElementCount > LINES) lines.firstChild.remove();
  const missing = view.have - lines.childElementCount;
  skipped.textContent = missing > 0 ? `${missing} earlier ones are left out here.` : "";
  total.textContent = String(view.have);
}

const textOut = ({ direction, text }) => (direction === "out" ? text : null);

function line(at, cells, data) {
  const made = el("details", {}, el("summary", {}, el("span", { class: "at number" }, duration(at)), ...cells));
  made.addEventListener("toggle", () => { // laid out only when it is looked at
    if (made.childElementCount === 1) made.append(laidOut(data));
  });
  return el("li", {}, made);
}

function laidOut(data) {
  const parsed = parse(data);
  return parsed === undefined ? code(data) : code(JSON.stringify(parsed, null, 2), true);
}

function eventLine({ at, name, data }) {
  const kind = name ?? parse(data)?.object ?? "";
  return line(at, [el("span", {}, kind), el("span", { class: "data" }, data)], data);
}

function frameLine({ at, direction, text, size }) {
  const data = text ?? `${bytes(size)} that are no text`;
  const way = el("span", { class: "way", "data-way": direction, title: direction === "in" ? "from the client" : "to the client" },
    direction === "in" ? "→ in" : "← out");
  return line(at, [way, el("span", {}, parse(data)?.type ?? ""), el("span", { class: "data" }, data)], data);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The text that a stream says, put together: one block for each thing that grows.

function assemble(view, data) {
  const event = parse(data);
  if (!event || typeof event !== "object") return;
  for (const [key, label, text] of pieces(event)) {
    let block = view.texts.get(key);
    if (!block) {
      block = el("pre", { class: "prose", tabindex: "0" }, "");
      view.texts.set(key, block);
      view.parts.texts.append(el("h4", {}, label), block);
    }
    block.append(text);
    block.normalize();
  }
}

function* pieces(event) {
  const kind = String(event.type ?? "");
  if (typeof event.delta === "string" && kind.endsWith(".delta") && !kind.endsWith("audio.delta")) {
    const label = kind.replace(/^response\.|\.delta$/g, "").replaceAll(/[_.]/g, " ");
    yield [`${kind} ${event.item_id ?? event.output_index ?? ""}`, label, event.delta];
  }
  for (const choice of Array.isArray(event.choices) ? event.choices : []) {
    const { delta = {}, index = 0 } = choice ?? {};
    for (const name of ["reasoning_content", "content", "refusal"]) {
      if (delta?.[name]) yield [`${name} ${index}`, name.replace("_", " "), String(delta[name])];
    }
    for (const call of Array.isArray(delta?.tool_calls) ? delta.tool_calls : []) {
      const { name = "", arguments: text = "" } = call?.function ?? {};
      yield [`call ${index} ${call?.index}`, "tool call", name ? `${name} ${text}` : String(text)];
    }
    if (typeof choice?.text === "string") yield [`text ${index}`, "text", choice.text];
  }
}

// Keys and buttons.

function keys(event) {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing) {
    event.preventDefault();
    $("text").focus();
  } else if (event.key === "Escape" && !typing && opened) {
    const row = rows.get(opened.number)?.firstChild;
    location.hash = "";
    row?.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest("#list, #text")) {
    const shown = [...$("list").children].filter((item) => !item.hidden).map((item) => item.firstChild);
    const next = shown[shown.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    (next ?? $("text")).focus();
  }
}

$("pause").addEventListener("click", pause);
$("clear").addEventListener("click", () => fetch(`${ROOT}/requests`, { method: "DELETE" }));
$("filters").addEventListener("submit", (event) => event.preventDefault());
for (const id of ["text", "status", "operation"]) $(id).addEventListener("input", filter);
document.addEventListener("keydown", keys);
window.addEventListener("hashchange", () => {
  choose();
  if (opened) $("detail").focus({ preventScroll: true });
});
offerChoices();
count();
choose();
listen();
