# The image of the controller: a trimmed Java runtime, three libraries, the program and its ahead-of-time cache on a
# base without a shell. scripts/image.sh builds it; docker build, podman build and buildah do so by themselves too.
# Nothing here names an architecture.

# --- the program ---

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml ./
COPY src src
# style and tests are the business of scripts/test.sh
RUN mvn -B -ntp -DskipTests -Dspotless.check.skip package

# --- the runtime, the jars, and the run that trains the cache ---

FROM build AS trained
ENV JAVA=/usr/lib/jvm/bitcoin-controller
# What a registry stores is gzip'ed, and so are the sizes here. java.base (7.3 MB) runs the program, java.net.http (0.4)
# calls the API server and bitcoind, jdk.httpserver (0.1) answers the probes, jdk.unsupported (0.0) hears signals. TLS
# 1.3, EC and RSA keys need no more since JDK 22; java.sql and others that databind names (3) are not asked for.
# --compress 1 shares strings between classes: zip-0 would make 8.6, zip-9 more still. Left out: the character sets but
# for Unicode, ASCII and ISO 8859-1 (0.6), the names of Unicode's characters (0.2), messages in other languages.
RUN jlink --add-modules java.base,java.net.http,jdk.httpserver,jdk.unsupported --compress 1 --strip-debug \
      --no-header-files --no-man-pages --output "$JAVA" --exclude-resources "/java.base/java/lang/uniName.dat,\
regex:/java.base/sun/nio/cs/(Big5|BIG5|CompoundText|EUC_|GB|HKSCS|IBM|ISO2022|ISO_8859_([2-9]|1[0-9])|JIS|Johab|KOI8|Mac|MS|PCK|SJIS|TIS).*,\
regex:/java.base/sun/(launcher/resources/launcher|security/util/resources/(auth|security))_.*" \
 && strip --strip-unneeded "$JAVA"/lib/*.so "$JAVA"/lib/server/*.so "$JAVA"/bin/java "$JAVA"/lib/jspawnhelper \
 # tables to unwind C++ exceptions, which HotSpot is built without (0.7 MB)
 && objcopy -R .eh_frame -R .eh_frame_hdr "$JAVA"/lib/server/libjvm.so \
 # tools, lists for tools, and sorting for a compiler that does not run here
 && rm -r "$JAVA"/bin/keytool "$JAVA"/bin/jwebserver "$JAVA"/lib/classlist "$JAVA"/lib/jrt-fs.jar "$JAVA"/lib/jexec \
      "$JAVA"/lib/libsimdsort.so \
 # Authorities that the JDK trusts: here those of the base count, and to look through the others takes a start 20 ms.
 # (Against servers under public authorities it is then less strict with wildcards and SHA-1.)
 && rm "$JAVA"/lib/security/cacerts "$JAVA"/lib/security/public_suffix_list.dat \
 # scanners read here which Java this is
 && sed -n '/^IMPLEMENTOR=\|^JAVA_RUNTIME_VERSION=/p' "$JAVA_HOME/release" >>"$JAVA/release"
COPY src/main/image/jvm.args /app/
RUN cp target/bitcoin-controller-*.jar /tmp/bitcoin-controller.jar \
 && slim() { java -cp "target/test-classes:target/classes:target/lib/*" io.bitcoincontroller.local.image.Slim "$@"; } \
 && slim /app /tmp/bitcoin-controller.jar && slim /app/lib target/lib/*.jar
# The cache is bound to the times of the files that it is made from, and the same commit shall give the same image.
ARG SOURCE_DATE_EPOCH=1767225600
RUN find "$JAVA" /app -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
# The training is the controller's life in a pod, beside a cluster that is simulated: see local.image.Training. The cache
# is made in two steps, since the JDK's one step wants a runtime that was not trimmed.
COPY manifests manifests
RUN java -cp "target/test-classes:target/classes:target/lib/*" io.bitcoincontroller.local.image.Training \
      manifests /var/run/secrets/kubernetes.io/serviceaccount \
      "$JAVA/bin/java" @/app/jvm.args -XX:AOTMode=record -XX:AOTConfiguration=/tmp/trained \
      -jar /app/bitcoin-controller.jar --log-format=json --bind-address=127.0.0.1:0 \
 && mkdir /cache \
 && "$JAVA/bin/java" @/app/jvm.args -XX:AOTMode=create -XX:AOTConfiguration=/tmp/trained \
      -XX:AOTCache=/cache/bitcoin-controller.aot -cp /app/bitcoin-controller.jar \
 # AOTMode=on: a cache that the runtime can't use fails the build
 && "$JAVA/bin/java" @/app/jvm.args -XX:AOTMode=on -XX:AOTCache=/cache/bitcoin-controller.aot \
      -jar /app/bitcoin-controller.jar --version
# Whole trees, with the times of all folders, so that no layer holds the time of its making.
RUN mkdir -p /layers/runtime/usr/lib/jvm /layers/program /layers/cache \
 && cp -a "$JAVA" /layers/runtime/usr/lib/jvm/ && cp -a /app /layers/program/ && cp -a /cache /layers/cache/ \
 && chmod -R a=rX,u+w /layers && find /layers -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

# --- a distroless base: glibc and the CA roots of Debian, and nothing to run. Another one takes its place with
# --build-context distroless=docker-image://NAME ---

FROM debian:trixie-slim AS packages
WORKDIR /packages
RUN apt-get update && apt-get download base-files libc6 ca-certificates
ARG SOURCE_DATE_EPOCH=1767225600
RUN mkdir -p /base/var/lib/dpkg/status.d /base/etc/ssl/certs \
 && for package in *.deb; do \
      dpkg-deb -x "$package" /base \
      # scanners look here for what is in an image
      && dpkg-deb -f "$package" >"/base/var/lib/dpkg/status.d/${package%%_*}" || exit; \
    done \
 && cat /base/usr/share/ca-certificates/mozilla/*.crt >/base/etc/ssl/certs/ca-certificates.crt \
 # programs, manuals, and what iconv alone loads; the licences stay
 && rm -rf /base/usr/bin /base/usr/sbin /base/usr/share/man /base/usr/share/lintian /base/usr/share/ca-certificates \
      /base/usr/lib/*/gconv \
 && rmdir /base/var/run && ln -s ../run /base/var/run \
 && printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin \
      >/base/etc/passwd \
 && printf '%s\n' root:x:0: nonroot:x:65532: >/base/etc/group \
 && echo 'hosts: files dns' >/base/etc/nsswitch.conf \
 && find /base -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +

FROM scratch AS distroless
COPY --from=packages /base/ /

# --- the image ---

FROM distroless
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="bitcoin-controller" \
      org.opencontainers.image.description="A Kubernetes controller that turns bitcoind pods into one bitcoin network" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
# what changes least comes first
COPY --from=trained /layers/runtime/ /
COPY --from=trained /layers/program/ /
COPY --from=trained /layers/cache/ /
USER 65532:65532
EXPOSE 8080
# No shell between: the JVM is process 1, and hears SIGTERM. Its flags, with the reasons, are in src/main/image/jvm.args.
ENTRYPOINT ["/usr/lib/jvm/bitcoin-controller/bin/java", "@/app/jvm.args", "-XX:AOTCache=/cache/bitcoin-controller.aot", \
  "-jar", "/app/bitcoin-controller.jar"]
