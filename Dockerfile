# syntax=docker/dockerfile:1
# Flowglass in an image: the locked packages in one stage, what runs them in the other.

FROM python:3.11.14-slim-bookworm AS builder

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/flowglass
WORKDIR /build
COPY requirements.lock ./
RUN /opt/flowglass/bin/pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY metrics ./metrics
COPY streams ./streams
COPY dashboards ./dashboards
RUN /opt/flowglass/bin/pip install --quiet --no-deps --no-build-isolation . \
 && /opt/flowglass/bin/pip uninstall --quiet --yes setuptools pip \
 && /opt/flowglass/bin/python -m compileall -q /opt/flowglass/lib


FROM python:3.11.14-slim-bookworm

LABEL org.opencontainers.image.title="flowglass" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 flowglass \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin flowglass
COPY --from=builder /opt/flowglass /opt/flowglass

# It writes to /tmp alone, so its file system may be read-only and its user any number.
ENV PATH=/opt/flowglass/bin:$PATH HOME=/tmp USER=flowglass FLOWGLASS_DATA_DIR=/tmp/flowglass \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["flowglass"]
CMD ["--help"]
