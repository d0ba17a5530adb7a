#!/bin/sh
# Install what tests/node needs, with the npm that comes beside the Python given, when it is missing or older than its lock.
set -e
bin=$1
cd "$(dirname "$0")"
[ node_modules/.package-lock.json -nt package-lock.json ] && exit 0
PATH="$bin:$PATH" npm ci --ignore-scripts --silent
