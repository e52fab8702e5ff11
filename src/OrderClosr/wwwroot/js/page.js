// Small comforts; every page works without them.
(() => {
  "use strict";
  // A toast goes by itself.
  const toast = document.querySelector(".toast");
  if (toast) setTimeout(() => toast.remove(), 6000);
  // One open menu at a time; a click elsewhere or Escape closes it.
  document.addEventListener("click", e => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
  });
  document.addEventListener("keydown", e => {
    if (e.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  });
  // The confirmer's keys: 1 to 7 press the button that shows the key.
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || e.target.closest("input, select, textarea, [popover]") || document.querySelector("[popover]:popover-open")) return;
    const button = /^[0-9]$/.test(e.key) && document.querySelector(`[data-key="${e.key}"]`);
    if (button) { e.preventDefault(); button.click(); }
  });
})();
