// Reads what the learner types or chooses and looks it up in tables that Python worked out
// (helpers/engine/boxes.py), and puts whole sentences one after the other.

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && name !== "role") node[name] = value;
    else node.setAttribute(name, value);
  }
  if (/input|button/.test(tag)) node.dataset.lmSuppressShortcuts = "true"; // not JupyterLab's keys
  node.append(...children);
  return node;
}

// A sign is not left alone at the end of a line.
const tie = (text) => text.replace(/ ([−=]) /g, "\u00a0$1\u00a0");

const tell = (node, sentences) =>
  node.replaceChildren(...sentences.map((sentence) => make("span", {}, tie(sentence))));

const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// A slider over 0 … max, and beside it in words where it stands.
function range(id, max, describe, changed) {
  const slider = make("input", { id, type: "range", min: 0, max });
  const value = make("span", { className: "value" });
  const moveTo = (place) => {
    slider.value = place;
    value.textContent = describe(slider.value);
    slider.setAttribute("aria-valuetext", value.textContent);
  };
  slider.oninput = changed;
  return { slider, value, moveTo };
}

const places = (ranges) => ranges.map(({ slider }) => Number(slider.value));

// What the learner did stays with the model, so that it is there again when JupyterLab draws the
// output anew, and when the notebook is saved and opened again. Every view of it follows.
function remember(model, news) {
  model.set("kept", { ...model.get("kept"), ...news });
  model.save_changes();
  model.widget_manager?.setDirty?.(); // JupyterLab: there is something to save
}

// ---- Answer box -----------------------------------------------------------------------------

const NUMBER = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const ANSWER = new RegExp(`^(${NUMBER})(?:/(${NUMBER})|(%))?$`);
const RAISED = /[\u00b2\u00b3\u00b9\u2070-\u209c]|\d\s*[\u00bc-\u00be\u2150-\u215e]/; // 2² is not 22
const FORMULA = /(?:^|[^a-z])(?:ln|lg|log|exp|sqrt)|√|[\p{L}\d)][*^×·+/]+-?[\d(\p{L}.]|[\d)]-[\d(]/iu;
const UNSEEN = /[ \t\n\r\u200b-\u200f\u061c\u2066-\u2069\ufeff]/g;
const SAME = { "。": ".", "٫": ".", "٪": "%", "⁄": "/", "∕": "/", "÷": "/" };

// A digit of any script. They stand ten and ten together, from 0 to 9.
function digit(char) {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(char.codePointAt(0) - before - 1))) before += 1;
  return before % 10;
}

// What was typed, as an English keyboard would have written it.
function plain(text) {
  return text.normalize("NFKC").replace(/\p{Nd}/gu, digit).replace(UNSEEN, "")
    .replace(/[。٫٪⁄∕÷]/g, (char) => SAME[char]).replace(/[\u2010-\u2015\u2212]+/g, "-")
    .replace(/^[=≈]/, "").replace(/^[负負]/, "-").replace(/(.)[.,;]$/, "$1");
}

function parse(text) {
  if ([...text].length > 40 || RAISED.test(text)) return null;
  text = plain(text);
  if (text.split(",").length === 2 && !text.includes(".")) text = text.replace(",", ".");
  const [, number, divisor, percent] = ANSWER.exec(text) ?? [];
  if (!number) return null;
  const value = Number(number) / (divisor ? Number(divisor) : percent ? 100 : 1);
  if (!Number.isFinite(value)) return null;
  const places = (number.split(".")[1] ?? "").length + (percent ? 2 : 0);
  return { value, decimals: divisor || /e/i.test(number) ? null : places, percent };
}

const cut = (text) => ([...text].length > 40 ? `${[...text].slice(0, 39).join("")}…` : text);

// Why a text is no number: what stands behind one that it begins with, or all of it.
function misread(say, text, example) {
  if (RAISED.test(text) || FORMULA.test(plain(text))) return fill(say.formula, { example });
  const rest = text.replace(/^[-+\d., ]*\d */, "");
  return fill(say.junk, { what: cut(/\p{L}/u.test(rest) ? rest : text), example });
}

