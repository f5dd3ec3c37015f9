package io.bitcoincontroller.recorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The page as one file: page.html, with each style and script that it names put in its place.
 *
 * @param policy the Content-Security-Policy: a browser runs these styles and scripts alone, each
 *     named by its hash, and loads nothing from elsewhere
 */
record PageFile(String html, String policy) {
  private static final Pattern NAMED =
      Pattern.compile(
          "<link rel=\"stylesheet\" href=\"([a-z-]+\\.css)\">"
              + "|<script src=\"([a-z-]+\\.js)\"></script>");

  /**
   * Reads it from the folder {@code page} beside this class.
   *
   * @throws IllegalStateException if a part is missing, which is a mistake of the build
   */
  static PageFile read() {
    var styles = new ArrayList<String>();
    var scripts = new ArrayList<String>();
    var named = NAMED.matcher(part("page.html"));
    var html = new StringBuilder();
    while (named.find()) {
      var isStyle = named.group(1) != null;
      var text = "\n" + part(isStyle ? named.group(1) : named.group(2));
      (isStyle ? styles : scripts).add(hash(text));
      named.appendReplacement(html, "");
      var element = isStyle ? "style" : "script";
      html.append('<').append(element).append('>').append(text);
      html.append("</").append(element).append('>');
    }
    named.appendTail(html);
    return new PageFile(
        html.toString(),
        "default-src 'none'; script-src "
            + String.join(" ", scripts)
            + "; style-src "
            + String.join(" ", styles)
            + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'");
  }

  private static String part(String name) {
    try (var file = PageFile.class.getResourceAsStream("page/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the jar has no part of the page of this name: " + name);
      }
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("the page can't be read from the jar: " + name, e);
    }
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each JDK has SHA-256", e);
    }
  }
}
