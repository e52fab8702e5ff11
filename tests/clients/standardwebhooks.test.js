// standardwebhooks, the public library of the scheme, verifies what the product sends: the delivery in hook-delivery.json is the one
// that a test of the app (Web/HooksTests) signs with the product's own code.
import assert from "node:assert/strict";
import fs from "node:fs";
import { mock, test } from "node:test";
import { Webhook } from "standardwebhooks";

const sent = JSON.parse(fs.readFileSync(new URL("./hook-delivery.json", import.meta.url), "utf8"));
const headers = { "webhook-id": sent.id, "webhook-timestamp": String(sent.timestamp), "webhook-signature": sent.signature };
const at = (seconds) => mock.timers.enable({ apis: ["Date"], now: (sent.timestamp + seconds) * 1000 });

test("a delivery is verified and read", () => {
  at(10);
  const event = new Webhook(sent.secret).verify(sent.body, headers);
  assert.equal(event.type, "order.confirmed");
  assert.equal(event.data.name, "أمينة B.");
  mock.timers.reset();
});

test("another body, another secret and an old time are refused", () => {
  at(10);
  assert.throws(() => new Webhook(sent.secret).verify(sent.body + " ", headers));
  assert.throws(() => new Webhook("whsec_" + Buffer.from("another key of 32 bytes, invented").toString("base64")).verify(sent.body, headers));
  mock.timers.reset();
  at(3600);
  assert.throws(() => new Webhook(sent.secret).verify(sent.body, headers));
  mock.timers.reset();
});
