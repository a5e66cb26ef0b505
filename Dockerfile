# The sandbox as an image, for other languages than TypeScript and for teams who install nothing.
#
#   docker build --tag x402-assay .
#   docker run --rm --publish 127.0.0.1:4020-4022:4020-4022 --publish 127.0.0.1:8545-8546:8545-8546 x402-assay
#
# What follows the image's name goes to `x402-assay sandbox`, e.g. --block-time 2. See docs/containers.md.

# Any image with Node 22.22 or newer and glibc.
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS runtime
# Where --state may keep the chain.
RUN mkdir /data && chown 1000:1000 /data
ENV NODE_ENV=production
WORKDIR /data
USER 1000:1000
# admin API, seller, facilitator, chain, chain where faults bite
EXPOSE 4020 4021 4022 8545 8546
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=3 \
    CMD ["node", "--eval", "fetch('http://127.0.0.1:4020').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# All interfaces of the container: what of it is reached from outside is for whoever publishes the ports to decide.
ENTRYPOINT ["node", "/opt/x402-assay/dist/conformance/cli/main.js", "sandbox", "--host", "0.0.0.0", "--faulty-rpc-port", "8546"]

# For machines without a registry, from what is installed there: scripts/containers/build-offline.sh
FROM runtime AS offline
COPY package /opt/x402-assay
COPY node_modules /opt/x402-assay/node_modules

# The package as it is published, with dependencies as they are locked.
FROM ${NODE_IMAGE} AS build
WORKDIR /source
COPY . .
RUN npm ci
RUN npm pack && tar --extract --gzip --file x402-assay-*.tgz
RUN npm prune --omit=dev

FROM runtime
COPY --from=build /source/package /opt/x402-assay
COPY --from=build /source/node_modules /opt/x402-assay/node_modules
