/**
 * The flight recorder: what came in, what was decided and what was done, as lines of JSON in a ring
 * of bounded size. It answers "why did this pass run, and why did it do that?", on the page at
 * {@code /} of the health port, and in a file that the page loads.
 *
 * <p>It records inputs and outputs of the real decisions, and decides nothing. An entry is encoded
 * when it is recorded, so nothing of the controller is held by it, and its size is known. No entry
 * holds a secret: bodies of requests are never recorded.
 *
 * <p>Not promised: that an entry stays. The oldest go when the ring is full.
 */
package io.bitcoincontroller.recorder;
