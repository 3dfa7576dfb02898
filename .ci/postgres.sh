# Sourced by .ci/run: a PostgreSQL of our own, gone again when the script ends.

park_folder=
park_bin=

free_port() {
    .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The server refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
    local port options
    park_bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1)
    park_folder=$(mktemp -d)
    port=$(free_port)
    [ "$(id -u)" != 0 ] || chown postgres "$park_folder"
    as_postgres "$park_bin/initdb" -D "$park_folder/data" -A trust -U park --no-sync -E UTF8 --locale=C.UTF-8 >/dev/null
    # Nothing here outlives the run, so it need not survive a power cut.
    options="-p $port -k $park_folder -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
    as_postgres "$park_bin/pg_ctl" -D "$park_folder/data" -w -s -l "$park_folder/log" -o "$options" start
    as_postgres "$park_bin/createdb" -h 127.0.0.1 -p "$port" -U park park
    postgres_url=postgres://park@127.0.0.1:$port/park
}

stop_postgres() {
    [ -n "$park_folder" ] || return 0
    as_postgres "$park_bin/pg_ctl" -D "$park_folder/data" -s -m immediate stop || true
    rm -rf "$park_folder"
}
