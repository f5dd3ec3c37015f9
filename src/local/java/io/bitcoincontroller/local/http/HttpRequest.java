package io.bitcoincontroller.local.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request, read whole.
 *
 * @param target path and query as they came
 * @param headers by lower-case name; several of one name are joined by commas
 * @param body read as UTF-8; empty if there is none
 */
public record HttpRequest(String method, String target, Map<String, String> headers, String body) {
  public String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  public String path() {
    var question = target.indexOf('?');
    return question < 0 ? target : target.substring(0, question);
  }

  /** The decoded parts of the path between its slashes. */
  public List<String> segments() {
    return Arrays.stream(path().split("/", -1))
        .filter(part -> !part.isEmpty())
        .map(part -> decode(part.replace("+", "%2B")))
        .toList();
  }

  /** The decoded parameters; the first of a name counts. */
  public Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    var question = target.indexOf('?');
    if (question >= 0) {
      for (var pair : target.substring(question + 1).split("&", -1)) {
        var equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        query.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  /** True as Go reads a boolean parameter: present, and neither false nor 0. */
  public boolean flag(String name) {
    var query = query();
    return query.containsKey(name) && !List.of("false", "0").contains(query.get(name));
  }

  /** All values of a parameter that may come several times, such as {@code command} of an exec. */
  public List<String> queryAll(String name) {
    var question = target.indexOf('?');
    return question < 0
        ? List.of()
        : Arrays.stream(target.substring(question + 1).split("&", -1))
            .filter(pair -> pair.startsWith(name + "="))
            .map(pair -> decode(pair.substring(name.length() + 1)))
            .toList();
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(400, "bad percent-encoding in the request target", e);
    }
  }

  /** Method and target only: a body may hold a Secret, and headers hold credentials. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
