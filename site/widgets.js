// Shows the widgets of a page without a kernel: their state is in the page (site/build.py).

import { ManagerBase } from "@jupyter-widgets/base-manager";
import * as base from "@jupyter-widgets/base";
import * as controls from "@jupyter-widgets/controls";
import { Widget } from "@lumino/widgets";
import { restore } from "./kept.js";

const modules = { "@jupyter-widgets/base": base, "@jupyter-widgets/controls": controls };

// The Python package anywidget brings its module in the form that classic notebooks load.
window.define = (names, make) => {
  modules.anywidget = make(...names.map((name) => modules[name]));
};
require("anywidget/nbextension/index.js");
delete window.define;

class Manager extends ManagerBase {
  async loadClass(name, module) {
    const found = modules[module]?.[name];
    if (!found) throw new Error(`the site has no ${name} of ${module}`);
    return found;
  }

  async _get_comm_info() {
    return {};
  }

  async _create_comm() {
    return { on_close() {}, on_msg() {}, close() {} };
  }
}

const told = document.querySelector("script[type='application/vnd.jupyter.widget-state+json']");
const places = document.querySelectorAll("script[type='application/vnd.jupyter.widget-view+json']");
const states = JSON.parse(told.text);
const keep = restore(states.state, [...places].map((place) => JSON.parse(place.text).model_id));
const manager = new Manager();
const loaded = manager.set_state(states).then(() => keep(manager));

// Called by page.js for each place of a widget that comes near the screen.
window.showWidget = async (place) => {
  await loaded;
  const model = await manager.get_model(JSON.parse(place.text).model_id);
  const view = await manager.create_view(model);
  const still = place.previousElementSibling; // what is seen without JavaScript, or before it
  const live = document.createElement("div");
  place.before(live);
  Widget.attach(view.luminoWidget, live);
  still?.remove();
};
