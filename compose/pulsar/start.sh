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
# A bookie's registration outlives a kill, and is in data copied while it ran: Pulsar 4.0.7 may then register again and
# again for good. Whoever lists the bookies deletes it. Should that fail, the broker tells what is wrong with its data.
if [ -e data/metadata/CURRENT ]; then
  echo 'metadataServiceUri=metadata-store:rocksdb:data/metadata' >/tmp/noodlebox-shell.conf
  drivers=org.apache.pulsar.metadata.bookkeeper.PulsarMetadata
  "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m \
    "-Dbookkeeper.metadata.client.drivers=${drivers}ClientDriver" "-Dbookkeeper.metadata.bookie.drivers=${drivers}BookieDriver" \
    -cp '/pulsar/lib/*' org.apache.bookkeeper.bookie.BookieShell -conf /tmp/noodlebox-shell.conf listbookies -rw >/tmp/noodlebox-shell.log 2>&1 || true
fi
exec bin/pulsar standalone -nfw -nss
