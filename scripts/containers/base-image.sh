#!/usr/bin/env bash
# Builds the image on which container tests build where no registry can be pulled from: the Node that runs here, over
# the shared libraries and the busybox of Debian packages. It stands in for node:24-slim. Needs a Debian and an engine.
#
#   scripts/containers/base-image.sh TAG
set -euo pipefail
tag=$1
node=$(PATH="$(dirname "$0")/../../node_modules/.bin:$PATH" node -p process.execPath)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/packages" "$root/tree"

apt-get update -qq
(cd "$root/packages" && apt-get download -qq -o APT::Sandbox::User=root busybox-static libc6 libgcc-s1 libstdc++6)
for package in "$root"/packages/*.deb; do dpkg-deb -x "$package" "$root/tree"; done
rm -rf "$root/tree/usr/share"

cd "$root/tree"
mkdir -p tmp usr/local/bin home/node
chmod 1777 tmp
cp "$node" usr/local/bin/node
for command in $(bin/busybox --list); do [ -e "bin/$command" ] || ln -s busybox "bin/$command"; done
printf 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >etc/passwd
printf 'root:x:0:\nnode:x:1000:\n' >etc/group
chown 1000:1000 home/node

tar --create . | docker import --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$tag"
