// svix, the public library of the scheme ZR signs with, verifies ZR's webhooks as the sandbox sends them.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Webhook } from "svix";
import { door, sandbox, until } from "./sandbox.js";

const headers = { "content-type": "application/json", "x-tenant": "0d0a11a0-0000-4000-8000-000000000001", "x-api-key": "invented-zr-key-dar-lina" };
const received = [];
let server, secret;

/** A call of ZR's API; throws unless it is answered with 2xx. */
async function zr(method, path, body) {
  const answer = await fetch(`${sandbox}/zr/api/v1/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

const find = async (keyword, level) => (await zr("POST", "territories/search", { keyword, pageSize: 1000, pageNumber: 1 })).items.find((t) => t.name === keyword && t.level === level);

/** A new parcel, made ready: the first thing a webhook tells of. */
async function ready(externalId) {
  const customer = await zr("POST", "customers/individual", { name: "Amine Benali", phone: { number1: "+213500000012" } });
  const [city, district] = [await find("Alger", "wilaya"), await find("Bordj El Kiffan", "commune")];
  const [workflow] = (await zr("POST", "workflows/search", { pageNumber: 1, pageSize: 1 })).items;
  const { id } = await zr("POST", "parcels", {
    customer: { customerId: customer.id, name: "Amine Benali", phone: { number1: "+213500000012" } },
    deliveryAddress: { cityTerritoryId: city.id, districtTerritoryId: district.id, street: "Cité 120 logts, Bt 4" },
    orderedProducts: [{ productName: "Montre", unitPrice: 4500, quantity: 1, stockType: "none" }],
    deliveryType: "home", description: "Montre مع علبة 😀", amount: 4500, externalId,
  });
  await zr("PATCH", `parcels/${id}/state`, { parcelId: id, newStateId: workflow.states.find((s) => s.name === "pret_a_expedier").id });
  return until(() => received.find((r) => r.raw.includes(`"${externalId}"`)));
}

before(async () => {
  await door("DELETE", "/zr/_state");
  server = http.createServer((request, answer) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      if (request.url === "/webhooks/couriers/zr/k1") received.push({ raw: Buffer.concat(parts).toString("utf8"), headers: request.headers });
      answer.writeHead(200).end();
    });
  });
  await new Promise((done) => server.listen(Number(process.env.APP_PORT), "127.0.0.1", done));
  const endpoint = await zr("POST", "webhooks/endpoints", { url: `http://127.0.0.1:${process.env.APP_PORT}/webhooks/couriers/zr/k1`, description: "test", eventTypes: ["parcel.state.updated"], headers: {} });
  ({ secret } = await zr("GET", `webhooks/endpoints/${endpoint.id}/secret`));
});
after(() => { server.closeAllConnections(); server.close(); });

test("svix accepts the webhook and reads it", async () => {
  const hook = await ready("ORD-1");
  const event = new Webhook(secret).verify(hook.raw, hook.headers);
  assert.equal(event.eventType, "parcel.state.updated");
  assert.equal(event.data.externalId, "ORD-1");
  assert.equal(event.data.description, "Montre مع علبة 😀");
});

test("svix refuses another body, another secret, a wrong signature and an old one", async () => {
  const good = await ready("ORD-2");
  assert.throws(() => new Webhook(secret).verify(good.raw + " ", good.headers));
  assert.throws(() => new Webhook("whsec_" + Buffer.from("another-key-of-24-bytes!").toString("base64")).verify(good.raw, good.headers));
  for (const [kind, reference] of [["wrong-signature", "ORD-3"], ["stale-timestamp", "ORD-4"], ["missing-signature", "ORD-5"]]) {
    await door("POST", "/zr/_faults", { kind, count: 1 });
    const bad = await ready(reference);
    assert.throws(() => new Webhook(secret).verify(bad.raw, bad.headers), kind);
  }
});

test("svix accepts it among several signatures and under the neutral names of its headers", async () => {
  await door("POST", "/zr/_faults", { kind: "two-signatures" });
  const two = await ready("ORD-6");
  assert.equal(two.headers["svix-signature"].split(" ").length, 2);
  new Webhook(secret).verify(two.raw, two.headers);
  await door("POST", "/zr/_faults", { kind: "webhook-headers", value: "webhook" });
  const neutral = await ready("ORD-7");
  assert.ok(neutral.headers["webhook-id"] && !neutral.headers["svix-id"]);
  new Webhook(secret).verify(neutral.raw, neutral.headers);
});
