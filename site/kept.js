// What a reader typed, set and scored is there when they return, in the browser's own storage: an
// item for each box and control, under its page and a fingerprint of what it asks, so that what
// has changed since begins afresh, and nothing else. Where storage is forbidden, full or damaged,
// a page is as if never seen.

const attempt = (act) => {
  try {
    return act(window.localStorage);
  } catch {
    return undefined;
  }
};

const pageOf = (address) =>
  `from-log-to-a-minus-y ${new URL(address, location.href).pathname.replace(/\.html$/, "")} `;

function fingerprint(text) { // FNV-1a
  let sum = 2166136261;
  for (let k = 0; k < text.length; k += 1) sum = Math.imul(sum ^ text.charCodeAt(k), 16777619);
  return (sum >>> 0).toString(36);
}

const write = (key, value) => attempt((storage) => {
  const text = JSON.stringify(value);
  storage.setItem(key, `${fingerprint(text)} ${text}`);
});

// Nothing where nothing is kept, or where it is not what was written.
const read = (key) => attempt((storage) => {
  const [, sum, text] = /^(\w+) (.*)$/s.exec(storage.getItem(key));
  return sum === fingerprint(text) ? JSON.parse(text) : undefined;
});

const keysOf = (page) => attempt((storage) =>
  Object.keys(storage).filter((key) => key.startsWith(page))) ?? [];

const drop = (keys) => attempt((storage) => keys.forEach((key) => storage.removeItem(key)));

export const usable = () => attempt((storage) => storage.length) !== undefined;

export const forget = (address) => drop(keysOf(pageOf(address)));

// How many boxes of a page are right, of how many: nothing for one that was never opened.
export function score(address) {
  const page = pageOf(address);
  const count = read(`${page}boxes`);
  const right = keysOf(page).filter((key) => read(key)?.state === "right").length;
  return count && { right, count };
}

// The boxes and controls of the page that a model consists of, in their order.
function* partsOf(states, id) {
  const { state } = states[id] ?? { state: {} };
  const trait = ["kept", "index", "value"].find((name) => name in state);
  if (trait) yield { id, state, trait };
  for (const child of state.children ?? []) yield* partsOf(states, child.replace("IPY_MODEL_", ""));
}

// Put what is kept into the models' states, before they are made. Returns what keeps their changes.
export function restore(states, ids) {
  const page = pageOf(location.href);
  const parts = ids.flatMap((id) => [...partsOf(states, id)]);
  const keys = [`${page}boxes`];
  for (const part of parts) {
    const { content, description, _options_labels: options, min, max, step } = part.state;
    const asked = content ? { ...content, say: null } : [description, options, min, max, step];
    const print = page + fingerprint(JSON.stringify(asked));
    part.key = `${print} ${keys.filter((key) => key.startsWith(`${print} `)).length}`;
    keys.push(part.key);
    part.state[part.trait] = read(part.key) ?? part.state[part.trait];
  }
  drop(keysOf(page).filter((key) => !keys.includes(key)));
  write(keys[0], parts.filter(({ state }) => /^(black)?box$/.test(state.kind)).length);
  return (manager) => parts.forEach(async ({ id, trait, key }) => {
    const model = await manager.get_model(id);
    model.on(`change:${trait}`, () => write(key, model.get(trait)));
  });
}
