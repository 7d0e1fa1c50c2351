/* Streamlit's own English words (menus of tables, the box for files, what a list offers) in the reader's language: in
   the text itself and in its labels, so that a screen reader hears what the page shows. Another language puts them back. */
(function () {
  "use strict";
  if (window.orewayTurn) return;  // two pages turned to at once brought it twice
  const LABELS = ["aria-label", "title", "placeholder"], PLACE = /\\?\{\w+\\?\}/;
  const HOMES = '[data-testid^="stFileUploader"], [data-testid^="stDataFrame"], [data-testid^="stElementToolbar"], [data-testid^="stTooltip"], [data-testid^="stSidebar"], [data-testid^="stExpandSidebar"], [data-testid^="stSkip"], .stSkipLink, .stAppHeader, .stSelectbox, .stMultiSelect, .stNumberInput, .stTextInput, .stTextArea, .stVegaLiteChart, [role="menu"], [role="listbox"], [role="dialog"], [role="tooltip"], a[href^="#"]';
  const english = new Map();  // what a text or a label was, by the node and the label's name
  let exact = new Map(), shaped = [];

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

  function read(words) {
    exact = new Map();
    shaped = [];
    Object.entries(words).forEach(([from, to]) => {
      if (PLACE.test(from)) shaped.push([new RegExp("^" + escaped(from).replace(PLACE, "(.+)") + "$"), to]);
      else exact.set(from, to);
    });
  }

  function told(text) {
    const found = exact.get(text);
    if (found) return found;
    for (const [shape, to] of shaped) {
      const match = shape.exec(text);
      if (match) return to.replace(PLACE, () => match[1]);
    }
    const [head, ...rest] = text.split(": ");  // a button of a table's bar, with the name of its table
    return rest.length && exact.has(head) ? [exact.get(head), ...rest].join(": ") : "";
  }

  /* One text or label, known by the name of its label or "" for a text. */
  function turn(node, name) {
    const now = name ? node.getAttribute(name) : node.nodeValue, kept = english.get(node) || {};
    if (!now || now.length > 200) return;
    const from = kept[name] && kept[name].to === now ? kept[name].from : now, home = name ? node : node.parentElement;
    const to = told(from.trim()) && home && home.closest(HOMES) ? told(from.trim()) : from;
    if (to === now) return;
    english.set(node, Object.assign(kept, { [name]: { from, to } }));
    if (name) node.setAttribute(name, to);
    else node.nodeValue = to;
  }

  function look(root) {
    if (root.nodeType === Node.TEXT_NODE) { turn(root, ""); return; }
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) turn(texts.currentNode, "");
    LABELS.forEach((name) => [root, ...root.querySelectorAll("[" + name + "]")].forEach((one) => turn(one, name)));
  }

  const eye = new MutationObserver((changes) => changes.forEach((one) => {
    if (one.type === "childList") one.addedNodes.forEach(look);
    else turn(one.target, one.attributeName || "");
  }));

  function apply(words) {
    eye.disconnect();
    read(words);
    [...english.keys()].forEach((node) => {
      if (!node.isConnected) english.delete(node);
      else Object.keys(english.get(node)).forEach((name) => turn(node, name));
    });
    if (!exact.size && !shaped.length) return;
    look(document.body);
    eye.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: LABELS });
  }

  /* On a phone the drawer of pages has done its work once a page is turned to. */
  function closeDrawer() {
    const drawer = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
    const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    if (drawer && close && window.innerWidth <= 768) close.click();
  }

  let asked = "";
  window.orewayTurn = (address) => {
    closeDrawer();
    if (address === asked) return;
    asked = address;
    fetch(address).then((answer) => answer.json()).then((words) => { if (address === asked) apply(words); }, () => { asked = ""; });
  };
})();
