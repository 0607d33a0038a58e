# The broker's own check writes to a topic and reads it back. The token comes by standard input, not in the command line.
set -eu
printf 'header = "Authorization: Bearer %s"\n' "$NOODLEBOX_PULSAR_TOKEN" |
  curl -fsS -o /dev/null --max-time 8 -K - http://127.0.0.1:8080/admin/v2/brokers/health
