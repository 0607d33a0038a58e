# Puts the secrets into files that only the broker reads (it logs its whole configuration when it starts), and starts it.
set -eu
umask 077
conf=/tmp/noodlebox-standalone.conf
printf '%s' "$NOODLEBOX_PULSAR_SECRET_KEY" | base64 -d >/tmp/noodlebox-pulsar.key
printf '%s' "$NOODLEBOX_PULSAR_TOKEN" >/tmp/noodlebox-pulsar.token
{
  cat /etc/noodlebox/standalone.conf
  printf '\ntokenSecretKey=file:///tmp/noodlebox-pulsar.key\n'
  printf 'brokerClientAuthenticationParameters=file:///tmp/noodlebox-pulsar.token\n'
} >"$conf"
export PULSAR_STANDALONE_CONF="$conf"
cd /pulsar
exec bin/pulsar standalone -nfw -nss
