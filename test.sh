#!/usr/bin/env bash
# ./test.sh [--fast] [arguments of the test runner]
# Installs what the tests need when it is missing (Chromium, PostgreSQL, an Arabic font), builds, runs every test on SQLite and PostgreSQL, ends with one line:
#   N passed, N failed, N skipped
# --fast leaves out the browser and PostgreSQL. Other arguments go to the runner, e.g. --filter-class '*Fernet*'.
set -uo pipefail
cd "$(dirname "$0")"

fast=no
if [ "${1:-}" = --fast ]; then fast=yes; shift; fi
sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
log=$(mktemp); clients=$(mktemp)
finish() { [ -z "${ORDERCLOSR_TEST_POSTGRES_FOLDER:-}" ] || [ "${own:-no}" = no ] || tests/postgres.sh stop >/dev/null 2>&1; rm -rf "$log" "$clients" ${memory:+"$memory"}; }
trap finish EXIT
trap 'exit 130' INT TERM

# The headless shell is the same browser without what only a screen needs: its tests take a third less.
find_chromium() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }

install() {
  command -v apt-get >/dev/null || { echo "apt-get is not here: install by hand: $*"; return; }
  echo "installing $*"
  $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>"$log" && return
  $sudo apt-get update -qq >/dev/null 2>&1
  $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>"$log" || { echo "could not install $*:"; tail -3 "$log"; }
}

export DEBIAN_FRONTEND=noninteractive DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Most of a test's time is code that runs for the first time: watching it for a later, better compilation costs a fifth of each start.
export DOTNET_TieredPGO=0
# Nor does a test need code that is mapped twice so that nobody can write what he can run: a tenth of each start.
export DOTNET_EnableWriteXorExecute=0
# What tests write goes to memory where there is room (4 GB): nothing of it outlives the run, and a thousand databases that come and go on a disk take a sixth of it.
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null; then
  memory=$(mktemp -d /dev/shm/orderclosr-XXXXXX); chmod 755 "$memory"
  export TMPDIR=$memory
fi
if [ $fast = no ]; then
  command -v chromium-headless-shell >/dev/null || install chromium-headless-shell
  [ -n "$(find_chromium)" ] || install chromium
  fc-list :lang=ar 2>/dev/null | grep -q . || install fontconfig fonts-noto-core
  command -v openssl >/dev/null || install openssl
  if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
    install postgresql-common
    # The package would make and start a cluster of the system: the tests bring their own.
    $sudo mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.d/orderclosr-tests.conf >/dev/null
    install postgresql
  fi
  ORDERCLOSR_TEST_CHROMIUM=$(find_chromium) && export ORDERCLOSR_TEST_CHROMIUM
  own=yes
  eval "$(tests/postgres.sh start)" || echo "PostgreSQL did not start: its tests will be skipped"
else
  unset ORDERCLOSR_TEST_POSTGRES
  set -- --filter-not-trait kind=browser "$@"
fi

# One compiler for all projects, warm after the first: without nodes of the build to be reused it would be one each.
dotnet restore --locked-mode -v q -p:CompileApp=true && dotnet build --no-restore -nodeReuse:false -p:UseSharedCompilation=true -v q -clp:ErrorsOnly &&
  { [ $# != 0 ] || dotnet build tests/OrderClosr.Tests -t:CompileApp --no-restore -nodeReuse:false -v q -clp:ErrorsOnly; } ||
  { echo "the build failed"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

dotnet build-server shutdown --vbcscompiler >/dev/null

# Of a method that runs a few dozen times compiling it once more, better, costs more than it saves. (Only now: the compiler itself lives long enough.)
export DOTNET_TC_CallCountThreshold=2000

dotnet test --no-build --no-progress "$@" 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
read -r passed failed skipped < <(awk '/^ *succeeded:/{p=$2} /^ *failed:/{f=$2} /^ *skipped:/{s=$2} END{print p+0, f+0, s+0}' "$log")

# Public clients that others wrote, against the sandbox; only on whole runs.
if [ $# = 0 ] || { [ $fast = yes ] && [ $# = 2 ]; }; then
  if [ -x tests/clients/run.sh ] && command -v node >/dev/null && command -v npm >/dev/null; then
    tests/clients/run.sh 2>&1 | tee "$clients"
    [ "${PIPESTATUS[0]}" = 0 ] || code=1
    count() { awk -v word="$1" '$1 ~ /^(#|ℹ)$/ && $2 == word {n += $3} END{print n+0}' "$clients"; }
    [ $(($(count pass) + $(count fail))) -gt 0 ] || { echo "the clients' tests said nothing"; failed=$((failed + 1)); }
    passed=$((passed + $(count pass))); failed=$((failed + $(count fail))); skipped=$((skipped + $(count skipped)))
  elif [ -e tests/clients/run.sh ]; then
    echo "skipped: tests/clients (no node here)"
    skipped=$((skipped + 1))
  fi
fi

# What failed, once more: of a long run only the end may be kept.
grep -hE '^ *(failed |not ok )' "$log" "$clients" | cut -c1-300

[ $code != 0 ] || [ "$failed" = 0 ] || code=1
[ $((passed + failed)) -gt 0 ] || { echo "no test ran"; [ $code != 0 ] || code=8; }
# A runner that died without a count is a failure, whatever it said.
[ $code = 0 ] || [ "$failed" -gt 0 ] || failed=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$code"
