# The image of the site, the worker, the scheduler, the migration and the dashboard: they differ in
# their command alone (docker-compose.yml).

FROM python:3.11.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt /build/requirements.txt
# Every dependency comes as a wheel, so that no compiler is needed, neither here nor in the image.
RUN python -m venv /opt/venv && \
    /opt/venv/bin/pip install --only-binary :all: -r /build/requirements.txt

FROM python:3.11.11-slim-bookworm
# Standard output unbuffered, so that no log line is lost when a container is killed. Home is where
# libraries put what they keep for themselves; /tmp is the one place that can be written to.
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    FLASK_APP=stockscore STOCKSCORE_ENV=production
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY worker.py scheduler.py pyproject.toml ./
COPY migrations ./migrations
COPY templates ./templates
COPY static ./static
COPY stockscore ./stockscore
# Compiled here, because the root file system is read-only later. instance/ has to exist for the same
# reason; in the containers it is a tmpfs.
RUN python -m compileall -q stockscore migrations && \
    mkdir -p instance && \
    chown 10001:10001 instance
USER 10001:10001
EXPOSE 5000
CMD ["flask", "serve"]
