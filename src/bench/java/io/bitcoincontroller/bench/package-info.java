/**
 * How the benchmarks measure, and how they print. Each benchmark is a {@code main} in the package
 * that it measures, run by {@code scripts/bench.sh}. None is a test: the machine and its other work
 * decide the figures.
 *
 * <ul>
 *   <li>Costs are CPU time of the whole process: it counts the garbage collector's and the
 *       compiler's work, and no other program's.
 *   <li>Things to compare are measured in one run, turn by turn, after the same warm-up.
 *   <li>Everything is measured several times: lowest, median and highest are printed.
 * </ul>
 */
package io.bitcoincontroller.bench;
