/** Decides what a pass does: values in, value out. */
package io.bitcoincontroller.plan;
