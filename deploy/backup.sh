#!/bin/sh
# Writes one consistent dump of the running database: deploy/backup.sh FILE
set -eu

file="${1:?usage: deploy/backup.sh FILE}"
if [ -e "$file" ]; then
    echo "$file exists already; choose another name" >&2
    exit 1
fi

root="$(cd "$(dirname "$0")/.." && pwd)"
postgres() {
    docker compose --project-directory "$root" exec -T postgres "$@"
}

# Personal data: for nobody but the owner to read.
umask 077
trap 'rm -f "$file.part"' EXIT
postgres pg_dump --username=postgres --dbname=tildel --format=custom > "$file.part"
# A dump that cannot be listed cannot be restored.
postgres pg_restore --list < "$file.part" > /dev/null
mv "$file.part" "$file"
echo "written $file; keep deploy/secrets/tildel_journal_key too, but in another place"
