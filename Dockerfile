# The sync on the official Airflow image. Where that cannot be had, any image serves that has
# Python 3.11 in a virtual environment of user 50000, named by VIRTUAL_ENV:
#   docker build --build-arg AIRFLOW_BASE=... .
ARG AIRFLOW_BASE=docker.io/apache/airflow:3.3.2-python3.11
FROM ${AIRFLOW_BASE}

USER root
RUN install -d -o 50000 -g 0 -m 0775 /opt/sync /opt/sync/sandbox

USER 50000:0
WORKDIR /opt/sync
ENV SYNC_HOME=/opt/sync/include \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/sync/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/sync/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    PYTHONUNBUFFERED=1

# What changes seldom first. Every file is checked against the lock's hash.
COPY --chown=50000:0 pyproject.toml requirements.txt ./
ARG UV_VERSION=0.13.9
RUN python -m pip install --no-cache-dir --quiet "uv==${UV_VERSION}" \
    && python -m uv pip install --no-cache --compile-bytecode \
        -r pyproject.toml --extra compose --extra sandbox -c requirements.txt

COPY --chown=50000:0 README.md ./
COPY --chown=50000:0 include include
COPY --chown=50000:0 dags dags
COPY --chown=50000:0 plugins plugins
COPY --chown=50000:0 scripts/compose scripts/compose
RUN python -m uv pip install --no-cache --no-deps -e .
