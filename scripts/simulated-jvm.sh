# shellcheck shell=bash
# For sourcing, after tools.sh: a JVM in which the time is simulated.

# Writes the JDK's classes that ask for the simulated time.
patch_jdk() {
  run in_jvm io.bitcoincontroller.sim.jvm.SimulatedJvm "$scratch/patch"
}

# in_simulated_jvm [JVM OPTION …] CLASS [ARGUMENT …]
in_simulated_jvm() {
  in_jvm --patch-module=java.base="$scratch/patch" --add-opens=java.base/java.lang=ALL-UNNAMED \
    -XX:+UnlockExperimentalVMOptions -XX:hashCode=2 -Djdk.trackAllThreads=false "$@"
}

in_jvm() {
  java -Djava.io.tmpdir="$scratch" -XX:+UseSerialGC -Xmx512m \
    -cp "target/test-classes:$(echo target/bitcoin-controller-*.jar)" "$@"
}
