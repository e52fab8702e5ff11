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
})();
