/**
 * Programs that make, try and measure the image. Each starts the controller as its pod does, by
 * whatever command, beside a cluster on this machine.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.image.Slim} makes the jars smaller; the Dockerfile runs
 *       it.
 *   <li>{@link io.bitcoincontroller.local.image.Training} is the run that trains the ahead-of-time
 *       cache; the Dockerfile runs it.
 *   <li>{@link io.bitcoincontroller.local.image.Trial} runs an image against real nodes: {@code
 *       scripts/image.sh --try}.
 *   <li>{@link io.bitcoincontroller.local.image.Figures} measures it: {@code
 *       scripts/image-figures.sh}.
 * </ul>
 *
 * Comes after {@code user} and {@code doubles}; nothing uses it.
 */
package io.bitcoincontroller.local.image;
