// google-spreadsheet with google-auth-library, unchanged but for the hosts they call, reads and writes the sandbox's sheet.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { door, sandbox } from "./sandbox.js";

// Both name Google's hosts in their code: what they would send there goes to the sandbox.
const real = globalThis.fetch;
const here = (address) => String(address).replace("https://sheets.googleapis.com/v4/", `${sandbox}/google/v4/`).replace("https://oauth2.googleapis.com/token", `${sandbox}/google/token`);
globalThis.fetch = (input, init) => input instanceof Request ? real(new Request(here(input.url), input)) : real(here(input), init);
const { JWT } = await import("google-auth-library");
const { GoogleSpreadsheet } = await import("google-spreadsheet");

const email = "orderclosr@dar-lina-2026.iam.gserviceaccount.com";
let id;

/** The document, opened with a key file as its merchant has it. */
async function open() {
  const file = await door("GET", `/google/_accounts/${email}/key`);
  const auth = new JWT({ email: file.client_email, key: file.private_key, keyId: file.private_key_id, scopes: ["https://www.googleapis.com/auth/spreadsheets"] });
  auth.transporter.defaults.fetchImplementation = globalThis.fetch;
  return new GoogleSpreadsheet(id, auth);
}

before(async () => {
  await door("DELETE", "/google/_state");
  ({ id } = await door("POST", "/google/_sheets", { title: "Ma boutique", tab: "Commandes", shared_with: email }));
});

test("the library signs in, reads title and tabs, and writes rows that keep their zeros", async () => {
  const doc = await open();
  await doc.loadInfo();
  assert.equal(doc.title, "Ma boutique");
  const sheet = doc.sheetsByTitle.Commandes;
  assert.equal(sheet.rowCount, 1000);
  await sheet.setHeaderRow(["ID", "Nom", "Téléphone"]);
  await sheet.addRows([["1", "Amina", "0500000012"], ["2", "=1+1", "+213500000013"]], { raw: true });
  assert.deepEqual((await door("GET", `/google/_sheets/${id}`)).tabs.Commandes, [["ID", "Nom", "Téléphone"], ["1", "Amina", "0500000012"], ["2", "=1+1", "+213500000013"]]);
  const rows = await sheet.getRows();
  assert.deepEqual(rows.map((r) => [r.get("ID"), r.get("Nom"), r.rowNumber]), [["1", "Amina", 2], ["2", "=1+1", 3]]);
  rows[0].set("Nom", "Zohra");
  await rows[0].save({ raw: true });
  await rows[1].delete();
  assert.deepEqual((await door("GET", `/google/_sheets/${id}`)).tabs.Commandes, [["ID", "Nom", "Téléphone"], ["1", "Zohra", "0500000012"]]);
});

test("a new tab is made, renamed and taken away", async () => {
  const doc = await open();
  await doc.loadInfo();
  const tab = await doc.addSheet({ title: "Prospects", headerValues: ["ID", "Note"] });
  await tab.updateProperties({ title: "Intéressés" });
  assert.deepEqual((await door("GET", `/google/_sheets/${id}`)).tabs["Intéressés"], [["ID", "Note"]]);
  await tab.delete();
  assert.deepEqual(Object.keys((await door("GET", `/google/_sheets/${id}`)).tabs), ["Commandes"]);
});

test("what Google refuses is refused in its words", async () => {
  await door("POST", `/google/_sheets/${id}/share`, { email, role: "none" });
  await assert.rejects(async () => (await open()).loadInfo(), /403/);
  await door("POST", `/google/_sheets/${id}/share`, { email });
  await door("POST", `/google/_accounts/${email}`, { key_deleted: true });
  await assert.rejects(async () => (await open()).loadInfo(), /invalid_grant/);
});
