// The sign-up of a number by the vendor's script: opens its dialogue, hears what it tells, and hands both to our server, which believes neither.
(() => {
  "use strict";
  const form = document.querySelector("form[data-signup]");
  if (!form) return;
  const button = form.querySelector("[data-open]"), blocked = form.querySelector("[data-blocked]"), given = button.dataset;
  let isSent = false;
  const send = () => {
    if (isSent) return;
    isSent = true;
    form.submit();
  };
  // Only what the vendor's own windows say; the ids in it are checked against the token later.
  const believes = origin => origin === given.believes || (given.believes === "https://www.facebook.com" && /^https:\/\/([a-z0-9-]+\.)*facebook\.com$/.test(origin));
  window.addEventListener("message", event => {
    if (!believes(event.origin) || typeof event.data !== "string" || !event.data.includes("WA_EMBEDDED_SIGNUP")) return;
    form.elements.told.value = event.data.slice(0, 3000);
    if (form.elements.code.value) send();
  });
  window.fbAsyncInit = () => {
    window.FB.init({ appId: given.app, version: given.version, autoLogAppEvents: false, xfbml: false, cookie: false });
    button.disabled = false;
  };
  button.addEventListener("click", () => window.FB.login(answer => {
    form.elements.code.value = answer.authResponse?.code ?? "";
    // A code lives for half a minute: what the window tells beside it is waited for only briefly.
    if (!form.elements.code.value || form.elements.told.value) send();
    else setTimeout(send, 1500);
  }, { config_id: given.config, response_type: "code", override_default_response_type: true, extras: JSON.parse(given.extras) }));
  const script = document.createElement("script");
  script.src = form.dataset.signup;
  script.onerror = () => { blocked.hidden = false; };
  document.head.append(script);
})();
