# socialduty in a container: the locked wheels, our rooms, an ordinary user, only /data and /tmp to write to.

FROM python:3.12-slim-bookworm AS build
COPY requirements.lock /build/
RUN python -m venv --without-pip /opt/socialduty \
 && python -m pip --python /opt/socialduty/bin/python install --no-cache-dir --no-deps \
      --require-hashes --only-binary :all: -r /build/requirements.lock
COPY . /build/
# The folders are the packages. -P keeps a stranger's config/ in the current folder from being taken for ours.
RUN cd /build \
 && cp -r connectors workers sla notifications config moderation store console \
      "$(/opt/socialduty/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
 && printf '%s\n' '#!/opt/socialduty/bin/python -P' \
      'import sys' 'from workers.cli import main' 'sys.exit(main())' > /opt/socialduty/bin/socialduty \
 && chmod 755 /opt/socialduty/bin/socialduty \
 && /opt/socialduty/bin/python -m compileall -q /opt/socialduty/lib

FROM python:3.12-slim-bookworm
# /data is open to whichever user the container is told to be, for secrets must belong to that user alone.
RUN useradd --uid 1000 --no-create-home --home-dir /data --shell /usr/sbin/nologin socialduty \
 && install --directory --owner socialduty --group socialduty --mode 1777 /data \
 && install --directory /etc/socialduty
COPY --from=build /opt/socialduty /opt/socialduty
ENV PATH=/opt/socialduty/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1
# socialduty.toml is looked for in the current folder
WORKDIR /etc/socialduty
USER 1000:1000
ENTRYPOINT ["socialduty"]
CMD ["run"]
HEALTHCHECK --interval=30s --timeout=20s --start-period=30s CMD ["socialduty", "status", "--loop", "run"]
