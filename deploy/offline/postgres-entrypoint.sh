#!/bin/bash
# Makes a cluster in an empty volume, then becomes the server. Understands POSTGRES_USER, POSTGRES_PASSWORD or
# POSTGRES_PASSWORD_FILE, POSTGRES_DB, POSTGRES_INITDB_ARGS and *.sql and *.sh in /docker-entrypoint-initdb.d, as the usual image does.
set -Eeuo pipefail

user="${POSTGRES_USER:-postgres}"
database="${POSTGRES_DB:-$user}"

sql() {
    psql --username="$user" --no-password --no-psqlrc --quiet --set=ON_ERROR_STOP=1 "$@"
}

read_password() {
    if [[ -n "${POSTGRES_PASSWORD_FILE:-}" ]]; then
        cat "$POSTGRES_PASSWORD_FILE"
    else
        printf '%s' "${POSTGRES_PASSWORD:-}"
    fi
}

create_cluster() {
    local password
    password="$(read_password)"
    if [[ -z "$password" ]]; then
        echo "set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD: a cluster without a superuser password is refused" >&2
        exit 1
    fi
    local initdb_args=()
    read -ra initdb_args <<< "${POSTGRES_INITDB_ARGS:-}"
    initdb --pgdata="$PGDATA" --username="$user" --pwfile=<(printf '%s\n' "$password") "${initdb_args[@]}"
    printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
}

fill_cluster() {
    # Only the socket answers until the cluster is complete.
    pg_ctl --pgdata="$PGDATA" --wait --options="-c listen_addresses=''" start
    if [[ "$database" != postgres ]]; then
        sql --dbname=postgres --set=name="$database" <<< 'CREATE DATABASE :"name";'
    fi
    local file
    for file in /docker-entrypoint-initdb.d/*; do
        case "$file" in
            *.sql) echo "running $file"; sql --dbname="$database" --file="$file" ;;
            *.sh) echo "running $file"; bash "$file" ;;
        esac
    done
    pg_ctl --pgdata="$PGDATA" --mode=fast --wait stop
}

if [[ "${1:-}" != postgres ]]; then
    exec "$@"
fi
if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
    create_cluster
    fill_cluster
fi
# The packaged default is the loopback alone; the usual image listens on all addresses of its container.
exec "$@" -c "listen_addresses=*"
