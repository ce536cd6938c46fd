#!/bin/sh
# Makes what docker-compose.yml asks for: ./secrets (passwords and keys at random) and ./.env (who owns them, the id of Kafka's
# cluster). What is there already stays as it is. Nothing is shown.
set -eu
umask 077
cd "$(dirname "$0")/.."

owner_of_files() {  # as root the programs run as a user of their own
  if [ "$(id -u)" = 0 ]; then echo 10001:10001; else echo "$(id -u):$(id -g)"; fi
}
random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_'; }
password() { random | tr -d '=\n'; }
hash_of() { tr -d '\n' <"$1" | sha256sum | cut -d' ' -f1; }

mkdir -p secrets inbox
chmod 755 inbox
for name in store_owner store_writer store_reader gateway_token grafana_admin grafana_secret_key; do
  [ -e "secrets/$name" ] || password >"secrets/$name"
done

# Only their hashes go to ClickHouse. Written anew each time: a password that was changed is taken over.
{
  echo '<clickhouse><users>'
  for name in owner writer reader; do
    echo "  <flowglass_$name><password_sha256_hex>$(hash_of "secrets/store_$name")</password_sha256_hex></flowglass_$name>"
  done
  echo '</users></clickhouse>'
} >secrets/store_users.xml

if [ ! -e secrets/privacy_keys ]; then
  cat >secrets/privacy_keys <<EOF
# Whoever has this file can tell whose token is whose. Keep a copy in a safe place: without it
# new events about a person no longer meet the old ones. See docs/privacy.md.
identity:
  - {id: k1, made: "$(date +%F)", secret: "$(random)"}
sealing:
  - {id: s1, made: "$(date +%F)", secret: "$(random)"}
EOF
fi

# Other images read these as users of their own; the directory itself stays closed to everybody else on this machine.
chmod 644 secrets/store_users.xml secrets/store_reader secrets/grafana_admin secrets/grafana_secret_key
owner=$(owner_of_files)
if [ "$(id -u)" = 0 ]; then chown -R "$owner" secrets; fi

touch .env
remember() { grep -q "^$1=" .env || echo "$1=$2" >>.env; }
remember FLOWGLASS_UID "${owner%:*}"
remember FLOWGLASS_GID "${owner#*:}"
remember KAFKA_CLUSTER_ID "F$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c2-22)"
echo "secrets and .env are in place; keep a copy of secrets/privacy_keys where you keep your backups"
