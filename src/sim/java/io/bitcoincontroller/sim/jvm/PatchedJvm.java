package io.bitcoincontroller.sim.jvm;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the few classes of the JDK that wait with a time limit, so that they ask for the time of
 * the simulation: every {@code System.nanoTime()} in them becomes {@code SimulatedTime.nanos()}.
 * All else in them, and in the controller, stays as it is. A JVM that is started with {@code
 * --patch-module java.base=FOLDER} uses them.
 */
final class PatchedJvm {
  /** Where the time stands; a class of this name is added to java.base. */
  static final ClassDesc TIME = ClassDesc.of("java.lang.SimulatedTime");

  static final String FIELD = "now";

  private static final MethodTypeDesc LONG = MethodTypeDesc.of(ConstantDescs.CD_long);
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");

  /**
   * Sleep and join, locks and latches, futures. The collections mix the time of the JVM's start
   * into the order of {@code Set.of} and {@code Map.of}: with this they have one order.
   */
  private static final List<String> CLASSES =
      List.of(
          "java/lang/VirtualThread",
          "java/util/ImmutableCollections",
          "java/util/concurrent/FutureTask",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer",
          "java/util/concurrent/locks/AbstractQueuedSynchronizer$ConditionObject");

  private PatchedJvm() {}

  /** Writes the classes into a folder, which is made. */
  static void write(Path folder) throws IOException {
    for (var name : CLASSES) {
      write(folder, name, withSimulatedTime(bytesOf(name)));
    }
    write(folder, "java/lang/SimulatedTime", time());
  }

  private static void write(Path folder, String name, byte[] bytes) throws IOException {
    var file = folder.resolve(name + ".class");
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static byte[] bytesOf(String name) throws IOException {
    try (var in = Object.class.getResourceAsStream("/" + name + ".class")) {
      if (in == null) {
        throw new IOException("this JDK has no class " + name);
      }
      return in.readAllBytes();
    }
  }

  private static byte[] withSimulatedTime(byte[] original) {
    CodeTransform code =
        (builder, element) -> {
          if (element instanceof InvokeInstruction call
              && call.owner().asSymbol().equals(SYSTEM)
              && call.name().equalsString("nanoTime")) {
            builder.invokestatic(TIME, "nanos", LONG);
          } else {
            builder.with(element);
          }
        };
    var file = ClassFile.of();
    return file.transformClass(file.parse(original), ClassTransform.transformingMethodBodies(code));
  }

  private static byte[] time() {
    return ClassFile.of()
        .build(
            TIME,
            builder ->
                builder
                    .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                    .withField(
                        FIELD, ConstantDescs.CD_long, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC)
                    .withMethodBody(
                        "nanos",
                        LONG,
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                        code -> code.getstatic(TIME, FIELD, ConstantDescs.CD_long).lreturn()));
  }
}
