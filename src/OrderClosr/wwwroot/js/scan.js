// Scanning: a sound for each answer, the field ready for the next code, the camera where there is one.
(() => {
  "use strict";
  const box = document.querySelector("[data-scan]");
  if (!box) return;
  const field = box.querySelector("#code"), form = field.form, camera = box.querySelector("[data-camera]"), view = box.querySelector("[data-view]"), none = box.querySelector("[data-no-camera]");
  let tones;
  const beep = kind => {
    try {
      tones ??= new AudioContext();
      const notes = { ok: [[880, 0, .09]], again: [[520, 0, .09], [520, .14, .09]], bad: [[180, 0, .35]] }[kind] ?? [];
      for (const [height, after, lasts] of notes) {
        const tone = tones.createOscillator(), loud = tones.createGain();
        tone.type = kind === "bad" ? "square" : "sine"; tone.frequency.value = height; loud.gain.value = .15;
        tone.connect(loud).connect(tones.destination);
        tone.start(tones.currentTime + after); tone.stop(tones.currentTime + after + lasts);
      }
      if (kind !== "ok" && navigator.userActivation?.hasBeenActive) navigator.vibrate?.(kind === "again" ? [60, 60, 60] : 300);
    } catch { /* a browser without sound still shows the colour and the words */ }
  };
  const heard = () => { const said = document.getElementById("scan-result")?.dataset.sound; if (said) beep(said); };
  // Many readers type faster than the page answers: each code waits its turn, and what is typed next must not be joined to it. One that nobody took stands in the field again.
  document.addEventListener("htmx:config:request", e => { if (e.target === form) { e.detail.ctx.code = field.value; field.value = ""; } });
  document.addEventListener("htmx:error", e => { if (e.target === form) { field.value ||= e.detail.ctx?.code ?? ""; beep("bad"); } });
  document.addEventListener("htmx:after:swap", () => { if (document.getElementById("scan-result") !== last) { last = document.getElementById("scan-result"); heard(); if (!stream) field.focus(); } });
  let last = document.getElementById("scan-result"), stream, recent = "", until = 0;
  heard();

  if (!navigator.mediaDevices?.getUserMedia) return;
  camera.hidden = false;
  const library = () => window.ZXingBrowser ? Promise.resolve() : new Promise((good, bad) => {
    const script = document.createElement("script");
    script.src = box.dataset.lib; script.onload = good; script.onerror = bad;
    document.head.append(script);
  });
  const stop = () => { stream?.stop(); stream = null; view.hidden = true; camera.setAttribute("aria-pressed", "false"); };
  camera.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    none.hidden = true;
    try {
      await library();
      view.hidden = false;
      const reader = new ZXingBrowser.BrowserMultiFormatReader(undefined, { delayBetweenScanAttempts: 120 });
      stream = await reader.decodeFromConstraints({ video: { facingMode: "environment" } }, view.querySelector("video"), result => {
        const code = result?.getText().trim(), now = performance.now();
        // The same label stays in the picture for a while.
        if (!code || (code === recent && now < until)) return;
        recent = code; until = now + 4000;
        field.value = code;
        form.requestSubmit();
      });
      camera.setAttribute("aria-pressed", "true");
    } catch { stop(); none.hidden = false; }
  });
  addEventListener("pagehide", stop);
})();
