#!/bin/sh
# Replaces the database by a dump that deploy/backup.sh wrote: deploy/restore.sh --replace FILE
#
# The dump is restored beside the live database first, so a bad dump leaves everything as it was. The replaced database
# is dropped only when the services have started again.
set -eu

if [ $# -ne 2 ] || [ "$1" != --replace ]; then
    echo "usage: deploy/restore.sh --replace FILE (what is in the database now is lost)" >&2
    exit 2
fi
file="$2"
[ -r "$file" ] || { echo "cannot read $file" >&2; exit 1; }

root="$(cd "$(dirname "$0")/.." && pwd)"
compose() {
    docker compose --project-directory "$root" "$@"
}
sql() {
    compose exec -T postgres psql --username=postgres --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --output=/dev/null "$@"
}

sql --command='DROP DATABASE IF EXISTS tildel_restored' \
    --command='CREATE DATABASE tildel_restored OWNER tildel' \
    --command='REVOKE ALL ON DATABASE tildel_restored FROM PUBLIC'
compose exec -T postgres pg_restore --username=postgres --dbname=tildel_restored --exit-on-error --single-transaction < "$file"

compose stop api worker
sql --command="SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tildel'" \
    --command='ALTER DATABASE tildel RENAME TO tildel_replaced' \
    --command='ALTER DATABASE tildel_restored RENAME TO tildel'
# Brings an older dump up to this version's schema before anything reads it.
compose up --detach --wait api worker
sql --command='DROP DATABASE tildel_replaced'
echo "restored $file"
