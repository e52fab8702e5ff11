// Small comforts; every page works without them.
(() => {
  "use strict";
  // A toast goes by itself.
  const toast = document.querySelector(".toast");
  if (toast) setTimeout(() => toast.remove(), 6000);
  // "live" once the stream speaks, "lost" while it does not: what is shown may be old then.
  const body = document.body, says = state => () => { body.dataset.live = state; };
  for (const word of ["live-hello", "live-refresh", "live-beat"]) body.addEventListener(word, says("on"));
  body.addEventListener("htmx:sse:error", says("lost"));
  // Somebody who is no member any more keeps nothing on the screen.
  body.addEventListener("htmx:sse:error", e => { if (e.detail?.status === 404) location.reload(); });
  // A strip that is longer than the screen begins where one is.
  for (const strip of document.querySelectorAll(".views")) {
    const here = strip.querySelector("[aria-current]")?.getBoundingClientRect(), all = strip.getBoundingClientRect();
    if (here && (here.left < all.left || here.right > all.right)) strip.scrollLeft += (here.left + here.right - all.left - all.right) / 2;
  }
  // One open menu at a time; a click elsewhere or Escape closes it.
  document.addEventListener("click", e => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  });
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  });
  // A field that is there to be copied.
  document.addEventListener("click", e => {
    const copy = e.target.closest("[data-copy]"), field = copy ? document.getElementById(copy.dataset.copy) : e.target.closest("input[data-select]");
    if (!field) return;
    field.select();
    if (copy) navigator.clipboard?.writeText(field.value).then(() => { copy.classList.add("ok"); }, () => { });
  });
  // One box that picks all of its form.
  document.addEventListener("change", e => {
    if (e.target.matches("[data-all]")) for (const box of e.target.form.querySelectorAll("input[type=checkbox][name]")) box.checked = e.target.checked;
  });
  // The confirmer's keys: 1 to 7 press the button that shows the key.
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.target.closest("input, select, textarea, [popover]") || document.querySelector("[popover]:popover-open")) return;
    const button = /^[0-9]$/.test(e.key) && document.querySelector(`[data-key="${e.key}"]`);
    if (button) { e.preventDefault(); button.click(); }
  });
})();

// What a pause missed: all or none at once, and a live update keeps what was chosen.
(() => {
  "use strict";
  const kept = new Map();
  const boxes = () => [...document.querySelectorAll('form[data-choice] input[type="checkbox"]:not(:disabled)')];
  const show = () => {
    for (const button of document.querySelectorAll("[data-choose]")) button.hidden = false;
    for (const box of boxes()) if (kept.has(box.value)) box.checked = kept.get(box.value);
    for (const count of document.querySelectorAll("[data-chosen]")) count.textContent = boxes().filter(box => box.checked).length;
  };
  document.addEventListener("change", e => { if (e.target.closest("form[data-choice]")) { kept.set(e.target.value, e.target.checked); show(); } });
  document.addEventListener("click", e => {
    const wish = e.target.closest("[data-choose]")?.dataset.choose;
    if (!wish) return;
    for (const box of boxes()) kept.set(box.value, wish === "all");
    show();
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();

// The inbox: keys, the thread's end, Ctrl+Enter.
(() => {
  "use strict";
  const thread = () => document.getElementById("thread");
  const atEnd = el => el.scrollHeight - el.scrollTop - el.clientHeight < 80;
  const first = thread();
  let follows = true;
  if (first) {
    if (!location.hash) (document.getElementById("unread") ?? first.lastElementChild)?.scrollIntoView({ block: "start" });
    first.addEventListener("scroll", () => { follows = atEnd(first); }, { passive: true });
    first.addEventListener("load", () => { if (follows) first.scrollTop = first.scrollHeight; }, true); // a photo that comes late
    document.addEventListener("htmx:after:swap", () => { const el = thread(); if (el && follows) el.scrollTop = el.scrollHeight; });
  }
  const typing = e => e.target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", e => {
    const say = document.getElementById("say");
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target === say) { e.preventDefault(); say.form.requestSubmit(); return; }
    if (e.key === "Escape" && e.target === say) { say.blur(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || typing(e)) return;
    const rows = [...document.querySelectorAll("#convs-list .conv")];
    if (e.key === "j" || e.key === "k") {
      const here = rows.findIndex(r => r === document.activeElement || (!rows.includes(document.activeElement) && r.hasAttribute("aria-current")));
      const row = rows[e.key === "j" ? here + 1 : Math.max(here - 1, 0)];
      if (row) { row.focus(); row.scrollIntoView({ block: "nearest" }); e.preventDefault(); }
    } else if (e.key === "r" && say) { say.focus(); e.preventDefault(); }
    // Not left to the browser: to it Escape means "stop loading", and it would stop the way out.
    else if (e.key === "Escape" && document.querySelector(".app.open, .inbox:not(.none)")) { e.preventDefault(); location.href = location.pathname.replace(/\/inbox\/[^/]+$/, "/inbox"); }
  });
})();
