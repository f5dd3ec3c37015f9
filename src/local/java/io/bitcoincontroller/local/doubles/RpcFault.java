package io.bitcoincontroller.local.doubles;

/** A fault of an answer, or of the wire that it comes on. */
public enum RpcFault {
  /** The work queue is full: 503 with a sentence, and a content type of HTML. */
  OVERLOADED,
  /** Still starting: each call of the batch has error -28. */
  WARMING_UP,
  /** Still starting, and the batch as a whole has one error object and HTTP 500. */
  WARMING_UP_AS_ONE,
  /** Every user's credentials are wrong: 401 without a body, after 250 ms. */
  UNAUTHORIZED,
  /** The address or the method is not allowed: 403 without a body. */
  FORBIDDEN,
  /** JSON-RPC 2.0, asked for or not: HTTP 200 and never both result and error. */
  VERSION_2,
  /** Something else lives at the address: HTTP 200 with a web page. */
  WEB_PAGE,
  /** A redirection to another place, which might be shown the credentials. */
  REDIRECTED,
  /** Takes the request and closes the connection. */
  CUT_BEFORE_HEADERS,
  /** Closes the connection in the middle of a body whose length it has told. */
  CUT_IN_BODY,
  /** Closes the connection in the middle of a body whose length it has not told. */
  CUT_IN_BODY_OF_UNKNOWN_LENGTH,
  /** Takes the request and says nothing, as a process that is stopped. */
  SILENT,
  /** Says nothing more in the middle of the headers. */
  SILENT_IN_HEADERS,
  /** Says nothing more in the middle of the body. */
  SILENT_IN_BODY,
  /** A byte of the body now and then, so that the line is never idle and never done. */
  DRIPPING,
  /** A body that goes on for as long as it is read. */
  ENDLESS,
  /** Members with ids that nobody gave. */
  FOREIGN_IDS,
  /** Members with ids that read as 0, 1, 2 only if one rounds. */
  BROKEN_IDS,
  /** The last member is missing. */
  MEMBER_MISSING,
  /** The last member comes twice, and not the same. */
  MEMBER_TWICE,
  /** Members in reverse order, which the rules of batches allow, and no bitcoind does. */
  REVERSED,
  /** One result, where a batch was asked. */
  ONE_RESULT_FOR_ALL,
  /** Members with neither result nor error. */
  NEITHER_RESULT_NOR_ERROR,
  /** Errors that are a text, not an object with a code. */
  ERROR_AS_TEXT,
}
