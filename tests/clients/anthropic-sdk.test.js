// @anthropic-ai/sdk, unchanged but for the base address, talks to the played Claude: messages, a tool round trip, counting, its classes of errors.
import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { door, sandbox } from "./sandbox.js";

const client = new Anthropic({ apiKey: "invented-claude-key-0001", baseURL: sandbox + "/claude", maxRetries: 0 });
const model = "claude-haiku-5-5";
const ask = (content, more = {}) => ({ model, max_tokens: 1024, messages: [{ role: "user", content }], ...more });
const tools = [{
  name: "search_products", description: "Searches the shop's products.", strict: true,
  input_schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"], additionalProperties: false },
}];
const fault = (body) => door("POST", "/claude/_faults", { count: 1, ...body });
const text = (message) => message.content.filter((b) => b.type === "text").map((b) => b.text).join("\n");

before(() => door("DELETE", "/claude/_state"));
beforeEach(() => door("DELETE", "/claude/_faults"));

test("a message is answered with thinking, text and usage", async () => {
  const { data, request_id } = await client.messages.create(ask("Bonjour")).withResponse();
  assert.equal(data.type, "message");
  assert.equal(data.stop_reason, "end_turn");
  assert.deepEqual(data.content.map((b) => b.type), ["thinking", "text"]);
  assert.match(text(data), /Bonjour/);
  assert.ok(data.usage.input_tokens > 0 && data.usage.output_tokens > 0);
  assert.match(request_id, /^req_/);
  const silent = await client.messages.create(ask("Bonjour", { thinking: { type: "disabled" } }));
  assert.deepEqual(silent.content.map((b) => b.type), ["text"]);
});

test("a tool is called and its result is used; thinking goes back as it came", async () => {
  const first = await client.messages.create(ask("prix de la robe svp", { tools }));
  assert.equal(first.stop_reason, "tool_use");
  const call = first.content.find((b) => b.type === "tool_use");
  assert.deepEqual([call.name, call.input], ["search_products", { query: "" }]);
  const result = { products: [{ product: "Robe d'été", price: 3500, variants: [{ variant: "M / Noir", price: 3500, available: true }] }], more: false };
  const second = await client.messages.create({
    model, max_tokens: 1024, tools,
    messages: [
      { role: "user", content: "prix de la robe svp" }, { role: "assistant", content: first.content },
      { role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: JSON.stringify(result) }] },
    ],
  });
  assert.equal(second.stop_reason, "end_turn");
  assert.match(text(second), /3 500 DA/);
});

test("a marked prefix is written once and read afterwards; tokens are counted", async () => {
  const system = [{ type: "text", text: "rules of the shop ".repeat(300), cache_control: { type: "ephemeral" } }];
  const first = await client.messages.create(ask("slm", { system }));
  const second = await client.messages.create(ask("salam", { system }));
  assert.ok(first.usage.cache_creation_input_tokens > 512);
  assert.equal(second.usage.cache_read_input_tokens, first.usage.cache_creation_input_tokens);
  const { max_tokens, ...uncounted } = ask("slm", { system });
  assert.ok((await client.messages.countTokens(uncounted)).input_tokens > first.usage.cache_creation_input_tokens);
});

test("refusals and faults arrive as the classes of errors they are", async () => {
  const fails = (call, type, kind) => assert.rejects(call, (e) => e instanceof type && e.error?.error?.type === kind && /^req_/.test(e.requestID ?? ""));
  await fails(client.messages.create(ask("slm", { temperature: 1 })), Anthropic.BadRequestError, "invalid_request_error");
  await fails(client.messages.create({ ...ask("slm"), messages: [{ role: "user", content: "slm" }, { role: "assistant", content: "x" }] }), Anthropic.BadRequestError, "invalid_request_error");
  await fails(client.messages.create(ask("slm", { model: "claude-haiku-9" })), Anthropic.NotFoundError, "not_found_error");
  for (const [status, type, kind] of [[401, Anthropic.AuthenticationError, "authentication_error"], [429, Anthropic.RateLimitError, "rate_limit_error"], [500, Anthropic.InternalServerError, "api_error"], [529, Anthropic.InternalServerError, "overloaded_error"]]) {
    await fault({ kind: "error", status });
    await fails(client.messages.create(ask("slm")), type, kind);
  }
});

test("what passes by itself is repeated by the client", async () => {
  const patient = client.withOptions({ maxRetries: 2 });
  await fault({ kind: "error", status: 529 });
  assert.match(text(await patient.messages.create(ask("Bonjour"))), /Bonjour/);
  await fault({ kind: "error", status: 429, seconds: 1 });
  assert.match(text(await patient.messages.create(ask("Bonjour"))), /Bonjour/);
  await fault({ kind: "drop" });
  assert.match(text(await patient.messages.create(ask("Bonjour"))), /Bonjour/);
});
