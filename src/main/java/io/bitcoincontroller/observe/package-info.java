/**
 * What people and monitoring see of the running controller: log lines, probes, metrics.
 *
 * <p>Nothing here decides anything. It shows counts, ages, names and addresses, never a credential
 * or the body of a request.
 */
package io.bitcoincontroller.observe;
