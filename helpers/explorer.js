// Moves the parts of a picture by looking up frames that Python recorded (helpers/explorer.py).
// Every number shown here was computed there.

let views = 0;

async function render({ model, el }) {
  const { stops, columns, sentence, slots, handle } = model.get("frames");
  const references = model.get("controls").map((name) => name.replace("IPY_MODEL_", ""));
  const controls = await Promise.all(references.map((id) => model.widget_manager.get_model(id)));
  const keys = stops.map((values) => (values ? "value" : "index"));

  const running = columns.map(([strides, differences]) => {
    let sum = 0;
    return [strides, differences.split(" ").map((difference) => (sum += Number(difference)))];
  });
  const number = (column, at) => {
    const [strides, values] = running[column];
    return values[strides.reduce((place, stride, axis) => place + stride * at[axis], 0)];
  };
  const read = ([which, templates], at) =>
    templates[which === null ? 0 : number(which, at)]
      .map((part) =>
        typeof part === "string" ? part : (number(part[1], at) / 10 ** part[0]).toFixed(part[0]))
      .join("");

  const nearest = (distances) => distances.indexOf(Math.min(...distances));
  const present = () =>
    controls.map((control, axis) => {
      const value = control.get(keys[axis]);
      return stops[axis] ? nearest(stops[axis].map((stop) => Math.abs(stop - value))) : value ?? 0;
    });

  // Ids are made different in each view: a cell may be run twice, an output shown twice.
  const mine = `explorer${views++}-`;
  const picture = document.createElement("div");
  picture.innerHTML = model.get("svg").replace(/(\bid="|url\(#|href="#)/g, `$1${mine}`);
  const svg = picture.firstElementChild;
  const nodes = slots.map(([node]) => svg.querySelector(`[data-node="${node}"]`));
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.style.cssText = "margin: 0.5em 0; color: var(--jp-content-font-color1, inherit); " +
    "font-size: var(--jp-content-font-size1, 1em); line-height: 1.4";
  el.replaceChildren(picture, words);

  const redraw = () => {
    const at = present();
    slots.forEach(([, attribute, text], k) => {
      const value = read(text, at);
      if (attribute === "text") nodes[k].textContent = value;
      else nodes[k].setAttribute(attribute, value);
    });
    words.textContent = read(sentence, at);
    svg.setAttribute("aria-label", words.textContent);
    if (grip) place(at);
  };

  // A point can be dragged: the candidates are its places in the frames along one control.
  const grip = handle && document.createElementNS("http://www.w3.org/2000/svg", "circle");
  const where = (at) => [handle[1], handle[2]].map((text) => Number(read(text, at)));
  const place = (at) => {
    const [x, y] = where(at);
    grip.setAttribute("cx", x);
    grip.setAttribute("cy", y);
  };
  if (grip) {
    const axis = handle[0];
    grip.setAttribute("r", 15);
    grip.setAttribute("fill", "transparent");
    grip.style.cssText = "cursor: grab; touch-action: none";
    svg.append(grip);
    grip.onpointerdown = (event) => {
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
    };
    grip.onpointermove = (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const mouse = new DOMPoint(event.clientX, event.clientY)
        .matrixTransform(svg.getScreenCTM().inverse());
      const at = present();
      const distances = stops[axis].map((_, k) => {
        const [x, y] = where(at.with(axis, k));
        return Math.hypot(x - mouse.x, y - mouse.y);
      });
      controls[axis].set("value", stops[axis][nearest(distances)]);
      controls[axis].save_changes();
    };
  }

  controls.forEach((control, axis) => control.on(`change:${keys[axis]}`, redraw));
  redraw();

  // ipywidgets gives a slider's handle no name. Its view may come after this one.
  const name = () => {
    for (const thumb of el.closest(".explorer")?.querySelectorAll("[role=slider]") ?? []) {
      const label = thumb.closest(".jupyter-widgets")?.querySelector("label");
      if (label) thumb.setAttribute("aria-label", label.textContent);
    }
  };
  const arrivals = new MutationObserver(name);
  const shown = new ResizeObserver(() => {
    name();
    const row = el.closest(".explorer")?.firstElementChild;
    if (row) arrivals.observe(row, { childList: true, subtree: true });
  });
  shown.observe(el);

  return () => {
    shown.disconnect();
    arrivals.disconnect();
    controls.forEach((control, axis) => control.off(`change:${keys[axis]}`, redraw));
  };
}

export default { render };
