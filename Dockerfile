# The same Debian in both stages: the binaries need a glibc that is no older than the builder's.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
# The mounts keep what dependencies compile to between builds. Cargo tells what changed by the files'
# times, and another checkout's may be older than the cache: touched, they are always newer.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    find src -name '*.rs' -exec touch {} + && \
    cargo build --profile dist --features tls --locked && \
    install -D -s -t /out target/dist/update-availability target/dist/hut-availability

FROM debian:bookworm-slim
# The booking sites' certificates are checked against the system's CAs. /data is made for the user
# below, so that a named volume mounted there is writable.
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates && \
    rm -rf /var/lib/apt/lists/* && \
    install -d -o 65532 -g 65532 /data
# The OpenSSL that is compiled in, for PostgreSQL, does not know by itself where Debian keeps them.
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/ /usr/local/bin/
USER 65532:65532
# Without DATABASE_URL, the SQLite file is kept in the working directory.
WORKDIR /data
# No ENTRYPOINT, so that the other program is run by its name: docker run IMAGE hut-availability huts list
CMD ["update-availability"]
