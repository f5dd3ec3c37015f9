package io.bitcoincontroller.recorder;

/**
 * One recorded thing.
 *
 * @param number from 1, without gaps
 * @param micros since the process began
 * @param network the key of the network that it is about; empty: of none
 * @param rest its JSON after number and time, each field with a comma before it, in ASCII: a byte
 *     for each character
 */
record Entry(long number, long micros, String network, String rest) {
  /** A JSON object in one line. */
  String line() {
    return "{\"seq\":" + number + ",\"t\":" + micros + rest + "}";
  }
}
