// @chargily/chargily-pay, the vendor's own client: makes and reads checkouts at the sandbox, and verifies its webhooks.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import pay from "@chargily/chargily-pay";
import { door, sandbox, until } from "./sandbox.js";

const key = "test_sk_invented_orderclosr";
const client = new pay.ChargilyClient({ api_key: key, mode: "test" });
// The client knows two addresses, test and live; the sandbox is neither.
client.base_url = `${sandbox}/chargily/test/api/v2`;
const hooks = [];
let server;
before(async () => {
  await door("DELETE", "/chargily/_state");
  server = http.createServer((request, answer) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      if (request.url === "/webhooks/chargily") hooks.push({ raw: Buffer.concat(parts), signature: request.headers.signature });
      answer.writeHead(200).end();
    });
  });
  await new Promise((done) => server.listen(Number(process.env.APP_PORT), "127.0.0.1", done));
});
after(() => { server.closeAllConnections(); server.close(); });

test("the client makes a checkout, reads it, finds it in the list, and expires it", async () => {
  const made = await client.createCheckout({ amount: 3900, currency: "dzd", success_url: "http://127.0.0.1/back", payment_method: "cib", locale: "fr", metadata: { invoice_id: "2026-0001" } });
  assert.equal(made.status, "pending");
  assert.equal(made.amount, 3900);
  assert.equal((await client.getCheckout(made.id)).id, made.id);
  assert.equal((await client.listCheckouts()).data[0].id, made.id);
  assert.equal((await client.getCheckoutItems(made.id)).data.length, 1);
  assert.equal((await client.expireCheckout(made.id)).status, "expired");
});

test("customers, products, prices and payment links are made, changed and read", async () => {
  const customer = await client.createCustomer({ name: "Amine Benali", email: "amine@example.test", phone: "+213500000012", address: { country: "dz", state: "Alger", address: "Cité 120" } });
  assert.equal((await client.updateCustomer(customer.id, { name: "Amine B." })).name, "Amine B.");
  const product = await client.createProduct({ name: "Boutique" });
  const price = await client.createPrice({ amount: 3900, currency: "dzd", product_id: product.id });
  const checkout = await client.createCheckout({ items: [{ price: price.id, quantity: 2 }], success_url: "http://127.0.0.1/back", customer_id: customer.id });
  assert.equal(checkout.amount, 7800);
  const link = await client.createPaymentLink({ name: "Boutique", items: [{ price: price.id, quantity: 1, adjustable_quantity: false }] });
  assert.equal((await client.getPaymentLink(link.id)).name, "Boutique");
  assert.equal((await client.getProductPrices(product.id)).data.length, 1);
  assert.equal((await client.getBalance()).wallets[0].currency, "dzd");
});

test("its own check accepts the webhook, and refuses a wrong signature", async () => {
  const told = async (kind) => {
    if (kind) await door("POST", "/chargily/_faults", { kind, count: 1 });
    const { id } = await client.createCheckout({ amount: 3900, currency: "dzd", success_url: "http://127.0.0.1/back" });
    await door("POST", `/chargily/_checkouts/${id}`, { do: "pay" });
    return until(() => hooks.find((h) => h.raw.includes(id) && JSON.parse(h.raw).type === "checkout.paid"));
  };
  const good = await told();
  assert.ok(pay.verifySignature(good.raw, good.signature, key));
  const bad = await told("wrong-signature");
  assert.throws(() => pay.verifySignature(bad.raw, bad.signature, key));
});
