# syntax=docker/dockerfile:1
# The Node release with long-term support; README, Operation, says which others work. A digest pins the base images:
# --build-arg NODE_BUILD=24-bookworm-slim@sha256:… --build-arg NODE_RUN=24-alpine@sha256:…
ARG NODE=24
ARG NODE_BUILD=${NODE}-bookworm-slim
ARG NODE_RUN=${NODE}-alpine
FROM node:${NODE_BUILD} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json bundle.ts ./
COPY src ./src
RUN npm run build:programs

# Alpine for its size: nothing in it is compiled for one C library.
FROM node:${NODE_RUN}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="tigerconnect-graphql" \
  org.opencontainers.image.description="GraphQL gateway to TigerConnect" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.licenses="MIT"
# Passes signals on and reaps orphans, which Node as the first process does not.
RUN apk add --no-cache tini
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=build /app/package.json ./
# All packages are in there, with their licences.
COPY --from=build /app/dist/program ./dist/program
COPY schema/upstream.json schema/upstream-v5.json schema/persisted-operations.json ./schema/
# By number, so that Kubernetes can tell that it is not root.
USER 1000:1000
EXPOSE 4000
# By the base image's own busybox: a Node process would cost a third of a second of processor time and 84 MB each time.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD http_proxy= wget -q -O /dev/null "http://127.0.0.1:${PORT}/healthz" || exit 1
ENTRYPOINT ["/sbin/tini", "--"]
# As `npm start` does; test/bench/results/results.md describes the flags.
CMD ["node", "--max-semi-space-size=32", "--min-semi-space-size=22", "--expose-gc", "dist/program/main.js"]
