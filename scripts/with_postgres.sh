#!/usr/bin/env bash
# Runs a command on a throw-away PostgreSQL:  scripts/with_postgres.sh .venv/bin/pytest tests/ledger
# The server listens on a Unix socket in a temporary folder only, and goes with the command. The command finds it in
# SIGHTPACT_DATABASE_URL. As root the server runs under the account `postgres` (it refuses to run as root).
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v pg_ctl || true)")
[ -x "$bin/initdb" ] || { echo "with_postgres: no PostgreSQL programs here. Run: scripts/setup.sh postgres" >&2; exit 1; }

home=$(mktemp -d /tmp/sightpact-pg.XXXXXX)
as=()
if [ "$(id -u)" -eq 0 ]; then
  chown postgres "$home"
  as=(setpriv --reuid postgres --regid postgres --init-groups)
fi
server() { (cd "$home" && "${as[@]}" env -u PGPORT -u PGDATA "$@"); }
stop() {
  server "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT TERM

server "$bin/initdb" -D "$home/data" -U sightpact --auth=trust --encoding=UTF8 --no-locale --no-sync >"$home.log" 2>&1 \
  || { cat "$home.log" >&2; exit 1; }
rm -f "$home.log"
# Durability is tested on SQLite and by PostgreSQL's own makers; here its absence makes the tests quick.
server "$bin/pg_ctl" -D "$home/data" -l "$home/log" -w -t 60 start \
  -o "-c listen_addresses='' -k $home -c fsync=off -c full_page_writes=off -c max_connections=200" >/dev/null \
  || { cat "$home/log" >&2; exit 1; }
server "$bin/createdb" -h "$home" -U sightpact sightpact

status=0
SIGHTPACT_DATABASE_URL="postgres://sightpact@/sightpact?host=$home" "$@" || status=$?
exit $status
