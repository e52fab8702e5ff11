#!/usr/bin/env bash
# Starts the built sandbox on a free port, lets every client talk to it (node --test), ends it.
# Needs node and a built src/OrderClosr.Sandbox; without node it says so and leaves with 77 (skipped).
set -euo pipefail
cd "$(dirname "$0")"
command -v node >/dev/null && command -v npm >/dev/null || { echo "skipped: node is not installed"; exit 77; }
[ -d node_modules ] || npm ci --no-fund --no-audit --silent

sandbox=
for configuration in "${CONFIGURATION:-Debug}" Release Debug; do
  dll=../../src/OrderClosr.Sandbox/bin/$configuration/net10.0/OrderClosr.Sandbox.dll
  [ -f "$dll" ] && { sandbox=$dll; break; }
done
[ -n "$sandbox" ] || { echo "build src/OrderClosr.Sandbox first"; exit 1; }

port() { node -e 'const s=require("net").createServer();s.listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }
SANDBOX_PORT=$(port); APP_PORT=$(port)
# The product is played by the tests on APP_PORT: they see the webhooks the sandbox sends.
env -u Meta__AppSecret -u Meta__InstagramAppSecret -u Meta__VerifyToken dotnet "$sandbox" --port "$SANDBOX_PORT" --host 127.0.0.1 --app "http://127.0.0.1:$APP_PORT" &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true' EXIT
for _ in $(seq 100); do
  node -e "fetch('http://127.0.0.1:$SANDBOX_PORT/meta/_accounts').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))" && break
  kill -0 $pid 2>/dev/null || { echo "the sandbox did not start"; exit 1; }
  sleep 0.1
done
export SANDBOX="http://127.0.0.1:$SANDBOX_PORT" APP_PORT
# One file after another: they share the sandbox and the port of the played product.
node --test --test-concurrency=1 "$@"