// What an answer is, the sentences that say so, and the number of the slip that they name.
function judge(told, asked, texts, tries) {
  const { say, fields, digits } = told;
  const { right, exact, slips, hints, praise, given, example } = asked;
  const untried = (sentence) => ["not attempted", [sentence], null];
  const blank = fields.filter((_, k) => !texts[k].trim());
  if (blank.length === fields.length) return untried(fill(say.none, { example }));
  if (blank.length) return untried(fill(say.empty, { field: blank[0] }));
  const answers = texts.map(parse);
  const unread = answers.indexOf(null);
  if (unread >= 0) return untried(misread(say, texts[unread].trim(), example));
  if (!told.percent && answers.some(({ percent }) => percent)) return untried(fill(say.percent, { example }));
  const typed = texts.map((text) => text.trim()).join(", ");
  const wrong = (...sentences) => ["not yet", [say.wrong, ...sentences], null];
  // A billionth more, for a number that lies exactly between two roundings.
  const fits = (k, value, within) =>
    Math.abs(answers[k].value - value) <= within * 10 ** -digits * (1 + 1e-9);
  const near = (values, within) => values.every((value, k) => fits(k, value, within));
  if (near(right, 0.5)) return ["right", praise ? [say.right, praise] : [say.right], null];
  const slip = slips.findIndex(([values]) => near(values, 0.5));
  if (slip >= 0) return ["not yet", [say.wrong, fill(slips[slip][1], { typed })], slip];
  const outside = told.percent && answers.some(({ value }) => value < 0 || value > 1);
  if (outside) return wrong(fill(say.outside, { typed }));
  const coarse = ({ value, decimals }, k) => decimals && !given.includes(value)
    && Math.abs(value - exact[k]) <= 0.5 / 10 ** decimals;
  if (answers.every(coarse)) return wrong(fill(say.coarse, { typed, digits }));
  if (near(right, 2.5)) return wrong(say.close);
  const found = fields.filter((_, k) => fits(k, right[k], 0.5));
  const praised = found.map((field) => fill(say.fits, { field }));
  return wrong(...praised, hints[Math.min(tries, hints.length - 1)]);
}

// What a box keeps is described in boxes.py, at AnswerBox.
function box(model, told, id) {
  const sets = [told, ...told.more];
  const inputs = told.fields.map((_, k) =>
    make("input", { id: `${id}-${k}`, type: "text", autocomplete: "off", spellcheck: false }));
  const question = make("p", { className: "question", id });
  const reply = make("p", { className: "status", role: "status" });
  const labelled = inputs.map((input, k) => make("span", {},
    make("label", { htmlFor: input.id }, told.fields[k]), " ", input));
  const check = make("button", {}, told.say.button);
  const next = make("button", { type: "button" }, told.say.another);
  const form = make("form", { className: "practice", "aria-labelledby": id },
    question, make("div", { className: "row" }, ...labelled, check, next), reply);

  let typing = false;
  const show = () => {
    if (typing) return false;
    const { set = 0, answers = {}, draft } = model.get("kept");
    const { texts = [], state = "", said = [], open = false } = answers[set] ?? {};
    question.textContent = tie(sets[set].question);
    inputs.forEach((input, k) => { input.value = (draft ?? texts)[k] ?? ""; });
    form.dataset.state = state;
    next.hidden = !open || sets.length === 1;
    tell(reply, said);
  };
  form.oninput = () => { // nothing that is said here changes, so it is not said again
    typing = true;
    remember(model, { draft: inputs.map((input) => input.value) });
    typing = false;
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const texts = inputs.map((input) => input.value);
    const kept = model.get("kept");
    const { set = 0, answers = {}, tries: log = [] } = kept;
    const before = answers[set] ?? { tries: 0, open: false };
    const [state, said, slip] = judge(told, sets[set], texts, before.tries);
    const tries = before.tries + (state === "not yet");
    const open = before.open || state === "right" || tries >= told.patience;
    const one = { set, texts: texts.map((text) => [...text].slice(0, 40).join("")), state, slip };
    remember(model, {
      answers: { ...answers, [set]: { texts, state, said, tries, open } },
      state: kept.state === "right" ? "right" : state,
      tries: texts.some((text) => text.trim()) ? [...log.slice(0, 49), one] : log,
      draft: null,
    });
  };
  next.onclick = () => {
    remember(model, { set: ((model.get("kept").set ?? 0) + 1) % sets.length, draft: null });
    inputs[0].focus();
  };
  form.onkeydown = (event) => { // JupyterLab keeps the browser from doing this by itself
    if (event.key !== "Enter" || event.isComposing || event.target.type !== "text") return;
    event.preventDefault();
    form.requestSubmit(check);
  };
  return [form, show];
}

