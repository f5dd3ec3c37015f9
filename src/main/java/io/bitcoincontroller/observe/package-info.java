/**
 * Log lines, probes and metrics: the view that people and monitoring have of a running controller.
 *
 * <p>Nothing here decides anything. It shows counts, ages, names and addresses, never a credential
 * or the body of a request.
 */
package io.bitcoincontroller.observe;
