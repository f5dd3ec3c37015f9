/**
 * How everything that acts in the cluster hears of changes: the {@link
 * io.bitcoincontroller.local.controllers} and the {@link io.bitcoincontroller.local.kubelet}.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.loop.Loop} is a controller's one thread: it hands changes
 *       on, and looks at everything every ten seconds.
 *   <li>{@code Feed} replays the log of {@link io.bitcoincontroller.local.api.Storage} for several
 *       kinds, as one stream.
 * </ul>
 *
 * Not promised: every change. A feed that falls behind the log starts again with the objects that
 * are there; the periodic look mends what it missed. Comes after {@code api}.
 */
package io.bitcoincontroller.local.loop;