// ---- Black box ------------------------------------------------------------------------------

// What a black box keeps is described in boxes.py, at BlackBox.
function blackbox(model, told, id) {
  const { say, names, stops, table, fine } = told;
  const find = (input) => table[input.reduce((sum, place, k) => sum * stops[k].length + place, 0)];
  const kept = () =>
    ({ at: told.start, tried: [], state: "", said: [], count: 0, ...model.get("kept") });

  // What each button makes of what is kept.
  const attempt = ({ tried, state, count }) => {
    const at = places(inputs);
    const [says, truth] = find(at);
    const known = tried.some((one) => String(one.at) === String(at));
    if (known) return { said: [fill(say.again, { says, truth })] };
    const settled = state === "right";
    return {
      tried: [...tried, { at, call: settled ? "seen" : "" }],
      count: settled ? count : count + 1,
      said: [fill(settled ? say.seen : say.asks, { says, truth })],
    };
  };
  const judged = (call) => ({ tried, state, count }) => { // of what was just returned
    const { at } = tried.at(-1);
    const [says, truth, off] = find(at);
    const just = off === (call === "wrong");
    const reply = { right: off ? say.passed : say.agreed, wrong: off ? say.exposed : say.doubted };
    const said = [fill(reply[call], { says, truth, fine })];
    return {
      tried: [...tried.slice(0, -1), { at, call }],
      state: off ? "right" : just ? state : "not yet",
      count: count + (just ? 0 : fine),
      said: off ? [...said, told.clause, say.repair] : said,
    };
  };
  const declare = ({ count }) => (told.bug
    ? { state: "not yet", count: count + fine, said: [fill(say.bug, { fine }), told.hint] }
    : { state: "right", said: [say.sound, told.clause] });

  const button = (text, news) => make("button",
    { type: "button", onclick: () => remember(model, news(kept())) }, text);
  const inputs = stops.map((values, k) => range(`${id}-${k}`, values.length - 1,
    (place) => values[place], () => remember(model, { at: places(inputs) })));
  const rows = inputs.map(({ slider, value }, k) => make("div", { className: "row" },
    make("label", { htmlFor: slider.id }, `${names[k]} =`), slider, value));
  const [trial, sound] = [button(say.try, attempt), button(say.declare, declare)];
  const calls = ["right", "wrong"].map((call) => button(say[call], judged(call)));
  const [returned, tries, log] = [make("output"), make("span"), make("tbody")];
  const reply = make("p", { className: "status", role: "status" });
  const cells = (tag, texts) => make("tr", {}, ...texts.map((text) => make(tag, {}, text)));
  const heads = [...names, say.returned, say.called, say.truth];
  const root = make("div", { className: "practice", role: "group", "aria-labelledby": id },
    make("div", { className: "row" },
      make("span", { className: "question lamp", id }, told.title), tries),
    make("p", {}, tie(told.task)), ...rows, make("p", { className: "blank" }, say.paper),
    make("div", { className: "row" }, trial, sound),
    make("div", { className: "row" },
      make("span", { className: "window" }, `${say.returned} `, returned),
      make("span", { className: "row" }, ...calls)),
    reply, make("table", {}, make("thead", {}, cells("th", heads)), log));

  const show = () => {
    const { at, tried, state, said, count } = kept();
    const last = tried.at(-1);
    const waiting = last?.call === "";
    inputs.forEach(({ slider, moveTo }, k) => {
      moveTo(at[k]);
      slider.disabled = waiting;
    });
    trial.disabled = waiting;
    sound.disabled = waiting || state === "right";
    for (const one of calls) one.disabled = !waiting;
    root.dataset.state = state;
    returned.textContent = last ? find(last.at)[0] : "…";
    tries.textContent = fill(say.tries, { count });
    log.replaceChildren(...tried.slice(-8).map(({ at: input, call }) => {
      const [says, truth, off] = find(input);
      const spoken = call === "right" || call === "wrong";
      const known = [spoken ? say[call] : "", call ? truth : "?"];
      const row = cells("td", [...input.map((place, k) => stops[k][place]), says, ...known]);
      if (spoken && off) {
        row.className = "exposing";
        row.lastChild.append(make("span", { role: "img", "aria-label": say.mark }, " ◀"));
      }
      return row;
    }));
    tell(reply, said);
  };
  return [root, show];
}

