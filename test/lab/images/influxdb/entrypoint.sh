#!/bin/bash
# As the official image's: on an empty volume org, bucket, user and token are set up on a port of its own first,
# so that whoever asks the usual port finds it ready.
set -euo pipefail
bolt=/var/lib/influxdb2/influxd.bolt
paths=(--bolt-path "$bolt" --engine-path /var/lib/influxdb2/engine --sqlite-path /var/lib/influxdb2/influxd.sqlite)
if [ "$(id -u)" = 0 ]; then
  chown -R influxdb:influxdb /var/lib/influxdb2 /etc/influxdb2
  exec setpriv --reuid=influxdb --regid=influxdb --clear-groups "$0" "$@"
fi
if [ "${DOCKER_INFLUXDB_INIT_MODE:-}" = setup ] && [ ! -e "$bolt" ]; then
  influxd "${paths[@]}" --http-bind-address 127.0.0.1:9999 >/dev/null &
  pid=$!
  until influx ping --host http://127.0.0.1:9999 >/dev/null 2>&1; do sleep 0.1; done
  curl -fsS -o /dev/null http://127.0.0.1:9999/api/v2/setup -d @- <<EOF
{"username":"$DOCKER_INFLUXDB_INIT_USERNAME","password":"$DOCKER_INFLUXDB_INIT_PASSWORD","org":"$DOCKER_INFLUXDB_INIT_ORG","bucket":"$DOCKER_INFLUXDB_INIT_BUCKET","retentionPeriodSeconds":$((${DOCKER_INFLUXDB_INIT_RETENTION%d} * 86400)),"token":"$DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"}
EOF
  kill "$pid"
  wait "$pid" || true
fi
exec influxd "${paths[@]}"
