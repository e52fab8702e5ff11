#!/usr/bin/env bash
# ./migration.sh NAME      adds a migration to both databases
# ./migration.sh --check   exit code 0 when both databases' migrations say what the model says
# ./migration.sh --initial until the first release: one migration per database, made anew
set -euo pipefail
cd "$(dirname "$0")"
dotnet tool restore >/dev/null
ef() { dotnet ef "$@" --project src/OrderClosr --no-build --context "$context"; }
folder=src/OrderClosr/Ground/Data/Migrations
[ "${1:-}" ] || { sed -n 2,4p "$0"; exit 2; }
if [ "$1" = --initial ]; then rm -rf $folder; fi
if [ "$1" != --check ]; then dotnet build src/OrderClosr -v q -clp:ErrorsOnly -nodeReuse:false; fi
for database in Sqlite Postgres; do
  context=${database}Db
  case $1 in
    --check) ef migrations has-pending-model-changes ;;
    --initial) ef migrations add Initial -o Ground/Data/Migrations/$database ;;
    *) ef migrations add "$1" -o Ground/Data/Migrations/$database ;;
  esac
done
