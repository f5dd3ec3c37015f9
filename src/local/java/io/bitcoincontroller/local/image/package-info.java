/**
 * What the image is made, tried and measured with: the controller as its pod starts it, by whatever
 * command, beside a cluster on this machine.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.image.Training} is the run that the ahead-of-time cache
 *       is trained by; the Dockerfile runs it.
 *   <li>{@link io.bitcoincontroller.local.image.Trial} runs an image against real nodes: {@code
 *       scripts/image.sh --try}.
 *   <li>{@link io.bitcoincontroller.local.image.Figures} measures it: {@code
 *       scripts/image-figures.sh}.
 * </ul>
 *
 * Comes after {@code local.user}; nothing uses it.
 */
package io.bitcoincontroller.local.image;
