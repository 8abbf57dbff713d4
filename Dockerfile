# Two stages: the first builds (Python packages, front end, translations), the second only runs, not as root.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /venv && /venv/bin/pip install --quiet --require-hashes -r requirements.txt
RUN python -m venv /tools && /tools/bin/pip install --quiet --require-hashes -r requirements-build.txt
COPY package.json package-lock.json .npmrc ./
RUN PATH="/tools/bin:$PATH" npm ci --omit=dev
COPY . .
RUN PATH="/tools/bin:$PATH" npm run --silent build && rm -rf node_modules
RUN VAR_DIR=/tmp/var /venv/bin/python manage.py messages --compile \
 && VAR_DIR=/tmp/var /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.11-slim-bookworm
# pg_dump and pg_restore, for backups, of the server's version (compose.yaml runs PostgreSQL 15)
RUN apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app zelo \
 && install -d -o zelo -g zelo /var/lib/zelo
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 PRODUCTION=1 VAR_DIR=/var/lib/zelo
USER zelo
VOLUME /var/lib/zelo
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve", "web"]
