package io.bitcoincontroller.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the page with all lessons as one file, which a browser opens without a server. */
public final class LessonsFile {
  private LessonsFile() {}

  /** Takes the path of the file. */
  public static void main(String... arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), html());
  }

  /** The policy stands in the file, since no header comes with it. The lessons are data. */
  static String html() {
    var page = PageFile.read();
    var policy = page.policy().replaceFirst(";\\s*frame-ancestors 'none'", "");
    var lessons = Lessons.all().replace("<", "\\u003c");
    var head =
        "<meta http-equiv=\"Content-Security-Policy\" content=\""
            + policy
            + "\">\n<script type=\"application/json\" id=\"lessons-here\">"
            + lessons
            + "</script>\n</head>";
    return page.html().replace("</head>", head);
  }
}
