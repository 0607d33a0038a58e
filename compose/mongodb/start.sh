# Writes the replica set's key where only the server reads it (a mounted file rarely has the owner and mode
# that mongod asks for), and hands over to the image's own entrypoint.
set -eu
umask 077
key=/tmp/noodlebox-mongodb.key
printf '%s\n' "$NOODLEBOX_MONGO_KEY" >"$key"
chown 999:999 "$key"
chmod 0400 "$key"
exec docker-entrypoint.sh mongod --replSet noodle-replica-set --keyFile "$key" --bind_ip_all
