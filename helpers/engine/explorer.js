// Moves the parts of a picture by looking up frames that Python recorded (explorer.py).
// Every number shown here was computed there.

// “∂L/∂a = −1.667” is not broken over two lines.
const WHOLE = /([^\s，。；：]+ [=≈] [^\s，。；：]+[，。；：]?)/;
function unbroken(text) {
  const span = document.createElement("span");
  span.textContent = text;
  span.style.whiteSpace = "nowrap";
  return span;
}

async function render({ model, el }) {
  const packed = new Blob([model.get("frames")]).stream();
  const unpacked = new Response(packed.pipeThrough(new DecompressionStream("deflate")));
  const { traits, stops, sentence, slots, handle } = await unpacked.json();
  const references = model.get("controls").map((name) => name.replace("IPY_MODEL_", ""));
  const controls = await Promise.all(references.map((id) => model.widget_manager.get_model(id)));

  const read = ([strides, texts], at) =>
    texts[strides.reduce((sum, stride, axis) => sum + stride * at[axis], 0)];
  const nearest = (distances) => distances.indexOf(Math.min(...distances));
  const present = () => controls.map((control, axis) =>
    nearest(stops[axis].map((stop) => Math.abs(stop - control.get(traits[axis])))));

  // Ids are made different in each view: a cell may be run twice, an output shown twice.
  const mine = `explorer${Math.random().toString(36).slice(2)}-`;
  const drawing = model.get("svg").replace(/(\bid="|url\(#|href="#)/g, `$1${mine}`);
  el.innerHTML = `${drawing}<p role="status"></p>`;
  const [svg, words] = el.children;
  const nodeOf = (number) => svg.querySelector(`[data-node="${number}"]`);
  const parts = slots.map(([number, attribute, text]) => [nodeOf(number), attribute, text]);

  // The point can be dragged: the candidates are its places in the frames along one control.
  if (handle) {
    const [axis, across, up] = handle;
    svg.insertAdjacentHTML("beforeend", '<circle class="grip" r="15" />');
    const grip = svg.lastElementChild;
    parts.push([grip, "cx", across], [grip, "cy", up]);
    grip.onpointerdown = (event) => grip.setPointerCapture(event.pointerId);
    grip.onmousedown = (event) => event.preventDefault(); // would select text
    grip.onpointermove = ({ pointerId, clientX, clientY }) => {
      if (!grip.hasPointerCapture(pointerId)) return;
      const hand = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      const at = present();
      const places = stops[axis].map((_, k) => at.with(axis, k));
      const k = nearest(places.map((place) =>
        Math.hypot(read(across, place) - hand.x, read(up, place) - hand.y)));
      controls[axis].set(traits[axis], stops[axis][k]);
      controls[axis].save_changes();
    };
  }

  const redraw = () => {
    const at = present();
    for (const [node, attribute, text] of parts) {
      if (attribute === "text") node.textContent = read(text, at);
      else node.setAttribute(attribute, read(text, at));
    }
    const said = read(sentence, at);
    words.replaceChildren(...said.split(WHOLE).map((part, k) => k % 2 ? unbroken(part) : part));
    svg.setAttribute("aria-label", said);
  };
  const moved = () => {
    redraw();
    model.widget_manager.setDirty?.(); // JupyterLab: there is something to save
  };
  controls.forEach((control, axis) => control.on(`change:${traits[axis]}`, moved));
  redraw();

  // What ipywidgets leaves unsaid: a slider's name and its value as shown, which button is down.
  // The controls' views may come after this one, and again.
  const say = (node, attribute, value) => {
    if (node.getAttribute(attribute) !== value) node.setAttribute(attribute, value);
  };
  const row = () => el.closest(".explorer")?.firstElementChild;
  const describe = () => {
    for (const box of row()?.children ?? []) {
      const label = box.querySelector("label")?.textContent ?? "";
      for (const thumb of box.querySelectorAll("[role=slider]")) {
        say(thumb, "aria-label", label);
        say(thumb, "aria-valuetext", box.querySelector(".widget-readout").textContent);
        say(thumb, "data-lm-suppress-shortcuts", "true"); // its arrow keys are not the notebook's
        thumb.closest(".noUi-target").onclick = () => thumb.focus(); // nor are they after a click
      }
      for (const button of box.querySelectorAll("button")) {
        say(button.parentElement, "role", "group");
        say(button.parentElement, "aria-label", label);
        say(button, "aria-pressed", String(button.classList.contains("mod-active")));
      }
    }
  };
  const changes = new MutationObserver(describe);
  const shown = new ResizeObserver(() => {
    describe();
    if (row()) changes.observe(row(), { attributes: true, childList: true, subtree: true });
  });
  shown.observe(el);

  return () => {
    shown.disconnect();
    changes.disconnect();
    controls.forEach((control, axis) => control.off(`change:${traits[axis]}`, moved));
  };
}

export default { render };
