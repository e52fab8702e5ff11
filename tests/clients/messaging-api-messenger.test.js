// messaging-api-messenger, unchanged but for the origin, sells over Messenger; its proof of the app's secret is checked on every call.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import messenger from "messaging-api-messenger";
import { door, photo, product, sandbox, until } from "./sandbox.js";

const page = "101000000000001";
const client = new messenger.MessengerClient({
  accessToken: "invented-page-token-dar-lina", appId: "424200000000001", appSecret: "invented-app-secret-0001", version: "25.0", origin: sandbox + "/meta",
});
let shop, psid;

before(async () => {
  await door("DELETE", "/meta/_state");
  shop = await product("page");
  await client.axios.post(`/${page}/subscribed_apps?access_token=${client.accessToken}`, { subscribed_fields: ["messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads"] });
  const { id } = await door("POST", "/meta/_customers/amina/say", { channel: "messenger", account: page, name: "Amina B", text: "ch7al la robe?" });
  psid = (await until(() => shop.received.find((r) => r.json.entry[0].messaging?.[0].message?.mid === id))).json.entry[0].messaging[0].sender.id;
});
after(() => shop.close());

const thread = async () => door("GET", `/meta/_customers/amina/thread?channel=messenger&account=${page}`);
const item = async (id) => until(async () => (await thread()).items.find((i) => i.id === id));

test("a text reaches the customer and comes back as an echo with our app id", async () => {
  const sent = await client.sendText(psid, "3500 DA", { messagingType: "RESPONSE" });
  assert.equal(sent.recipientId, psid);
  assert.equal((await item(sent.messageId)).text, "3500 DA");
  const echo = await until(() => shop.received.map((r) => r.json.entry[0].messaging?.[0]).find((e) => e?.message?.is_echo && e.message.mid === sent.messageId));
  assert.equal(String(echo.message.app_id), "424200000000001");
  assert.equal(echo.sender.id, page);
});

test("quick replies and buttons are shown and can be tapped", async () => {
  const quick = await client.sendText(psid, "Quelle taille ?", { quickReplies: [{ contentType: "text", title: "M", payload: "SIZE_M" }, { contentType: "text", title: "L", payload: "SIZE_L" }] });
  assert.deepEqual((await item(quick.messageId)).buttons.map((b) => b.payload), ["SIZE_M", "SIZE_L"]);
  const { id } = await door("POST", "/meta/_customers/amina/say", { channel: "messenger", account: page, button: { title: "M", payload: "SIZE_M" } });
  const tap = await until(() => shop.received.map((r) => r.json.entry[0].messaging?.[0]).find((e) => e?.message?.mid === id));
  assert.equal(tap.message.quick_reply.payload, "SIZE_M");
  const buttons = await client.sendButtonTemplate(psid, "Confirmer ?", [{ type: "postback", title: "Oui", payload: "YES" }]);
  assert.deepEqual((await item(buttons.messageId)).buttons.map((b) => b.title), ["Oui"]);
});

test("a picture is sent by link and by uploaded attachment", async () => {
  const linked = await client.sendImage(psid, shop.photo);
  assert.ok((await item(linked.messageId)).image_url);
  const uploaded = await client.uploadImage(photo, { isReusable: true, filename: "robe.png", contentType: "image/png" });
  const sent = await client.sendImage(psid, { attachmentId: uploaded.attachmentId });
  const shown = await fetch((await item(sent.messageId)).image_url);
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), photo);
});

test("typing and seen are shown", async () => {
  await client.typingOn(psid);
  assert.equal((await thread()).typing, true);
  await client.typingOff(psid);
  assert.equal((await thread()).typing, false);
  await client.markSeen(psid);
  assert.ok((await thread()).seen_at);
});

test("the customer's profile and the page can be read", async () => {
  const profile = await client.getUserProfile(psid, { fields: ["id", "name", "first_name", "last_name"] });
  assert.equal(profile.firstName, "Amina");
  assert.equal((await client.getPageInfo()).id, page);
});

test("the token can be looked at", async () => {
  // The client proves the wrong token on this one call, so it goes without a proof.
  const bare = new messenger.MessengerClient({ accessToken: client.accessToken, appId: client.appId, appSecret: client.appSecret, version: "25.0", origin: sandbox + "/meta", skipAppSecretProof: true });
  const token = await bare.debugToken();
  assert.equal(token.isValid, true);
  assert.ok(token.scopes.includes("pages_messaging"));
});

test("who is unknown, and what is too long, is refused with Meta's codes", async () => {
  await assert.rejects(client.sendText("1", "salam"), /100 OAuthException/);
  await assert.rejects(client.sendText(psid, "x".repeat(2001)), /100 OAuthException/);
  const forger = new messenger.MessengerClient({ accessToken: "invented-page-token-dar-lina", appSecret: "not-the-secret", version: "25.0", origin: sandbox + "/meta" });
  await assert.rejects(forger.sendText(psid, "salam"), /100 GraphMethodException/);
});
