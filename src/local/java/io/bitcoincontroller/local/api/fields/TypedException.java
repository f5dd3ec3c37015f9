package io.bitcoincontroller.local.api.fields;

/** A value that doesn't fit its schema, so that its fields have no names. */
public final class TypedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The message, which is never null. */
  private final String text;

  TypedException(String message) {
    super(message);
    this.text = message;
  }

  /** The same fault, with the path of one step further out. */
  TypedException under(String step) {
    var joint = text.startsWith(".") || text.startsWith("[") ? "" : ": ";
    return new TypedException(Step.text(step) + joint + text);
  }
}