// In the place of a black box whose code is another now: its lamp, and what it has cost.
function lamp(model, told) {
  const tries = make("p");
  const root = make("div", { className: "practice" },
    make("p", { className: "question lamp" }, told.title), tries);
  return [root, () => {
    const { state = "", count = 0 } = model.get("kept");
    root.dataset.state = state;
    tries.textContent = fill(told.say.tries, { count });
  }];
}

// What the black box had cost, and whether it was exposed, before its cell was run again.
function inherit(model) {
  const { key } = model.get("content");
  const same = [...model.widget_manager._modelsSync.values()].filter((one) =>
    key && one.get("content")?.key === key && one.get("content") !== model.get("content"));
  const { count = 0, state = "" } = same.at(-1)?.get("kept") ?? {};
  if (count) remember(model, { count, state: model.get("kept").state ?? state });
}

// ---- Progress -------------------------------------------------------------------------------

const VIEW = "application/vnd.jupyter.widget-view+json";

// The widgets of a notebook in JupyterLab, in their order: the heading above each, and its id.
function* widgetsInLab(notebook) {
  let heading = "";
  for (const { cell_type: kind, source, outputs = [] } of notebook.cells) {
    const found = kind === "markdown" ? [...source.matchAll(/^#+ +(.+)$/gm)] : [];
    heading = found.at(-1)?.[1] ?? heading;
    for (const { data } of outputs) if (data?.[VIEW]) yield [heading, data[VIEW].model_id];
  }
}

function* widgetsOnPage() {
  for (const place of document.querySelectorAll(`script[type="${VIEW}"]`)) {
    const heading = place.closest("section")?.querySelector("h1, h2, h3")?.firstChild;
    yield [heading?.textContent ?? "", JSON.parse(place.text).model_id, place.parentElement];
  }
}

// How many of a notebook's boxes are right, and the way to the others. Every box that is drawn or
// changes says "practice" to the page.
function progress(model, { say, kinds }) {
  const manager = model.widget_manager;
  const [words, links] = [make("span"), make("span")];
  const node = make("p", { className: "practice", role: "status" }, words, " ", links);
  const show = async () => {
    const notebook = manager.context?.model.toJSON();
    const found = [];
    for (const [heading, id, place] of notebook ? widgetsInLab(notebook) : widgetsOnPage()) {
      const one = manager.has_model(id) && await manager.get_model(id);
      if (!one || !kinds.includes(one.get("kind"))) continue;
      found.push({ name: one.get("content").title ?? heading, place, one, ...one.get("kept") });
    }
    const missing = found.filter(({ state }) => state !== "right");
    const count = found.length;
    const tries = found.reduce((sum, box) => sum + (box.count ?? 0), 0);
    const phrase = !count ? say.none : missing.length ? say.some : say.all;
    words.textContent = fill(phrase, { done: count - missing.length, count, tries });
    links.replaceChildren(...missing.map((box) => {
      const { name, place, one } = box;
      const alike = found.filter((other) => other.name === name);
      const told = alike.length > 1 ? `${name} (${alike.indexOf(box) + 1})` : name;
      const go = async () => {
        const view = await Object.values(one.views ?? {}).at(-1);
        const goal = view?.el ?? place;
        goal?.scrollIntoView({ block: "center" });
        goal?.querySelector("input")?.focus({ preventScroll: true });
      };
      return make("button", { type: "button", className: "link", onclick: go }, told.replace(/[$`*]/g, ""));
    }));
  };
  return [node, show];
}

// ---- Bets: costs come from Python's table, and are only added, divided and compared ---------

const three = (value) => (Number.isFinite(value) ? value.toFixed(3) : "∞");

function charge({ say, costs: tables, statements }, percents) {
  const costs = percents.map((percent, k) => tables[statements[k][1]][percent] ?? Infinity);
  const given = percents.map((percent, k) => (statements[k][1] ? percent : 100 - percent));
  const items = statements.map(([, truth, why], k) => [truth ? say.true : say.false,
    fill(say.item, { percent: percents[k], given: given[k], cost: three(costs[k]) }), why]);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const chance = tables[1][50];
  const order = Math.abs(mean - chance) < 0.0005 ? say.same : mean < chance ? say.better : say.worse;
  const worst = costs.indexOf(Math.max(...costs));
  const found = { mean: three(mean), chance: three(chance), cost: three(costs[worst]) };
  return [items, [say.mean, order, given[worst] < 50 ? say.worst : say.none].map((sentence) =>
    fill(sentence, { ...found, number: worst + 1 }))];
}

function bets(model, told, id) {
  const { say, statements } = told;
  const inputs = statements.map((_, k) => range(`${id}-${k}`, 100,
    (percent) => fill(say.slider, { percent }), () => remember(model, { percents: places(inputs) })));
  const replies = inputs.map(() => make("p"));
  const items = inputs.map(({ slider, value }, k) => make("li", {},
    make("label", { htmlFor: slider.id }, tie(statements[k][0])),
    make("div", { className: "row" }, slider, value, make("span", { className: "blank" }, say.paper)),
    replies[k]));
  const button = make("button", { type: "button" });
  const summary = make("p", { className: "status", role: "status" });
  const show = () => {
    const { percents = statements.map(() => 50), scored = false } = model.get("kept");
    const [lines, results] = scored ? charge(told, percents) : [[], []];
    inputs.forEach(({ slider, moveTo }, k) => {
      moveTo(percents[k]);
      slider.disabled = scored;
    });
    replies.forEach((reply, k) => tell(reply, lines[k] ?? []));
    tell(summary, results);
    button.textContent = scored ? say.again : say.score;
  };
  button.onclick = () => remember(model, { scored: !model.get("kept").scored });
  return [make("div", { className: "practice" }, make("ol", {}, ...items), button, summary), show];
}

// JupyterLab saves every widget that has a kernel, shown or not, and so loses what was saved, closed
// and opened again (jupyter-widgets/ipywidgets#3270). Here: those in the outputs, with their parts.
function saveShown(manager) {
  const save = manager.get_state_sync;
  manager.get_state_sync = (options) => {
    const awake = ([id, one]) => [id, Object.create(one, { comm_live: { value: true } })];
    const all = save.call({ _modelsSync: new Map([...manager._modelsSync].map(awake)) }, options);
    const state = {};
    const add = (part) => JSON.stringify(part).match(/[0-9a-f]{32}/g)?.forEach((id) => {
      if (id in all.state && !(id in state)) add(state[id] = all.state[id]);
    });
    add(manager.context.model.toJSON().cells);
    return { ...all, state };
  };
}

// With jupyter-collaboration the server saves the notebook, without the widgets' state, because
// nothing is said to JupyterLab's manager. Here: it is asked to write that into the notebook, three
// seconds after something was done.
function saveTogether(manager) {
  const setDirty = manager.setDirty;
  let soon = null;
  manager.setDirty = () => {
    setDirty.call(manager);
    soon ??= setTimeout(() => {
      soon = null;
      if (!manager.isDisposed) manager._saveState();
    }, 3000);
  };
}

function initialize({ model }) {
  const manager = model.widget_manager;
  if (!manager?._modelsSync) return; // not in JupyterLab
  const together = manager.context.model.collaborative;
  if (!Object.hasOwn(manager, "get_state_sync")) {
    saveShown(manager);
    if (together) saveTogether(manager);
  }
  if (together) manager.setDirty();
  inherit(model);
}

export default {
  initialize,
  render({ model, el }) {
    const kind = model.get("kind");
    // JupyterLab loads this file anew for each widget: a counter would give all the same id.
    const id = `practice-${Math.random().toString(36).slice(2)}`;
    const [node, show] = { box, blackbox, lamp, bets, progress }[kind](model, model.get("content"), id);
    el.append(node);
    if (kind === "progress") {
      let soon = 0;
      const later = () => { soon ||= setTimeout(() => { soon = 0; show(); }); };
      later();
      document.addEventListener("practice", later);
      return () => document.removeEventListener("practice", later);
    }
    const changed = () => {
      if (show() !== false) document.dispatchEvent(new Event("practice"));
    };
    changed();
    model.on("change:kept", changed);
    return () => model.off("change:kept", changed);
  },
};
