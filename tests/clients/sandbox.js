// What every client's test needs: the sandbox's address and doors, and a product that receives webhooks.
import http from "node:http";

export const sandbox = process.env.SANDBOX;
if (!sandbox) throw new Error("run ./run.sh: it starts the sandbox");

/** A JSON call to a door of the sandbox; throws unless it is answered with 2xx. */
export async function door(method, path, body) {
  const answer = await fetch(sandbox + path, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Plays the product: keeps the raw webhooks about one object (others are answered only: reports of an earlier file may still come), serves one picture at /photo.png. */
export async function product(about) {
  const received = [];
  const server = http.createServer((request, answer) => {
    if (request.url === "/photo.png") return answer.writeHead(200, { "content-type": "image/png" }).end(photo);
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const raw = Buffer.concat(parts);
      const json = request.method === "POST" ? JSON.parse(raw.toString("utf8")) : null;
      if (json?.object === about) received.push({ raw, signature: request.headers["x-hub-signature-256"], json });
      answer.writeHead(200).end();
    });
  });
  await new Promise((done) => server.listen(Number(process.env.APP_PORT), "127.0.0.1", done));
  return { received, photo: `http://127.0.0.1:${process.env.APP_PORT}/photo.png`, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

/** Waits until a check gives something, at most 10 seconds. */
export async function until(check) {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((next) => setTimeout(next, 20))) {
    const found = await check();
    if (found) return found;
  }
  throw new Error("it did not happen within 10 seconds");
}

/** The smallest PNG. */
export const photo = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
