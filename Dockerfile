# One crawl and exit: `docker run --rm -v kompas:/data kompascrawler`. docs/operate.md has the rest.
#
# Pinned by digest (that of the index of all platforms, September 2026), which fixes Debian, too.
# For Debian's fixes since then:
#   docker build --pull --build-arg BASE=python:3.11-slim-bookworm .
# For workers that read kept pages again (docs/scale.md), without a browser:
#   docker build --build-arg EXTRAS=cloud,cluster,warc --tag kompascrawler-replay .
ARG BASE=python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
ARG EXTRAS=browser,cloud,metrics,notify,parquet,report,warc

FROM ${BASE} AS build
ARG EXTRAS
WORKDIR /src
COPY requirements-ci.txt requirements-hashes.txt pyproject.toml README.md LICENSE ./
# The wheel is built by tools that stay in this stage.
RUN python -m venv /opt/tools \
 && sed -n '/^setuptools==/,/[^\\]$/p' requirements-hashes.txt > /opt/tools/hashes.txt \
 && /opt/tools/bin/pip install --no-cache-dir --require-hashes --no-deps -r /opt/tools/hashes.txt
COPY kompascrawler kompascrawler
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-build-isolation --no-deps --wheel-dir /opt/wheel .
# pip plans with the versions that CI tests with; then it installs what of the plan is proven by its
# hash. Nothing is compiled: a dependency without a wheel for this machine ends the build here.
RUN python -m venv --without-pip /opt/kompascrawler \
 && set -- /opt/wheel/*.whl \
 && /opt/tools/bin/pip --python /opt/kompascrawler/bin/python install --no-cache-dir --dry-run \
    --report /opt/tools/plan.json --only-binary :all: --constraint requirements-ci.txt \
    "$1[$EXTRAS]" \
 && python -c 'import json, re; \
      name = lambda text: re.sub("[-_.]+", "-", text).lower(); \
      plan = json.load(open("/opt/tools/plan.json"))["install"]; \
      names = {name(one["metadata"]["name"]) for one in plan}; \
      pins = re.split(r"\n(?=\w)", open("requirements-hashes.txt").read()); \
      print("\n".join(pin for pin in pins if name(pin.partition("==")[0]) in names))' \
    > /opt/tools/hashes.txt
RUN /opt/tools/bin/pip --python /opt/kompascrawler/bin/python install --no-cache-dir \
    --only-binary :all: --require-hashes --no-deps -r /opt/tools/hashes.txt \
 && /opt/tools/bin/pip --python /opt/kompascrawler/bin/python install --no-cache-dir \
    --no-index --no-deps /opt/wheel/*.whl \
 && /opt/tools/bin/pip --python /opt/kompascrawler/bin/python check

FROM ${BASE}
ARG EXTRAS
# The browser is Debian's, which gets security updates by building anew; Playwright's driver needs
# libatomic1. pip of the base image goes.
RUN case $EXTRAS in *browser*) set -- chromium-headless-shell libatomic1 ;; esac \
 && apt-get update \
 && apt-get install --yes --no-install-recommends "$@" ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/* \
    /usr/local/lib/python3*/ensurepip
# A number above those that machines give to people; volumes and `runAsUser` name it.
RUN groupadd --gid 10001 kompas \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin kompas \
 && install --directory --owner 10001 --group 10001 --mode 0750 /data
COPY --from=build /opt/kompascrawler /opt/kompascrawler
# HOME: Chromium wants to write there, and only /data and /tmp need to be writable.
ENV PATH=/opt/kompascrawler/bin:$PATH \
    SCRAPY_SETTINGS_MODULE=kompascrawler.settings \
    KOMPAS_DATA_DIR=/data \
    HOME=/tmp
WORKDIR /data
VOLUME /data
USER 10001:10001
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="kompascrawler" \
      org.opencontainers.image.description="A scheduled crawler for the Global (world news) section of Kompas.com" \
      org.opencontainers.image.source="https://github.com/kompascrawler/kompascrawler" \
      org.opencontainers.image.documentation="https://github.com/kompascrawler/kompascrawler/blob/main/docs/operate.md" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# tini passes signals on (SIGTERM publishes what was fetched) and buries Chromium's dead. There is no
# HEALTHCHECK: the container lives for one crawl, and its exit status says how that went.
ENTRYPOINT ["tini", "--"]
CMD ["kompascrawler", "crawl"]
