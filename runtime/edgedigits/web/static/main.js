// The three tabs, and what the footer and header say about the server.

import { model } from "./api.js";
import { Draw } from "./draw.js";
import { Live } from "./live.js";
import { Picture } from "./picture.js";
import { ResultPanel } from "./result.js";

const $ = (id) => document.getElementById(id);
const panel = new ResultPanel();
const views = {
  draw: new Draw(panel),
  picture: new Picture(panel, () => select("picture")),
  live: new Live(panel),
};
const names = Object.keys(views);
let current = "";

function select(name) {
  if (name === current) return;
  views[current]?.stop();
  current = name;
  for (const each of names) {
    $(each).hidden = each !== name;
    $(`tab-${each}`).setAttribute("aria-selected", each === name);
    $(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  history.replaceState(null, "", `#${name}`);
  views[name].start();
}

const tablist = document.querySelector("[role=tablist]");
tablist.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) select(tab.getAttribute("aria-controls"));
});
tablist.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = names[(names.indexOf(current) + step + names.length) % names.length];
  select(next);
  $(`tab-${next}`).focus();
});

async function introduce() {
  const { bytes, contract } = await model();
  $("model").textContent = `${contract.precision} model, ${Math.round(bytes / 1000)} kB`;
  if (!["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) $("where").textContent = location.hostname;
}

const asked = location.hash.slice(1);
select(names.includes(asked) ? asked : "draw");
introduce().catch((error) => panel.problem(error));
