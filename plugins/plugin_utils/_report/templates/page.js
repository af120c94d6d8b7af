/* Copyright: relaylock.postfix contributors
   GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
   SPDX-License-Identifier: GPL-3.0-or-later */
(function () {
  "use strict";

  var list = document.getElementById("page-list");
  var form = document.getElementById("page-controls");
  var count = document.getElementById("page-count");
  var none = document.getElementById("page-none");
  var sorts = document.getElementById("page-sort");
  if (!list) { return; }

  var fields = ["search", "state", "severity", "finding", "group"];
  var order = { by: "state", up: false };
  var hosts = null;

  /* What is looked for, once for each host, and not before someone looks. */
  function index() {
    if (hosts) { return hosts; }
    var groups = texts("group"), findings = texts("finding");
    hosts = Array.prototype.map.call(list.children, function (item, place) {
      var data = item.dataset, name = item.querySelector(".n").textContent;
      var words = [name].concat(named(data.g, groups), named(data.f, findings));
      return {
        item: item, place: place, name: name, text: words.join("\n").toLowerCase(), state: data.s, groups: spaced(data.g),
        findings: spaced(data.f), severities: data.v || "", tags: data.t || "", weight: Number(data.w || 0), drift: Number(data.d || 0)
      };
    });
    return hosts;
  }

  function texts(name) {
    return form[name] ? Array.prototype.slice.call(form[name].options, 1).map(function (option) { return option.textContent; }) : [];
  }

  function named(numbers, names) {
    return numbers ? numbers.split(" ").map(function (number) { return names[number]; }) : [];
  }

  function spaced(numbers) { return " " + (numbers || "") + " "; }

  function wanted() {
    var found = {};
    fields.forEach(function (name) { found[name] = form[name] ? form[name].value : ""; });
    found.words = found.search.toLowerCase().split(/\s+/).filter(Boolean);
    return found;
  }

  function fits(host, want) {
    return (!want.state || (want.state[0] === "+" ? host.tags.indexOf(want.state[1]) >= 0 : host.state === want.state)) &&
      (!want.severity || host.severities.indexOf(want.severity) >= 0) &&
      (!want.finding || host.findings.indexOf(" " + want.finding + " ") >= 0) &&
      (!want.group || host.groups.indexOf(" " + want.group + " ") >= 0) &&
      want.words.every(function (word) { return host.text.indexOf(word) >= 0; });
  }

  function filter() {
    var want = wanted(), shown = 0, all = index().length;
    hosts.forEach(function (host) {
      var hide = !fits(host, want);
      if (!hide) { shown += 1; }
      if (host.item.hidden !== hide) { host.item.hidden = hide; }
    });
    var filtered = fields.some(function (name) { return want[name]; });
    count.textContent = (filtered ? shown.toLocaleString("en") + " of " : "") + all.toLocaleString("en") + (all === 1 ? " host" : " hosts") + sorted();
    none.hidden = shown > 0;
    document.querySelectorAll(".states button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.parentNode.dataset.s === want.state));
    });
    remember(want);
  }

  /* Ways of sorting; each says first what is worst. */
  var names = new Intl.Collator("en", { numeric: true });
  var ways = {
    state: function (a, b) { return a.place - b.place; },
    name: function (a, b) { return names.compare(a.name, b.name); },
    findings: function (a, b) { return b.weight - a.weight || a.place - b.place; },
    drift: function (a, b) { return b.drift - a.drift || a.place - b.place; }
  };

  function sorted() {
    var words = { state: "the worst first", name: "by name", findings: "the worst findings first", drift: "the most drift first" };
    return ", " + words[order.by] + (order.up ? ", reversed" : "");
  }

  function sort(by, up) {
    order = { by: by, up: up };
    var way = ways[by];
    index().sort(function (a, b) { return up ? way(b, a) : way(a, b); });
    var all = document.createDocumentFragment();
    hosts.forEach(function (host) { all.appendChild(host.item); });
    list.appendChild(all);
    sorts.querySelectorAll("button").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.sort === by));
      button.classList.toggle("up", button.dataset.sort === by && up);
    });
  }

  /* The address says what is shown, so that it can be sent to somebody. Where the page may not say so, it need not. */
  function remember(want) {
    var query = new URLSearchParams();
    fields.forEach(function (name) { if (want[name]) { query.set(name, shared(name, want[name])); } });
    if (order.by !== "state" || order.up) { query.set("sort", (order.up ? "-" : "") + order.by); }
    var text = query.toString();
    try { history.replaceState(null, "", (text ? "?" + text : location.pathname) + location.hash); } catch (error) { /* a sandbox */ }
  }

  /* Numbers of groups and findings are this page's own; an address names them. */
  function shared(name, value) {
    return name === "finding" || name === "group" ? form[name].selectedOptions[0].textContent : value;
  }

  function recall() {
    var query = new URLSearchParams(location.search);
    fields.forEach(function (name) {
      var value = query.get(name);
      if (value === null || !form[name]) { return; }
      if (name === "finding" || name === "group") { value = String(texts(name).indexOf(value)); }
      form[name].value = value;
      if (form[name].value !== value) { form[name].value = ""; }
    });
    var way = query.get("sort") || "", by = way.replace("-", "");
    if (Object.prototype.hasOwnProperty.call(ways, by)) { sort(by, way[0] === "-"); }
    if (location.search) { filter(); }
  }

  /* #host-mx1 as the links have it, or #mx1. */
  function reveal() {
    var name;
    try { name = decodeURIComponent(location.hash.slice(1)); } catch (error) { return; }
    var item = name && (document.getElementById(name) || document.getElementById("host-" + name));
    if (!item || item.parentNode !== list) { return; }
    list.querySelectorAll(".target").forEach(function (other) { other.classList.remove("target"); });
    item.classList.add("target");
    item.hidden = false;
    var details = item.querySelector("details");
    if (details) { details.open = true; details.firstElementChild.focus({ preventScroll: true }); }
    item.scrollIntoView({ block: "start" });
  }

  function button(text) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    return made;
  }

  function copyable(where) {
    where.querySelectorAll(".cmd:not(.can-copy)").forEach(function (command) {
      var copy = button("Copy");
      copy.addEventListener("click", function () {
        var code = command.querySelector("code");
        getSelection().selectAllChildren(code);
        var done = function () { copy.textContent = "Copied"; }, not = function () { copy.textContent = "Selected"; };
        if (navigator.clipboard) { navigator.clipboard.writeText(code.textContent).then(done, not); } else { not(); }
      });
      command.classList.add("can-copy");
      command.appendChild(copy);
    });
  }

  function choose(name, value) {
    form[name].value = form[name].value === value ? "" : value;
    filter();
  }

  document.querySelectorAll(".states li").forEach(function (item) {
    if (!form.state.querySelector("option[value=" + item.dataset.s + "]")) { return; }
    var made = button("");
    made.append.apply(made, item.childNodes);
    made.addEventListener("click", function () { choose("state", item.dataset.s); });
    made.setAttribute("aria-pressed", "false");
    item.classList.add("is-button");
    item.appendChild(made);
  });
  document.querySelectorAll("[data-finding]").forEach(function (cell) {
    var made = button("");
    made.append.apply(made, cell.childNodes);
    made.addEventListener("click", function () {
      form.finding.value = cell.dataset.finding;
      filter();
      document.getElementById("hosts").scrollIntoView();
      form.finding.focus({ preventScroll: true });
    });
    cell.appendChild(made);
  });
  sorts.addEventListener("click", function (event) {
    var by = event.target.dataset.sort;
    if (by) { sort(by, order.by === by && !order.up); filter(); }
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", filter);
  form.addEventListener("reset", function () { setTimeout(filter); });
  list.addEventListener("toggle", function (event) { if (event.target.open) { copyable(event.target); } }, true);
  window.addEventListener("hashchange", reveal);
  window.addEventListener("beforeprint", function () {
    if (!CSS.supports("selector(::details-content)")) { list.querySelectorAll("details").forEach(function (one) { one.open = true; }); }
  });

  sorts.querySelector("[data-sort=state]").setAttribute("aria-pressed", "true");
  form.hidden = sorts.hidden = false;
  document.querySelectorAll(".fleet, .hosts details[open]").forEach(copyable);
  recall();
  /* Once it is loaded, the browser goes to the address's host itself, and would take the focus away. */
  window.addEventListener("load", function () { setTimeout(reveal); });
  performance.mark("relaylock-usable");
}());
