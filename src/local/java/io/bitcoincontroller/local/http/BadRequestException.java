package io.bitcoincontroller.local.http;

/** A request that this server can't read; the connection is closed after the answer. */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The status code of the answer. */
  public final int code;

  BadRequestException(int code, String message) {
    super(message);
    this.code = code;
  }

  BadRequestException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }
}
