#!/bin/sh
# Writes the secrets that docker-compose.yml mounts; keeps those that exist.
#
# The folder is closed to everyone but its owner. The files in it are readable, because the containers run as different
# users than the one on the host and each sees only the files that are mounted for it.
set -eu

secrets_dir="$(cd "$(dirname "$0")" && pwd)/secrets"
chmod 0700 "$secrets_dir"

for name in postgres_superuser_password tildel_database_password tildel_journal_key; do
    file="$secrets_dir/$name"
    if [ -s "$file" ]; then
        echo "kept    $file"
        continue
    fi
    # 32 random bytes in hexadecimal.
    od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' > "$file.part"
    chmod 0444 "$file.part"
    mv "$file.part" "$file"
    echo "written $file"
done
