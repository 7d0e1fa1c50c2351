/* The map before the page: it is drawn while Streamlit's own script is still read, and becomes the page's map when
   Streamlit comes to make one. The frame is the same from the first drop to the last: it is moved, never made again.
   A browser that cannot move a frame without loading it again (no moveBefore) shows the words alone meanwhile. */
(function () {
  "use strict";
  const LIMIT_MS = 10000, LOOK_MS = 200, DRAWN_MS = 10, WAIT_MS = 4000;
  const cover = document.getElementById("oreway-first");
  const told = JSON.parse(cover.querySelector("script").textContent);
  const early = told.map && Element.prototype.moveBefore ? frame(told.map) : null;
  const make = document.createElement;
  let asked = null, met = null, taken = false, held = null, idle = 0;
  document.documentElement.lang = told.lang;

  function frame(map) {
    const one = document.createElement("iframe");
    for (const [name, value] of Object.entries(map.frame)) one.setAttribute(name, value);
    one.src = map.src + "?streamlitUrl=" + encodeURIComponent(location.origin + location.pathname);
    cover.querySelector(".st-key-map-side").append(one);
    return one;
  }

  /* Streamlit's script is fetched meanwhile and read once the map is drawn: both would have the one thread they share. */
  function start() {
    const main = document.createElement("script");
    main.type = "module";
    main.crossOrigin = "";
    main.src = told.main;
    document.head.append(main);
  }

  function drawn() {
    const map = early.contentDocument && early.contentDocument.getElementById("map_div");
    return Boolean(map && map.dataset.sites && map.dataset.land);
  }

  function say(data) {
    window.dispatchEvent(new MessageEvent("message", {
      data: Object.assign({ isStreamlitMessage: true }, data), source: early.contentWindow, origin: location.origin,
    }));
  }

  /* Until Streamlit listens, the frame's messages end here; the last click waits for it. */
  function hear(event) {
    if (taken || event.source !== early.contentWindow || !event.data) return;
    event.stopImmediatePropagation();
    const kind = event.data.type;
    if (kind === "streamlit:componentReady") {
      early.contentWindow.postMessage({ type: "streamlit:render", args: told.map.args, dfs: [], disabled: false }, location.origin);
    } else if (kind === "streamlit:setComponentValue" && event.data.value && event.data.value.kind) held = event.data;
    take();
  }

  /* Streamlit's own frame for the map stays empty and out of sight: who asks for its window gets the one that stands. */
  function stand_in(own) {
    const set = own.setAttribute;
    own.setAttribute = (name, value) => {
      if (name !== "src") { set.call(own, name, value); return; }
      delete own.setAttribute;
      if (!String(value).includes(told.map.src.replace(/^\./, ""))) { own.setAttribute(name, value); return; }
      met = { own, value };  // one made anew takes the place of one that Streamlit threw away
      ["title", "data-testid"].forEach((one) => own.removeAttribute(one));
      own.setAttribute = (late, word) => { if (late !== "title" && late !== "data-testid") set.call(own, late, word); };
      own.style.setProperty("display", "none", "important");
      Object.defineProperty(own, "contentWindow", { configurable: true, get() {
        if (!taken && asked !== own) { asked = own; setTimeout(take); }
        return early.contentWindow;
      } });
    };
  }

  function take() {
    if (taken || !asked || !asked.isConnected || !early.contentWindow.map) return;
    taken = true;
    const like = () => ["width", "height"].forEach((name) => early.setAttribute(name, asked.getAttribute(name) || ""));
    say({ type: "streamlit:componentReady", apiVersion: 1 });
    like();
    asked.parentNode.moveBefore(early, asked);
    new MutationObserver(like).observe(asked, { attributes: true, attributeFilter: ["width", "height"] });
    const gone = new MutationObserver(() => { if (!asked.isConnected) { early.remove(); gone.disconnect(); } });
    gone.observe(asked.parentNode, { childList: true });
    if (held) say(held);
    end();
  }

  function end() {
    clearInterval(looking);
    delete document.createElement;
    window.removeEventListener("message", hear);
    if (met && !taken) let_be(met.own, met.value);
    cover.remove();
  }

  /* What came of the meeting is nothing, or nothing in time: Streamlit's frame is its own again and makes its map. */
  function let_be(own, value) {
    delete own.setAttribute;
    delete own.contentWindow;
    own.style.removeProperty("display");
    own.setAttribute("title", told.map.frame.title);
    own.setAttribute("data-testid", told.map.frame["data-testid"]);
    own.setAttribute("src", value);
  }

  /* Without a map of its own the cover goes when the page has words; with one, when the page has long been done without. */
  function look() {
    const app = document.querySelector("[data-testid=stApp]");
    if (early) take();
    if (taken) return;
    const waits = met && met.own.isConnected;  // a frame that was made and thrown away is waited for no longer
    idle = app && app.dataset.testScriptState === "notRunning" && !waits ? idle + 1 : 0;
    if (idle * LOOK_MS > WAIT_MS || (!early && document.querySelector("#root .oreway-head")) || performance.now() > LIMIT_MS) end();
  }

  const looking = setInterval(look, LOOK_MS);
  if (!early) { if (told.main) start(); return; }
  const drawing = setInterval(() => {
    if (!drawn() && performance.now() < WAIT_MS) return;
    clearInterval(drawing);
    requestAnimationFrame(() => setTimeout(start));
  }, DRAWN_MS);
  window.addEventListener("message", hear);
  document.createElement = function (name, ...more) {
    const one = make.call(document, name, ...more);
    if (name === "iframe") stand_in(one);
    return one;
  };
})();
