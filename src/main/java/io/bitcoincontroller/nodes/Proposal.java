package io.bitcoincontroller.nodes;

import io.bitcoincontroller.blocks.Template;

/**
 * The next block, as a node proposes it. It counts with what nodes said, until it is given back.
 *
 * @param giveBack to be run when neither the template nor a block with its transactions is held any
 *     longer; more than once does no harm
 */
public record Proposal(Template template, Runnable giveBack) {}
