#!/usr/bin/env bash
# Starts a Docker engine where none runs: Debian's own. It keeps running; its log is /tmp/dockerd.log.
set -euo pipefail

docker info >/dev/null 2>&1 && exit

if ! command -v dockerd >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables
fi
nohup dockerd >/tmp/dockerd.log 2>&1 &
for _ in {1..60}; do
  docker info >/dev/null 2>&1 && exit
  sleep 1
done
cat /tmp/dockerd.log
echo "The Docker engine did not start within a minute." >&2
exit 1
