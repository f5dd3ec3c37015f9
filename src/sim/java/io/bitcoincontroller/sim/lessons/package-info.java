/**
 * A dozen short stories of the controller, each in a simulated cluster in which one thing happens:
 * recorded by the controller's own flight recorder, and told at stops.
 *
 * <ul>
 *   <li>A class for each story says what happens, and what is to be seen at which entry of the
 *       recording.
 *   <li>{@code LessonFile} cuts the recording to what matters, and puts the stops in. A stop that
 *       finds no entry is an error: what is told has to be there.
 *   <li>{@link io.bitcoincontroller.sim.lessons.WriteLessons} writes the files that the page shows.
 *       A test does the same, and compares.
 * </ul>
 */
package io.bitcoincontroller.sim.lessons;
