// Passkeys: adding one, and signing in with one. Where a browser knows none, nothing of this is offered.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = text => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
  const letters = buffer => btoa(Array.from(new Uint8Array(buffer), b => String.fromCharCode(b)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = list => (list ?? []).map(one => ({ ...one, id: bytes(one.id) }));

  const make = async options => {
    const made = await navigator.credentials.create({ publicKey: { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: known(options.excludeCredentials) } });
    return whole(made, { attestationObject: letters(made.response.attestationObject), transports: made.response.getTransports?.() ?? [] });
  };
  const show = async options => {
    const made = await navigator.credentials.get({ publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) } });
    const { authenticatorData, signature, userHandle } = made.response;
    return whole(made, { authenticatorData: letters(authenticatorData), signature: letters(signature), userHandle: userHandle ? letters(userHandle) : null });
  };
  const whole = (made, response) => JSON.stringify({
    id: made.id, rawId: letters(made.rawId), type: made.type, authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: made.getClientExtensionResults(),
    response: { clientDataJSON: letters(made.response.clientDataJSON), ...response },
  });

  for (const note of document.querySelectorAll("[data-no-passkey]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const wrong = form.querySelector("[data-wrong]"), button = form.querySelector("button");
    const say = text => { wrong.textContent = text; wrong.hidden = false; };
    form.hidden = false;
    form.addEventListener("submit", async e => {
      e.preventDefault();
      wrong.hidden = true;
      button.disabled = true;
      try {
        const answer = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
        const kind = answer.headers.get("Content-Type") ?? "";
        if (answer.status === 422) { say(await answer.text()); return; }
        if (!answer.ok || !kind.startsWith("application/json")) { say(form.dataset.failed); return; }
        form.elements.credential.value = await (form.dataset.adds ? make : show)(await answer.json());
        form.submit();
      } catch {
        // Given up by the person, or nothing on this device fits: which of them the browser does not say.
        say(form.dataset.failed);
      } finally {
        button.disabled = false;
      }
    });
  }
})();
