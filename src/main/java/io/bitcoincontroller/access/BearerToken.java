package io.bitcoincontroller.access;

import java.io.IOException;

/** The rule for tokens from every source. */
final class BearerToken {
  private BearerToken() {}

  /**
   * Takes off the line end of a file, and checks the rest. HttpClient would check it too, but its
   * message shows the header.
   *
   * @param origin names the source at the head of the message
   * @throws IOException if it is empty or can't be part of a header, with a message for the user
   */
  static String check(String origin, String raw) throws IOException {
    var token = raw.strip();
    if (token.isEmpty()) {
      throw new IOException(origin + " is empty: it must be a bearer token");
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException(
          origin + " has characters that no bearer token has: it must be one line of ASCII");
    }
    return token;
  }
}
