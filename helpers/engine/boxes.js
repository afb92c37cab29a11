// Reads what the learner types or chooses and looks it up in tables that Python worked out
// (helpers/engine/boxes.py). The replies are decided there in the same way, by `judge`.

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
  return { value, decimals: exact ? null : places };
}

function judge(told, texts, tries) {
  const { phrases: say, unit, fields, shown, exact, slips, hints, bounds } = told;
  if (!texts.some((text) => text.trim())) return ["not attempted", say.empty];
  const answers = texts.map(parse);
  if (answers.includes(null)) return ["not attempted", say.junk];
  const typed = texts.map((text) => text.trim()).join(", ");

  const fits = (k, value, within) =>
    Math.abs(answers[k].value - value) <= within * unit * (1 + 1e-9);
  const near = (values, within) => values.every((value, k) => fits(k, value, within));

  if (near(shown, 0.5)) return ["right", fill(say.right, told).trim()];
  const slip = slips.find(([values]) => near(values, 0.5));
  if (slip) return ["not yet", fill(say.slip, { typed, slip: slip[1] })];
  const coarse = ({ value, decimals }, k) =>
    decimals && Math.abs(value - exact[k]) <= 0.5 / 10 ** decimals;
  if (answers.every(coarse)) return ["not yet", fill(say.coarse, { ...told, typed })];
  if (near(shown, 2.5)) return ["not yet", say.close];
  const place = ({ value }, k) => {
    if (fits(k, shown[k], 0.5)) return fill(say.fits, { field: fields[k] });
    const bound = bounds.find((reach) => Math.abs(value - exact[k]) < reach);
    const reach = fill(bound ? say.less : say.more, { bound: bound ?? bounds.at(-1) });
    const off = value > exact[k] ? say.large : say.small;
    const words = fill(off, { typed: texts[k].trim(), bound: reach });
    return fields.length === 1 ? words : `${fields[k]}: ${words}`;
  };
  const hint = hints[Math.min(tries, hints.length - 1)];
  return ["not yet", fill(say.far, { places: answers.map(place).join(" "), hint })];
}

function box(model, told, id) {
  const inputs = told.fields.map((_, k) =>
    make("input", { id: `${id}-${k}`, type: "text", autocomplete: "off", spellcheck: false }));
  const labels = told.fields.map((field, k) => make("label", { htmlFor: `${id}-${k}` }, field));
  const reply = make("p", { className: "status", role: "status" });
  const row = make("div", { className: "row" },
    ...inputs.map((input, k) => make("span", {}, labels[k], " ", input)),
    make("button", { type: "submit" }, told.phrases.button));
  const form = make("form", { className: "practice", "aria-labelledby": id },
    make("p", { className: "question", id }, tie(told.question)), row, reply);

  const show = ({ texts, state, words }) => {
    inputs.forEach((input, k) => { input.value = texts[k]; });
    form.dataset.state = state;
    reply.textContent = tie(words);
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    const texts = inputs.map((input) => input.value);
    const { tries = 0 } = model.get("kept");
    const [state, words] = judge(told, texts, tries);
    keep(model, { texts, state, words, tries: tries + (state === "not yet") });
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

// ---- Be the model ---------------------------------------------------------------------------
// Losses come from Python's table; here they are only added and divided, and exp(-mean) is taken.

const three = (value) => (Number.isFinite(value) ? value.toFixed(3) : "∞");

function score(told, percents) {
  const { phrases: say, losses: tables, statements } = told;
  const losses = percents.map((percent, k) => tables[statements[k][1]][percent] ?? Infinity);
  const given = percents.map((percent, k) => told.given[statements[k][1]][percent]);
  const items = statements.map(([, truth, why], k) => fill(say.item,
    { truth: truth ? say.true : say.false, given: given[k], loss: three(losses[k]), why }));
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const chance = tables[1][50];
  const worst = losses.indexOf(Math.max(...losses));
  const order = Math.abs(mean - chance) < 0.0005 ? say.same : mean < chance ? say.better : say.worse;
  return [items, [
    fill(say.mean, { mean: three(mean), typical: three(Math.exp(-mean)) }),
    fill(order, { chance: three(chance) }),
    fill(given[worst] < 50 ? say.worst : say.none,
      { number: worst + 1, loss: three(losses[worst]) }),
  ]];
}

function game(model, told, id) {
  const say = told.phrases;
  const { percents = told.statements.map(() => 50), scored = false } = model.get("kept");
  const sliders = told.statements.map((_, k) =>
    make("input", { id: `${id}-${k}`, type: "range", min: 0, max: 100, value: percents[k] }));
  const replies = sliders.map(() => make("p"));
  const items = sliders.map((slider, k) => {
    const value = make("span", { className: "value" });
    slider.oninput = () => {
      value.textContent = fill(say.slider, { percent: slider.value });
      slider.setAttribute("aria-valuetext", value.textContent);
      keep(model, { percents: sliders.map((one) => Number(one.value)) });
    };
    slider.oninput();
    return make("li", {},
      make("label", { htmlFor: slider.id }, tie(told.statements[k][0])),
      make("div", { className: "row" }, slider, value, make("span", { className: "blank" }, say.paper)),
      replies[k]);
  });
  const button = make("button", { type: "button" });
  const summary = make("div", { className: "status", role: "status" });
  const show = (done) => {
    const [lines, results] = done ? score(told, model.get("kept").percents) : [[], []];
    sliders.forEach((slider) => { slider.disabled = done; });
    replies.forEach((reply, k) => { reply.textContent = tie(lines[k] ?? ""); });
    summary.replaceChildren(...results.map((line) => make("p", {}, tie(line))));
    button.textContent = done ? say.again : say.score;
  };
  button.onclick = () => {
    keep(model, { scored: !model.get("kept").scored });
    show(model.get("kept").scored);
  };
  show(scored);
  return make("div", { className: "practice" }, make("ol", {}, ...items), button, summary);
}

// What the learner did stays with the model, in the browser only, so that it is there again
// when JupyterLab draws the output anew.
const keep = (model, news) => model.set("kept", { ...model.get("kept"), ...news });

function render({ model, el }) {
  const kinds = { box, exhibit, game };
  const root = kinds[model.get("kind")](model, model.get("content"), newId());
  for (const node of root.querySelectorAll("input, button, [tabindex]")) {
    node.setAttribute("data-lm-suppress-shortcuts", "true"); // its keys are not JupyterLab's
  }
  el.append(root);
}

export default { render };
