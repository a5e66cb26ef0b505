#!/usr/bin/env bash
# Builds the image where npm's registry cannot be reached, with the dependencies that `npm ci` has installed here.
#
#   scripts/containers/build-offline.sh TAG [DOCKER BUILD ARGUMENT]…
set -euo pipefail
tag=$1
shift
repository=$(realpath "$(dirname "$0")/../..")
modules=$(realpath "$repository/node_modules")
export PATH="$repository/node_modules/.bin:$PATH"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

# Packing changes package.json for a moment, which nobody who works in the repository should see.
cd "$repository"
cp --archive contracts conformance sandbox scripts ./*.json ./*.ts LICENSE README.md Dockerfile "$copy"
for compiled in artifacts cache; do [ ! -d "$compiled" ] || cp --archive "$compiled" "$copy"; done
cd "$copy"
ln -s "$modules" node_modules
npm pack --silent >/dev/null
tar --extract --gzip --file x402-assay-*.tgz
rm node_modules

# npm names the folders of all packages that are needed to run; a package brings what lies inside of its own.
cd "$(dirname "$modules")"
npm ls --omit=dev --all --parseable 2>/dev/null |
  sed --silent "s|^$PWD/||p" | grep --invert-match 'node_modules/.*/node_modules/' >"$copy/needed" || true
tar --create --directory "$copy" Dockerfile package --directory "$PWD" --files-from "$copy/needed" |
  docker build --target offline --tag "$tag" "$@" -
