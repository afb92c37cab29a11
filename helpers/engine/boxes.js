// Reads what the learner types or chooses and looks it up in tables that Python worked out
// (helpers/engine/boxes.py), and puts whole sentences one after the other.

// JupyterLab loads this file anew for each widget: a counter here would give every one the same ids.
const newId = () => `practice-${Math.random().toString(36).slice(2)}`;

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node && name !== "role") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// A sign is not left alone at the end of a line.
const tie = (text) => text.replace(/ ([−=]) /g, "\u00a0$1\u00a0");

const tell = (node, sentences) =>
  node.replaceChildren(...sentences.map((sentence) => make("span", {}, tie(sentence))));

const fill = (phrase, values) => phrase.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// ---- Answer box -----------------------------------------------------------------------------

const NUMBER = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const ANSWER = new RegExp(`^(${NUMBER})(?:/(${NUMBER})|(%))?$`);

function parse(text) {
  if ([...text].length > 40) return null;
  text = text.normalize("NFKC").replace(/[ \t\n\r]/g, "");
  text = text.replace(/[\u2212\u2013]/g, "-").replace(/\u2044/g, "/");
  if (text.split(",").length === 2 && !text.includes(".")) text = text.replace(",", ".");
  const found = ANSWER.exec(text);
  if (!found) return null;
  const [, number, divisor, percent] = found;
  const value = Number(number) / (divisor ? Number(divisor) : percent ? 100 : 1);
  if (!Number.isFinite(value)) return null;
  const exact = divisor || /e/i.test(number);
  const places = (number.split(".")[1] ?? "").length + (percent ? 2 : 0);
  return { value, decimals: exact ? null : places, percent };
}

// What an answer is, and the sentences that say so.
function judge(told, texts, tries) {
  const { say, fields, right, exact, digits, slips, hints, praise } = told;
  const empty = texts.findIndex((text) => !text.trim());
  if (empty >= 0) {
    const all = !texts.some((text) => text.trim());
    return ["not attempted", [all ? say.none : fill(say.empty, { field: fields[empty] })]];
  }
  const answers = texts.map(parse);
  if (answers.includes(null)) return ["not attempted", [say.junk]];
  if (!told.percent && answers.some(({ percent }) => percent)) return ["not attempted", [say.percent]];
  const typed = texts.map((text) => text.trim()).join(", ");
  const wrong = (...sentences) => ["not yet", [say.wrong, ...sentences]];

  // A billionth more, for a number that lies exactly between two roundings.
  const fits = (k, value, within) =>
    Math.abs(answers[k].value - value) <= within * 10 ** -digits * (1 + 1e-9);
  const near = (values, within) => values.every((value, k) => fits(k, value, within));

  if (near(right, 0.5)) return ["right", praise ? [say.right, praise] : [say.right]];
  const slip = slips.find(([values]) => near(values, 0.5));
  if (slip) return wrong(fill(slip[1], { typed }));
  const coarse = ({ value, decimals }, k) =>
    decimals && Math.abs(value - exact[k]) <= 0.5 / 10 ** decimals;
  if (answers.every(coarse)) return wrong(fill(say.coarse, { typed }));
  if (near(right, 2.5)) return wrong(say.close);
  const found = fields.filter((_, k) => fits(k, right[k], 0.5));
  const hint = hints[Math.min(tries, hints.length - 1)];
  return wrong(...found.map((field) => fill(say.fits, { field })), hint);
}

function box(model, told, id) {
  const inputs = told.fields.map((_, k) =>
    make("input", { id: `${id}-${k}`, type: "text", autocomplete: "off", spellcheck: false }));
  const labels = told.fields.map((field, k) => make("label", { htmlFor: `${id}-${k}` }, field));
  const reply = make("p", { className: "status", role: "status" });
  const row = make("div", { className: "row" },
    ...inputs.map((input, k) => make("span", {}, labels[k], " ", input)),
    make("button", { type: "submit" }, told.say.button));
  const form = make("form", { className: "practice", "aria-labelledby": id },
    make("p", { className: "question", id }, tie(told.question)), row, reply);

  const show = ({ texts, state, said }) => {
    inputs.forEach((input, k) => { input.value = texts[k]; });
    form.dataset.state = state;
    tell(reply, said);
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const texts = inputs.map((input) => input.value);
    const { tries = 0 } = model.get("kept");
    const [state, said] = judge(told, texts, tries);
    keep(model, { texts, state, said, tries: tries + (state === "not yet") });
    show(model.get("kept"));
  };
  form.onkeydown = (event) => { // JupyterLab keeps the browser from doing this by itself
    if (event.key !== "Enter" || event.isComposing || event.target.type !== "text") return;
    event.preventDefault();
    form.requestSubmit();
  };
  if (model.get("kept").texts) show(model.get("kept"));
  return form;
}

// ---- Exhibit --------------------------------------------------------------------------------

