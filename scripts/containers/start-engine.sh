#!/usr/bin/env bash
# Starts a Docker engine where none runs, and brings Compose: Debian's own. The engine keeps running, its log is
# /tmp/dockerd.log.
set -euo pipefail

install() {
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null || install docker-compose
docker info >/dev/null 2>&1 && exit

command -v dockerd >/dev/null || install docker.io iptables
nohup dockerd >/tmp/dockerd.log 2>&1 &
for _ in {1..60}; do
  docker info >/dev/null 2>&1 && exit
  sleep 1
done
cat /tmp/dockerd.log
echo "The Docker engine did not start within a minute." >&2
exit 1
