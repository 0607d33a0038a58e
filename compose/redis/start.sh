# Adds the password to the configuration, readable by the server alone, and hands over to the image's own entrypoint.
set -eu
umask 077
password=$(printf '%s' "$REDIS_PASSWORD" | sed 's/[\\"]/\\&/g')
{
  cat /etc/noodlebox/redis.conf
  printf 'requirepass "%s"\n' "$password"
} >/tmp/noodlebox-redis.conf
chown redis:redis /tmp/noodlebox-redis.conf
exec docker-entrypoint.sh redis-server /tmp/noodlebox-redis.conf
