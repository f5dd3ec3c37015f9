package io.bitcoincontroller.local.realcluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Runs in {@code scripts/test-realcluster.sh}; pom.xml leaves the tag out of every other run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("realcluster")
public @interface OnRealCluster {}
