package io.bitcoincontroller.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files that people give us; its errors say in words what is wrong. */
public final class SmallFile {
  /** A kubeconfig with a thousand clusters has about this size. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private SmallFile() {}

  /**
   * The text of a file, which may also be a pipe.
   *
   * @param what names the file's role at the head of a message: {@code kubeconfig}
   * @throws IOException with a message for the user: the role, the path, the reason
   */
  public static String read(String what, Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("it is over " + LARGEST + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException e) {
      throw new IOException(what + " " + file + " can't be read: " + reason(e, file), e);
    }
  }

  private static String reason(IOException e, Path file) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "this user has no permission to read it";
      case CharacterCodingException _ -> "it is not a text in UTF-8";
      default -> Files.isDirectory(file) ? "it is a folder" : "" + e.getMessage();
    };
  }
}
