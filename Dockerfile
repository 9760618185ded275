# The service in a container. `compose.yaml` runs it with all it needs; docs/operations.md tells more.
# Where no engine is at hand, `python -m tests.container` takes these steps in a fresh folder.

FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /influents
RUN python -m venv .venv
COPY requirements.txt ./
RUN .venv/bin/python -m pip install --disable-pip-version-check --no-cache-dir --quiet --require-hashes -r requirements.txt

FROM packages AS explorer
COPY requirements-node.txt ./
COPY influents influents
COPY explorer explorer
RUN .venv/bin/python -m influents.explorer_build

FROM python:3.11.14-slim-bookworm
WORKDIR /influents
# Whoever runs is nobody that the machine knows, and owns nothing but the data folder.
RUN mkdir -p /var/lib/influents && chown 10001:10001 /var/lib/influents && chmod 700 /var/lib/influents
COPY --from=packages /influents/.venv .venv
COPY --from=explorer /influents/explorer/dist explorer/dist
COPY LICENSE schema.graphql ./
COPY domain domain
COPY db db
COPY resolvers resolvers
COPY engine engine
COPY schema schema
COPY influents influents
# Compiled now: later nothing can be written here.
RUN .venv/bin/python -m compileall -q domain db resolvers schema influents
ENV INFLUENTS_DATA_DIR=/var/lib/influents INFLUENTS_HOST=0.0.0.0 INFLUENTS_PORT=8000 INFLUENTS_LOG_JSON=true
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-interval=1s --start-period=30s CMD [".venv/bin/python", "-m", "influents.probe"]
CMD [".venv/bin/python", "-m", "influents", "serve", "--no-demo", "--no-worker"]
