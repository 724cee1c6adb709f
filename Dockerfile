# Three steps: pages are built by Node, packages are installed by hash, and neither tool is in what runs.
FROM node:22-slim AS pages
WORKDIR /src
COPY package.json package-lock.json .npmrc vite.config.js ./
RUN npm ci || npm install --no-save
COPY frontend frontend
COPY src/wanku src/wanku
RUN npm run build

FROM python:3.13-slim AS packages
WORKDIR /src
COPY locks locks
RUN python -m venv /opt/wanku \
 && /opt/wanku/bin/pip install --no-cache-dir --require-hashes -r locks/runtime.txt \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r locks/build.txt
COPY pyproject.toml README.md ./
COPY src src
COPY --from=pages /src/src/wanku/ui/dist src/wanku/ui/dist
RUN find src -name '*.po' -exec /opt/wanku/bin/python src/wanku/runner/translations.py {} + \
 && /opt/build/bin/hatchling build --target wheel --directory /dist \
 && /opt/wanku/bin/pip install --no-cache-dir --no-deps --no-index /dist/*.whl

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data wanku && install -d -o wanku -m 0700 /data
COPY --from=packages /opt/wanku /opt/wanku
USER wanku
WORKDIR /data
ENV PATH=/opt/wanku/bin:$PATH PYTHONUNBUFFERED=1 WANKU_DATA=/data
EXPOSE 8000
ENTRYPOINT ["wanku"]
CMD ["web", "--host=0.0.0.0"]
