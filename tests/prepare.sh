# Make sure the tests have a browser, the npm client they run and a PostgreSQL: install what is missing, or fail by name.
# Sourced by `make test`, so that TEST_POSTGRESQL_URL reaches pytest.

say() { printf '%s\n' "$*" >&2; }

install_package() {
    if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
        say "Missing: $1. Install it (Debian's package is called $1), then run make test again."
        return 1
    fi
    say "Installing $1…"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" >/dev/null
}

postgresql_answers() {
    .venv/bin/python -c 'import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()' "$1" >/dev/null 2>&1
}

prepare_postgresql() {
    TEST_POSTGRESQL_URL=${TEST_POSTGRESQL_URL:-postgresql://postgres@127.0.0.1:5432/postgres}
    export TEST_POSTGRESQL_URL
    # Its programs are needed even where one answers: the tests from outside restart a cluster of their own.
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || install_package postgresql || return 1
    postgresql_answers "$TEST_POSTGRESQL_URL" && return 0
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    data=$(mktemp -d) && as=""
    if [ "$(id -u)" = 0 ]; then chown postgres "$data"; as="runuser -u postgres --"; fi
    (cd / && $as "$bin/initdb" -D "$data/cluster" -A trust -U postgres >/dev/null \
        && $as "$bin/pg_ctl" -D "$data/cluster" -o "-p 54329 -k $data -c listen_addresses=127.0.0.1" -w -l "$data/log" start >/dev/null) || return 1
    TEST_POSTGRESQL_URL=postgresql://postgres@127.0.0.1:54329/postgres
    trap '(cd / && $as "$bin/pg_ctl" -D "$data/cluster" -m fast stop >/dev/null)' EXIT
    postgresql_answers "$TEST_POSTGRESQL_URL" || { say "Missing: a PostgreSQL that answers at $TEST_POSTGRESQL_URL."; return 1; }
}

prepare_browser() {
    command -v chromium >/dev/null 2>&1 || install_package chromium || return 1
    [ -x /usr/lib/chromium/chromium-headless-shell ] && return 0
    # The whole of Chromium does as well, at more than twice the cost of each page.
    say "Looking for chromium-headless-shell…"
    install_package chromium-headless-shell 2>/dev/null || true
}

prepare_node() {
    ./tests/node/prepare.sh "$PWD/.venv/bin" || { say "Missing: the npm packages of tests/node (npm ci failed)."; return 1; }
}

prepare_browser && prepare_node && prepare_postgresql
