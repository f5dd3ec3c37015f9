package io.bitcoincontroller.kube;

/** The beginning of a text that may be too long. Never cuts a character in two. */
public final class Excerpt {
  private Excerpt() {}

  /**
   * For people: a text that was cut ends with {@code …}.
   *
   * @param longest in Java's chars, the mark included; at least 2
   */
  public static String of(String text, int longest) {
    return text.length() <= longest ? text : beginning(text, longest - 1) + "…";
  }

  /**
   * For machines: nothing shows that a text was cut.
   *
   * @param longest in Java's chars
   */
  public static String beginning(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    var splits = longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1));
    return text.substring(0, splits ? longest - 1 : longest);
  }
}
