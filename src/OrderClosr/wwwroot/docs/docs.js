// The documentation of the API: the library draws what /api/v1/openapi.json says into the place of the bare list.
(() => {
  "use strict";
  const dark = matchMedia("(prefers-color-scheme: dark)"), shade = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", shade);
  shade();
  // Nothing is asked elsewhere, and a key that is typed here is forgotten with the page.
  SwaggerUIBundle({ url: document.getElementById("docs").dataset.document, dom_id: "#docs", deepLinking: true, docExpansion: "list", defaultModelsExpandDepth: 0, validatorUrl: null, persistAuthorization: false });
})();
