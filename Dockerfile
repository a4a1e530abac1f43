# bcrag with all a run needs but the Blenders, for a machine of your own, or to see a run again as the runner saw it.
#
#   docker build -t bcrag .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/addon" -v bcrag-cache:/cache \
#     --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined \
#     --cap-drop ALL --security-opt no-new-privileges --read-only --tmpfs /tmp \
#     bcrag run /addon
#
# What the flags are for. bubblewrap, the sandbox, makes a user namespace and mounts in it; an engine's own rules are
# against that, each in its way:
#
#   seccomp=unconfined       the engine's filter refuses unshare, mount and pivot_root. The sandbox has a filter of its
#                            own, and a stricter one, for the add-on's code.
#   apparmor=unconfined      the profile docker-default refuses mounts. (Only where the host has AppArmor.)
#   systempaths=unconfined   a fresh /proc may be mounted only where the container's own is not covered in places.
#
# These three make the wall around bcrag itself thinner; the one around the add-on is bubblewrap's. What is left for
# bcrag: no root, no capability (--cap-drop ALL), no way to gain any (no-new-privileges), nothing to write to but the
# cache, the checkout and a /tmp in memory (--read-only, --tmpfs). Neither --privileged nor --cap-add SYS_ADMIN is
# needed: user namespaces do without, and pivot_root would still be refused. Podman's rules are milder and may need fewer.
# On an Ubuntu host from 24.04 on, programs without a profile may make no user namespaces, those in containers included:
# `sudo action/machine` on the host gives bubblewrap one.
# `docker run … bcrag doctor` tries the sandbox and says what is missing; a run refuses to go on without one.

# The digest is of the index for all platforms; with the tag beside it, it is Python 3.11.16 on Debian 12.
FROM python:3.11.16-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b

# Not by version: Debian keeps the newest of a release alone, and those are the ones with the security fixes.
# hadolint ignore=DL3008
RUN apt-get update --quiet=2 \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends \
        bubblewrap \
        ca-certificates git \
        libegl1 libgl1 libgl1-mesa-dri \
        libgomp1 libice6 libsm6 libx11-6 \
        libxext6 libxfixes3 libxi6 libxkbcommon0 libxrender1 libxt6 libxxf86vm1 \
    && rm -rf /var/lib/apt/lists/*

COPY action/requirements.txt /opt/bcrag/action/
RUN python -m pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --require-hashes --only-binary :all: --requirement /opt/bcrag/action/requirements.txt
COPY pyproject.toml README.md LICENSE /opt/bcrag/
COPY bot /opt/bcrag/bot
COPY indexer /opt/bcrag/indexer
RUN python -m pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --no-index --no-deps --no-build-isolation /opt/bcrag

# Blenders and indexes: put a volume here, or they are fetched each time. Anybody may write to it, as the image is to
# be run as whoever owns the checkout.
RUN useradd --create-home --uid 1000 bcrag \
    && install --directory --mode=1777 /cache
ENV BCRAG_CACHE_DIR=/cache \
    PYTHONUNBUFFERED=1
USER 1000:1000
WORKDIR /addon
ENTRYPOINT ["bot"]
CMD ["--help"]
