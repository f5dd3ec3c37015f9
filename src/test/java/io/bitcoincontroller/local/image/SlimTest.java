package io.bitcoincontroller.local.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.timing.Backoff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SlimTest {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String CLASS = Backoff.class.getName().replace('.', '/') + ".class";

  @TempDir private Path folder;
  private Path fat;

  @BeforeEach
  void makeAJar() throws IOException {
    fat = folder.resolve("fat.jar");
    try (var out = new ZipOutputStream(Files.newOutputStream(fat));
        var in = Backoff.class.getClassLoader().getResourceAsStream(CLASS)) {
      out.putNextEntry(new ZipEntry("META-INF/"));
      out.putNextEntry(new ZipEntry(MANIFEST));
      out.write("Manifest-Version: 1.0\n".getBytes(UTF_8));
      out.putNextEntry(new ZipEntry(CLASS));
      out.write(Optional.ofNullable(in).orElseThrow().readAllBytes());
    }
  }

  private byte[] slim() throws IOException {
    var slim = new ByteArrayOutputStream();
    Slim.slim(fat, slim);
    return slim.toByteArray();
  }

  private static byte[] read(Path jar, String name) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }

  /** How many of its methods' bodies have names of variables, and numbers of lines. */
  private static int[] debugging(byte[] type) {
    var variables = 0;
    var lines = 0;
    for (var method : ClassFile.of().parse(type).methods()) {
      var code = method.findAttribute(Attributes.code()).orElseThrow();
      variables += code.findAttribute(Attributes.localVariableTable()).isPresent() ? 1 : 0;
      lines += code.findAttribute(Attributes.lineNumberTable()).isPresent() ? 1 : 0;
    }
    return new int[] {variables, lines};
  }

  @Test
  void namesOfVariablesGoAndLineNumbersStay() throws IOException {
    var slim = Files.write(folder.resolve("slim.jar"), slim());
    var before = debugging(read(fat, CLASS));
    var after = debugging(read(slim, CLASS));
    assertTrue(before[0] > 0, "nothing to take away");
    assertEquals(0, after[0]);
    assertEquals(before[1], after[1]);
    assertEquals(new String(read(fat, MANIFEST), UTF_8), new String(read(slim, MANIFEST), UTF_8));
  }

  /** Verified as well: this class loader is none that the JVM trusts. */
  @Test
  void theClassesStillRun() throws Exception {
    var slim = Files.write(folder.resolve("slim.jar"), slim());
    var platform = ClassLoader.getPlatformClassLoader();
    try (var loader = new URLClassLoader(new URL[] {slim.toUri().toURL()}, platform)) {
      var type = loader.loadClass(Backoff.class.getName());
      var backoff =
          type.getConstructor(Duration.class, Duration.class, double.class)
              .newInstance(Duration.ofNanos(1), Duration.ofNanos(100), 0.0);
      var nanos = type.getMethod("nanos", int.class, double.class).invoke(backoff, 3, 0.5);
      assertEquals(new Backoff(Duration.ofNanos(1), Duration.ofNanos(100), 0).nanos(3, 0.5), nanos);
    }
  }

  @Test
  void theSameJarGivesTheSameBytes() throws IOException {
    assertArrayEquals(slim(), slim());
  }
}