function exhibit(model, told, id) {
  const say = told.phrases;
  const { at = told.start } = model.get("kept");
  const sliders = told.stops.map((stops, k) =>
    make("input", { id: `${id}-${k}`, type: "range", min: 0, max: stops.length - 1, value: at[k] }));
  const values = told.stops.map((_, k) => make("span", { className: "value" }));
  const chosen = (k) => told.stops[k][sliders[k].value];
  const rows = sliders.map((slider, k) => {
    slider.oninput = () => {
      values[k].textContent = chosen(k);
      slider.setAttribute("aria-valuetext", `${told.names[k]} = ${chosen(k)}`);
      keep(model, { at: sliders.map((one) => Number(one.value)) });
    };
    slider.oninput();
    const label = make("label", { htmlFor: slider.id }, `${told.names[k]} =`);
    return make("div", { className: "row" }, label, slider, values[k]);
  });
  const attempt = make("button", { type: "button" }, say.try);
  const declare = make("button", { type: "button" }, say.declare);
  const reply = make("p", { className: "status", role: "status" });
  const root = make("div", { className: "practice", role: "group", "aria-labelledby": id },
    make("pre", { id, tabIndex: 0 }, make("code", {}, told.code)), ...rows,
    make("p", { className: "blank" }, say.paper),
    make("div", { className: "row" }, attempt, declare), reply);

  const show = ({ state, words }) => {
    root.dataset.state = state;
    reply.textContent = tie(words);
  };
  const answer = (state, words) => {
    keep(model, { state, words });
    show(model.get("kept"));
  };
  attempt.onclick = () => {
    const place = sliders.reduce((sum, { value }, k) =>
      sum * told.stops[k].length + Number(value), 0);
    const [says, right, exposed] = told.table[place];
    const input = told.names.map((name, k) => `${name} = ${chosen(k)}`).join(", ");
    const found = { input, says, right, source: told.source };
    answer(exposed ? "right" : "not yet", fill(exposed ? say.exposed : say.hidden, found));
  };
  declare.onclick = () => {
    if (told.bug) answer("not yet", fill(say.bug, told).trim());
    else answer("right", fill(say.sound, { count: told.table.length, source: told.source }));
  };
  if (model.get("kept").words) show(model.get("kept"));
  return root;
}

// ---- Bets -----------------------------------------------------------------------------------
// Costs come from Python's table; here they are only added, divided and compared.

const three = (value) => (Number.isFinite(value) ? value.toFixed(3) : "∞");

function score({ say, costs: tables, statements }, percents) {
  const costs = percents.map((percent, k) => tables[statements[k][1]][percent] ?? Infinity);
  const given = percents.map((percent, k) => (statements[k][1] ? percent : 100 - percent));
  const items = statements.map(([, truth, why], k) => [truth ? say.true : say.false,
    fill(say.item, { percent: percents[k], given: given[k], cost: three(costs[k]) }), why]);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const chance = tables[1][50];
  const order = Math.abs(mean - chance) < 0.0005 ? say.same : mean < chance ? say.better : say.worse;
  const worst = costs.indexOf(Math.max(...costs));
  const mistake = fill(say.worst, { number: worst + 1, cost: three(costs[worst]) });
  return [items, [fill(say.mean, { mean: three(mean) }), fill(order, { chance: three(chance) }),
    given[worst] < 50 ? mistake : say.none]];
}

function bets(model, told, id) {
  const say = told.say;
  const { percents = told.statements.map(() => 50), scored = false } = model.get("kept");
  const sliders = told.statements.map((_, k) =>
    make("input", { id: `${id}-${k}`, type: "range", min: 0, max: 100, value: percents[k] }));
  const replies = sliders.map(() => make("p"));
  const items = sliders.map((slider, k) => {
    const value = make("span", { className: "value" });
    const write = () => {
      value.textContent = fill(say.slider, { percent: slider.value });
      slider.setAttribute("aria-valuetext", value.textContent);
    };
    slider.oninput = () => {
      write();
      keep(model, { percents: sliders.map((one) => Number(one.value)) });
    };
    write();
    return make("li", {},
      make("label", { htmlFor: slider.id }, tie(told.statements[k][0])),
      make("div", { className: "row" }, slider, value, make("span", { className: "blank" }, say.paper)),
      replies[k]);
  });
  const button = make("button", { type: "button" });
  const summary = make("p", { className: "status", role: "status" });
  const show = (done) => {
    const [lines, results] = done ? score(told, sliders.map((one) => Number(one.value))) : [[], []];
    sliders.forEach((slider) => { slider.disabled = done; });
    replies.forEach((reply, k) => tell(reply, lines[k] ?? []));
    tell(summary, results);
    button.textContent = done ? say.again : say.score;
  };
  button.onclick = () => {
    keep(model, { scored: !model.get("kept").scored });
    show(model.get("kept").scored);
  };
  show(scored);
  return make("div", { className: "practice" }, make("ol", {}, ...items), button, summary);
}

// What the learner did stays with the model, so that it is there again when JupyterLab draws the
// output anew, and when the notebook is saved and opened again.
function keep(model, news) {
  model.set("kept", { ...model.get("kept"), ...news });
  model.save_changes();
}

function render({ model, el }) {
  const kinds = { box, exhibit, bets };
  const root = kinds[model.get("kind")](model, model.get("content"), newId());
  for (const node of root.querySelectorAll("input, button, [tabindex]")) {
    node.setAttribute("data-lm-suppress-shortcuts", "true"); // its keys are not JupyterLab's
  }
  el.append(root);
}

export default { render };
