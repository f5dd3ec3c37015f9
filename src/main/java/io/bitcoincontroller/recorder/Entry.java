package io.bitcoincontroller.recorder;

/**
 * One recorded thing.
 *
 * @param number from 1, without gaps
 * @param micros since the process began
 * @param object a JSON object with all else, its kind first; in ASCII: a byte for each character
 */
record Entry(long number, long micros, String object) {
  /** A JSON object in one line. */
  String line() {
    return "{\"seq\":" + number + ",\"t\":" + micros + "," + object.substring(1);
  }
}
