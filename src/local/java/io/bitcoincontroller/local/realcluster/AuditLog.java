package io.bitcoincontroller.local.realcluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.bitcoincontroller.kube.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The API server's own record of its requests and answers, in order of answers. */
public final class AuditLog {
  /**
   * One answer.
   *
   * @param user who asked
   * @param agent as the client calls itself
   * @param resource plural; empty if the request was for no object
   * @param target path and query
   * @param code of HTTP; a watch has two entries, the first when it brings its first event or ends
   */
  public record Entry(
      String user,
      String agent,
      String verb,
      String resource,
      String target,
      String stage,
      int code) {
    static Entry of(JsonNode event) {
      return new Entry(
          event.at("/user/username").asText(),
          event.path("userAgent").asText(),
          event.path("verb").asText(),
          event.at("/objectRef/resource").asText(),
          event.path("requestURI").asText(),
          event.path("stage").asText(),
          event.at("/responseStatus/code").asInt());
    }

    public boolean watch() {
      return verb.equals("watch");
    }

    /** The last entry of its request. */
    public boolean complete() {
      return stage.equals("ResponseComplete");
    }

    /** As {@code patch 200 services}. */
    public String kindOfRequest() {
      return verb + " " + code + " " + resource;
    }

    /** As {@code list 200 /api/v1/pods}. */
    @Override
    public String toString() {
      return verb + " " + code + " " + target;
    }
  }

  private final Path file;

  AuditLog(Path file) {
    this.file = file;
  }

  /** All entries so far. */
  public List<Entry> entries() throws IOException {
    var entries = new ArrayList<Entry>();
    for (var line : Files.readAllLines(file)) {
      // the last one may still be written
      if (line.endsWith("}")) {
        entries.add(Entry.of(Json.MAPPER.readTree(line)));
      }
    }
    return entries;
  }
}
