#!/usr/bin/env bash
# Uses the image as a program in any language would: docker, HTTP and JSON. Prints what it found, line by line.
#
#   from-outside.sh IMAGE
set -euo pipefail
image=$1

sandbox=$(docker run --detach --publish 127.0.0.1::4020 --publish 127.0.0.1::4021 --publish 127.0.0.1::8545 "$image")
trap 'docker rm --force "$sandbox" >/dev/null' EXIT
until [ "$(docker inspect --format '{{.State.Health.Status}}' "$sandbox")" = healthy ]; do
  [ "$(docker inspect --format '{{.State.Running}}' "$sandbox")" = true ] || { docker logs "$sandbox" >&2; exit 1; }
  sleep 0.2
done

url() { echo "http://$(docker port "$sandbox" "$1" | head -n 1)"; }
post() { curl --silent --show-error --fail --header 'content-type: application/json' --data "$2" "$1"; }
seller="$(url 4021)/weather?city=Berlin"
account=0x00000000000000000000000000000000000000aa

echo "user $(docker exec "$sandbox" id -u)"
echo "unpaid $(curl --silent --output /dev/null --write-out '%{http_code}' "$seller")"
echo "faucet $(post "$(url 4020)/faucet" "{\"address\":\"$account\",\"amount\":\"5\"}")"
echo "chain $(post "$(url 8545)" '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}')"
post "$(url 4020)/faults" '{"name":"settle-refuses","times":1}' >/dev/null
echo "faults $(curl --silent "$(url 4020)/faults" | grep --only-matching '"active":\[{"id":1,"name":"settle-refuses"')"

docker stop "$sandbox" >/dev/null
echo "stopped $(docker inspect --format '{{.State.ExitCode}}' "$sandbox")"
