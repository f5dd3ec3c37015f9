/**
 * What the benchmarks share: how something is measured, and how it is told. Each benchmark is a
 * {@code main} beside its subject, run by {@code scripts/bench.sh}; none is a test, since the
 * machine and its other work decide the figures.
 *
 * <ul>
 *   <li>Costs are CPU time of the whole process: the garbage collector's and the compiler's work
 *       counts, other programs' does not.
 *   <li>What is compared is measured in one run, turn by turn, after the same warm-up.
 *   <li>Everything is measured several times and told as lowest, median and highest.
 * </ul>
 */
package io.bitcoincontroller.bench;
