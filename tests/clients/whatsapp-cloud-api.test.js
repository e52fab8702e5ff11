// @kapso/whatsapp-cloud-api, unchanged but for the base address, sells over WhatsApp.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { door, photo, product, sandbox, until } from "./sandbox.js";

const phoneNumberId = "106000000000001", businessAccountId = "206000000000001", token = "invented-whatsapp-token-dar-lina";
const customer = "213500000012";
const client = new WhatsAppClient({ baseUrl: sandbox + "/meta", graphVersion: "v25.0", accessToken: token });
let shop, asked;

before(async () => {
  await door("DELETE", "/meta/_state");
  shop = await product("whatsapp_business_account");
  await client.request("POST", `${businessAccountId}/subscribed_apps`, { responseType: "json" });
  asked = (await door("POST", `/meta/_customers/${customer}/say`, { channel: "whatsapp", account: phoneNumberId, name: "Lina", text: "بشحال الروبة؟ 😀 https://x.dz" })).id;
});
after(() => shop.close());

const thread = async () => (await door("GET", `/meta/_customers/${customer}/thread?channel=whatsapp&account=${phoneNumberId}`)).items;
const said = async (id) => until(async () => (await thread()).find((item) => item.id === id && item.status === "read"));

test("the webhook carries a signature that the client accepts over the raw bytes", async () => {
  const hook = await until(() => shop.received.find((r) => r.json.entry[0].changes[0].value.messages?.[0].id === asked));
  assert.equal(verifySignature({ appSecret: "invented-app-secret-0001", rawBody: hook.raw, signatureHeader: hook.signature }), true);
  assert.equal(verifySignature({ appSecret: "invented-app-secret-0001", rawBody: JSON.stringify(hook.json), signatureHeader: hook.signature }), false);
  assert.match(hook.raw.toString("latin1"), /\\u0628.*\\ud83d\\ude00 https:\\\/\\\/x\.dz/);
});

test("a text reaches the customer and is reported as sent, delivered and read", async () => {
  const sent = await client.messages.sendText({ phoneNumberId, to: "+" + customer, body: "3500 DA" });
  const id = sent.messages[0].id;
  assert.equal(sent.contacts[0].waId ?? sent.contacts[0].wa_id, customer);
  assert.equal((await said(id)).text, "3500 DA");
  const statuses = await until(() => {
    const all = shop.received.flatMap((r) => r.json.entry[0].changes[0].value.statuses ?? []).filter((s) => s.id === id).map((s) => s.status);
    return all.length === 3 && all;
  });
  assert.deepEqual([...statuses].sort(), ["delivered", "read", "sent"]);
});

test("buttons are shown and can be tapped", async () => {
  const sent = await client.messages.sendInteractiveButtons({
    phoneNumberId, to: customer, bodyText: "Confirmer la commande ?", buttons: [{ id: "ok:42", title: "Confirmer" }, { id: "no:42", title: "Annuler" }],
  });
  const item = (await thread()).find((i) => i.id === sent.messages[0].id);
  assert.deepEqual(item.buttons.map((b) => [b.title, b.payload]), [["Confirmer", "ok:42"], ["Annuler", "no:42"]]);
  const tapped = (await door("POST", `/meta/_customers/${customer}/say`, { channel: "whatsapp", account: phoneNumberId, button: { title: "Confirmer", payload: "ok:42" } })).id;
  const hook = await until(() => shop.received.flatMap((r) => r.json.entry[0].changes[0].value.messages ?? []).find((m) => m.id === tapped));
  assert.equal(hook.interactive.button_reply.id, "ok:42");
  assert.equal(hook.context.id, sent.messages[0].id);
});

test("a picture is sent by link and by uploaded id, and downloads only with the token", async () => {
  const linked = await client.messages.sendImage({ phoneNumberId, to: customer, image: { link: shop.photo, caption: "La robe" } });
  assert.ok((await until(async () => (await thread()).find((i) => i.id === linked.messages[0].id && i.image_url))).image_url);
  const uploaded = await client.media.upload({ phoneNumberId, type: "image/png", file: new Blob([photo], { type: "image/png" }), fileName: "robe.png" });
  const sent = await client.messages.sendImage({ phoneNumberId, to: customer, image: { id: uploaded.id } });
  assert.equal((await said(sent.messages[0].id)).kind, "image");
  const media = await client.media.get({ mediaId: uploaded.id, phoneNumberId });
  assert.equal(media.mimeType ?? media.mime_type, "image/png");
  assert.deepEqual(Buffer.from(await (await client.fetch(media.url)).arrayBuffer()), photo);
  assert.equal((await client.rawFetch(media.url)).status, 401);
});

test("a message is marked as read and typing shows", async () => {
  assert.equal((await client.messages.markRead({ phoneNumberId, messageId: asked, typingIndicator: { type: "text" } })).success, true);
  assert.equal((await door("GET", `/meta/_customers/${customer}/thread?channel=whatsapp`)).typing, true);
});

test("a template reaches someone who never wrote, a text does not", async () => {
  const stranger = "213500000077";
  await assert.rejects(client.messages.sendText({ phoneNumberId, to: stranger, body: "salam" }), (e) => (e.code ?? e.error?.code) === 131047);
  const sent = await client.messages.sendTemplate({
    phoneNumberId, to: stranger, template: { name: "parcel_shipped", language: { code: "fr" }, components: [{ type: "body", parameters: [{ type: "text", text: "YAL-1" }, { type: "text", text: "Oran" }] }] },
  });
  const item = await until(async () => (await door("GET", `/meta/_customers/${stranger}/thread`)).items.find((i) => i.id === sent.messages[0].id));
  assert.equal(item.text, "Votre colis YAL-1 est en route vers Oran.");
});

test("a customer known only by a business-scoped id is answered by recipient", async () => {
  await door("POST", "/meta/_customers/sofia/say", { channel: "whatsapp", account: phoneNumberId, text: "slm", user_id_only: true });
  const value = (await until(() => shop.received.find((r) => r.json.entry[0].changes[0].value.messages?.[0].text?.body === "slm"))).json.entry[0].changes[0].value;
  assert.equal(value.messages[0].from, undefined);
  const userId = value.contacts[0].user_id;
  const sent = await client.messages.sendText({ phoneNumberId, recipient: userId, body: "salam" });
  assert.ok(await until(async () => (await door("GET", "/meta/_customers/sofia/thread")).items.find((i) => i.id === sent.messages[0].id)));
  const lost = await client.request("POST", `${phoneNumberId}/messages`, { body: { messagingProduct: "whatsapp", to: userId, type: "text", text: { body: "perdu" } }, responseType: "json" });
  assert.ok(lost.messages[0].id, "a BSUID in \"to\" is accepted and never delivered");
  assert.ok(!(await door("GET", "/meta/_customers/sofia/thread")).items.some((i) => i.text === "perdu"));
});

test("the number's profile and templates can be read", async () => {
  const number = await client.request("GET", phoneNumberId, { query: { fields: "display_phone_number,verified_name" }, responseType: "json" });
  assert.equal(number.verifiedName ?? number.verified_name, "Dar Lina");
  const list = await client.templates.list({ businessAccountId });
  assert.ok(list.data.some((t) => t.name === "order_confirmed" && t.status === "APPROVED"));
});
