package io.bitcoincontroller.local.image;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.LocalVariable;
import java.lang.classfile.instruction.LocalVariableType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Makes jars small for an image: {@code Slim FOLDER JAR...} writes each into the folder, without
 * the names of local variables (line numbers stay), and not compressed, since a registry compresses
 * all of a layer better than a jar each class. The same jar gives the same bytes.
 *
 * <p>The class path must have all the classes that those of the jars extend.
 */
public final class Slim {
  private static final FileTime TIME = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private static final ClassFile CLASS_FILE =
      ClassFile.of(
          // a pool that is copied would keep the names
          ClassFile.ConstantPoolSharingOption.NEW_POOL,
          ClassFile.ClassHierarchyResolverOption.of(
              ClassHierarchyResolver.ofResourceParsing(Slim.class.getClassLoader())
                  .orElse(ClassHierarchyResolver.defaultResolver())));

  private static final ClassTransform WITHOUT_LOCALS =
      ClassTransform.transformingMethodBodies(
          (code, element) -> {
            switch (element) {
              case LocalVariable _, LocalVariableType _ -> {}
              default -> code.with(element);
            }
          });

  private Slim() {}

  public static void main(String[] args) throws IOException {
    if (args.length < 2) {
      System.err.println("usage: Slim FOLDER JAR...");
      System.exit(2);
    }
    var folder = Files.createDirectories(Path.of(args[0]));
    for (var jar : Arrays.asList(args).subList(1, args.length)) {
      var name = Path.of(jar).getFileName();
      try (var out = Files.newOutputStream(folder.resolve(name))) {
        slim(Path.of(jar), out);
      }
    }
  }

  static void slim(Path jar, OutputStream to) throws IOException {
    try (var in = new ZipFile(jar.toFile());
        var out = new ZipOutputStream(to)) {
      out.setMethod(ZipOutputStream.STORED);
      for (var entry : in.stream().filter(entry -> !entry.isDirectory()).toList()) {
        var content = in.getInputStream(entry).readAllBytes();
        add(out, entry.getName(), isClass(entry.getName()) ? slim(content) : content);
      }
    }
  }

  /** A module's description has no methods. */
  private static boolean isClass(String name) {
    return name.endsWith(".class") && !name.endsWith("module-info.class");
  }

  private static byte[] slim(byte[] content) {
    return CLASS_FILE.transformClass(CLASS_FILE.parse(content), WITHOUT_LOCALS);
  }

  private static void add(ZipOutputStream out, String name, byte[] content) throws IOException {
    var entry = new ZipEntry(name);
    var check = new CRC32();
    check.update(content);
    entry.setSize(content.length);
    entry.setCrc(check.getValue());
    entry.setLastModifiedTime(TIME);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
