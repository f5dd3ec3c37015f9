/**
 * What goes on between a user and a running pod: {@code kubectl logs} and {@code kubectl exec}.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.local.streams.ExecStream} carries a command's input and output
 *       over one WebSocket, as channels; {@code LineDiscipline} does the little that a terminal
 *       would do for {@code -t}.
 *   <li>{@link io.bitcoincontroller.local.streams.LogStream} answers with a container's log; {@code
 *       LogQuery} says which of its lines the client asks for.
 * </ul>
 *
 * Not promised: SPDY (kubectl before 1.30 knows nothing else for exec), attach, port-forward, cp
 * into pods of simulated containers. Comes after {@code kubelet}.
 */
package io.bitcoincontroller.local.streams;
