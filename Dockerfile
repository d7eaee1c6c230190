# Rushes in a container: no compiler, no package manager of its own, nobody's rights, and nothing to write to but /data.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /src
COPY requirements.txt ./
# Every dependency as the wheel whose hash is in the list; what builds the project stays in this stage.
RUN python3 -m venv /build \
    && /build/bin/pip download --no-cache-dir --disable-pip-version-check --require-hashes --only-binary=:all: \
        --dest /wheels -r requirements.txt \
    && /build/bin/pip install --no-cache-dir --disable-pip-version-check --no-index --find-links=/wheels \
        hatchling editables
COPY pyproject.toml README.md LICENSE ./
COPY adapters/ adapters/
COPY bot/ bot/
COPY rushes/ rushes/
COPY simulator/ simulator/
COPY storage/ storage/
# From these wheels alone, whatever else pip is told to look through; so only what runs is taken of them.
RUN /build/bin/pip wheel --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python3 -m venv --without-pip /opt/rushes \
    && PIP_CONFIG_FILE=/dev/null /build/bin/pip --isolated --python /opt/rushes/bin/python install \
        --no-cache-dir --disable-pip-version-check --no-index --find-links=/wheels rushes

FROM python:${PYTHON}-slim-bookworm
LABEL org.opencontainers.image.title="Rushes" \
    org.opencontainers.image.description="Type /video in a chat, get the finished clip back" \
    org.opencontainers.image.licenses="MIT"
RUN install -d -o 10001 -g 10001 -m 700 /data
COPY --from=build /opt/rushes /opt/rushes
ENV PATH=/opt/rushes/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    RUSHES_DATA_DIR=/data \
    RUSHES_WEB_HOST=0.0.0.0 \
    RUSHES_WEB_PORT=8080
# Where rushes.toml is looked for.
WORKDIR /config
VOLUME ["/data"]
EXPOSE 8080
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=30s --retries=3 CMD ["rushes", "health"]
ENTRYPOINT ["rushes"]
CMD ["run"]
