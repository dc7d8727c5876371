# The builder image from Debian's packages and a Rust toolchain that is on the host already; the context is its sysroot.
FROM debian:bookworm-slim
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates g++ gcc libc6-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
# A site's own certificate authority, where packages and crates come through an inspecting proxy.
RUN --mount=type=secret,id=site_ca,target=/run/site-ca.crt \
    if [ -s /run/site-ca.crt ]; then \
        install --mode=0644 /run/site-ca.crt /usr/local/share/ca-certificates/site-ca.crt && update-ca-certificates; \
    fi
COPY bin /opt/rust/bin
COPY lib /opt/rust/lib
ENV PATH=/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    CARGO_HOME=/usr/local/cargo
