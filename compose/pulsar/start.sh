# Adds the secrets to the configuration, readable by the broker alone, and starts it.
set -eu
umask 077
conf=/tmp/noodlebox-standalone.conf
{
  cat /etc/noodlebox/standalone.conf
  printf '\ntokenSecretKey=data:;base64,%s\n' "$NOODLEBOX_PULSAR_SECRET_KEY"
  printf 'brokerClientAuthenticationParameters=token:%s\n' "$NOODLEBOX_PULSAR_TOKEN"
} >"$conf"
export PULSAR_STANDALONE_CONF="$conf"
cd /pulsar
exec bin/pulsar standalone -nfw -nss
