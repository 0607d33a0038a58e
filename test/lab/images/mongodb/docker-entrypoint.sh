#!/bin/sh
# As the official image's for the one call that compose.yaml makes: `mongod --replSet … --keyFile …`.
set -eu
if [ "$(id -u)" = 0 ]; then
  chown -R 999:999 /data/db
  exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
fi
exec "$@"
