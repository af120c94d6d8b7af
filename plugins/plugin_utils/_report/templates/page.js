/*
Copyright: relaylock.postfix contributors
GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
*/
"use strict";
(() => {
  const form = document.getElementById("controls");
  const list = document.getElementById("hosts");
  const output = document.getElementById("shown");
  const none = document.getElementById("none");
  const field = form.elements;
  const names = (select) => Array.from(select.options).slice(1).map((one) => one.text.replace(/ \(\d+\)$/, ""));
  const findings = names(field.finding);
  const groups = names(field.group);
  const split = (text) => (text ? text.split(" ") : []);

  const hosts = Array.from(list.children, (element, place) => {
    const data = element.dataset;
    const name = element.querySelector(".name").textContent;
    const found = split(data.f);
    const within = split(data.g);
    return {
      element, place, name, data, found, within, severities: split(data.v), edits: Number(data.e || 0),
      text: [name, ...found.map((one) => findings[one]), ...within.map((one) => groups[one])].join("\n").toLowerCase(),
    };
  });

  const orders = {
    "": (a, b) => a.place - b.place,
    name: (a, b) => a.name.localeCompare(b.name) || a.place - b.place,
    findings: (a, b) => b.found.length - a.found.length || a.place - b.place,
    edits: (a, b) => b.edits - a.edits || a.place - b.place,
  };

  const filter = () => {
    const words = field.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const [state, severity, finding, group, having] = ["state", "severity", "finding", "group", "with"].map((name) => field[name].value);
    let shown = 0;
    for (const host of hosts) {
      const fits = (!state || host.data.s === state) && (!severity || host.severities.includes(severity))
        && (!finding || host.found.includes(finding)) && (!group || host.within.includes(group)) && (!having || having in host.data)
        && words.every((word) => host.text.includes(word));
      if (host.element.hidden === fits) host.element.hidden = !fits;
      shown += fits;
    }
    output.textContent = shown === hosts.length ? `${shown} hosts` : `${shown} of ${hosts.length} hosts`;
    none.hidden = shown > 0;
    const address = new URL(location.href);
    if (field.search.value) address.searchParams.set("search", field.search.value);
    else address.searchParams.delete("search");
    // A page that was opened as a file may not always change its own address.
    try { history.replaceState(null, "", address); } catch { /* the link stays as it was */ }
  };

  const order = () => list.append(...[...hosts].sort(orders[field.order.value]).map((host) => host.element));

  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* no name of a host */ }
    const target = id && document.getElementById(id);
    if (!target || !target.classList.contains("host")) return;
    if (target.hidden) {
      form.reset();
      filter();
    }
    if (target.tagName === "DETAILS") target.open = true;
    target.scrollIntoView();
  };

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(list.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => (event.target === field.order ? order() : filter()));
  addEventListener("hashchange", follow);
  field.search.value = new URLSearchParams(location.search).get("search") || "";
  form.hidden = false;
  filter();
  follow();
})();
