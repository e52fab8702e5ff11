#!/usr/bin/env bash
# A PostgreSQL for the tests alone: own cluster in a temporary folder, own port, TLS from a CA made on the spot. Never touches a system cluster.
#   eval "$(tests/postgres.sh start)"    starts it and sets ORDERCLOSR_TEST_POSTGRES and ORDERCLOSR_TEST_POSTGRES_FOLDER
#   eval "$(tests/postgres.sh start --durable)"   the same, with commits that reach the disk: for bench
#   tests/postgres.sh stop [FOLDER]      stops it and removes its folder
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
as_postgres() { if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi; }

case ${1:-} in
start)
  [ -n "$bin" ] || { echo "PostgreSQL is not installed" >&2; exit 1; }
  folder=$(mktemp -d "${TMPDIR:-/tmp}/orderclosr-pg-XXXXXX")
  cd "$folder"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=OrderClosr test CA" -keyout ca.key -out ca.crt 2>/dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=localhost" -keyout server.key -out server.csr 2>/dev/null
  openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -out server.crt \
    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n') 2>/dev/null
  rm ca.key server.csr
  # Tests kill the app, never this server: what it has said it holds, and hundreds of databases come and go quickly.
  durable=off; [ "${2:-}" != --durable ] || durable=on
  password=$(openssl rand -hex 16)
  printf '%s' "$password" > password
  [ "$(id -u)" = 0 ] && chown -R postgres "$folder"
  chmod 755 "$folder"; chmod 600 server.key password
  as_postgres "$bin/initdb -D $folder/data -U orderclosr_admin --auth=scram-sha-256 --pwfile=$folder/password -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null"
  cat > data/pg_hba.conf <<H
local all all reject
hostssl all all 127.0.0.1/32 scram-sha-256
hostnossl all all all reject
H
  for try in 1 2 3 4 5; do
    port=$((RANDOM % 12000 + 20000))
    cat > data/postgresql.auto.conf <<C
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = ''
ssl = on
ssl_cert_file = '$folder/server.crt'
ssl_key_file = '$folder/server.key'
ssl_min_protocol_version = 'TLSv1.2'
max_connections = 200
fsync = $durable
full_page_writes = $durable
checkpoint_timeout = 30min
max_wal_size = 1GB
shared_buffers = 64MB
C
    # setsid: a Ctrl-C of the tests must not take the database away before they have stopped.
    if as_postgres "setsid $bin/pg_ctl -D $folder/data -l $folder/log -w -t 30 start >/dev/null 2>&1"; then
      echo "export ORDERCLOSR_TEST_POSTGRES='Host=127.0.0.1;Port=$port;Database=postgres;Username=orderclosr_admin;Password=$password;SSL Mode=VerifyFull;Root Certificate=$folder/ca.crt'"
      echo "export ORDERCLOSR_TEST_POSTGRES_FOLDER='$folder'"
      exit 0
    fi
  done
  tail -5 log >&2; exit 1 ;;
stop)
  folder=${2:-${ORDERCLOSR_TEST_POSTGRES_FOLDER:?which folder?}}
  case $folder in /tmp/orderclosr-pg-* | "${TMPDIR:-/tmp}"/orderclosr-pg-*) ;; *) echo "not a test cluster: $folder" >&2; exit 1 ;; esac
  as_postgres "$bin/pg_ctl -D $folder/data -m immediate -w stop >/dev/null 2>&1" || true
  rm -rf "$folder" ;;
*) sed -n 2,5p "$0"; exit 2 ;;
esac
