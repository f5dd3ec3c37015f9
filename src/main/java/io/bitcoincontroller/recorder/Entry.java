package io.bitcoincontroller.recorder;

/**
 * One recorded thing.
 *
 * @param number from 1, without gaps
 * @param micros since the process began
 * @param network the key of the network that it is about; empty: of none
 * @param object a JSON object with all else, its kind first; in ASCII: a byte for each character
 */
record Entry(long number, long micros, String network, String object) {
  /** A JSON object in one line. */
  String line() {
    return "{\"seq\":" + number + ",\"t\":" + micros + "," + object.substring(1);
  }
}
