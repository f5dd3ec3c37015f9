/**
 * A headless Chromium for tests of the page, and the little of its DevTools protocol that they
 * need: a {@link io.bitcoincontroller.browser.Chromium} has tabs, and a {@link
 * io.bitcoincontroller.browser.Tab} is looked at, clicked and typed into.
 *
 * <p>Nothing here waits for a time: a tab is asked until it shows what is expected.
 */
package io.bitcoincontroller.browser;
