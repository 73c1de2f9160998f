# What all images share: the base, and the host that serves a function's bundle. `npm run images` builds this once and
# adds each function as one layer (docs/decisions/0008); one image by hand, after `npm run build`:
#   docker build --build-arg FUNCTION=orders/place-order -t kiosk/place-order .
ARG BASE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BASE} AS host
USER 65532:65532
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/compile-cache FUNCTION_BUNDLE=/app/function.cjs
COPY --chown=65532:65532 dist/host.cjs dist/telemetry.cjs /app/
COPY --chown=65532:65532 infra/host/empty-function.cjs /app/function.cjs
# Starts the host once, so that what it compiled is in the layer; Node.js writes it when the process ends by itself.
RUN ["/nodejs/bin/node", "-e", "require('/app/host.cjs');setTimeout(() => process.exit(0), 500)"]
CMD ["/app/host.cjs"]

FROM host AS function
ARG FUNCTION
COPY dist/functions/${FUNCTION}.cjs /app/function.cjs
