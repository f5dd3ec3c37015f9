/**
 * Makes blocks of regtest: values in, a whole block out.
 *
 * <ul>
 *   <li>{@link io.bitcoincontroller.blocks.Address} reads an address, and says why one of another
 *       chain is none of ours.
 *   <li>{@link io.bitcoincontroller.blocks.Template} is the parent of the next block, and the
 *       transactions that it may have.
 *   <li>{@link io.bitcoincontroller.blocks.Block} is a block with its proof of work, or several,
 *       each the parent of the next.
 *   <li>{@link io.bitcoincontroller.blocks.Subsidy} is the number of new coins in a block.
 * </ul>
 *
 * bitcoind can mine by itself ({@code generatetoaddress}), but nobody can tell whether a call was
 * carried out whose answer was lost, and a second call mines a second time. A block that is made
 * here names its parent and has a hash before it is sent. To send it twice does no harm, a late one
 * stands beside the chain, and any node tells whether it has it.
 *
 * <p>It does not promise that a block is valid: bitcoind judges that. It sends nothing and uses no
 * other package; {@code plan} decides when a block is due, {@code network} has it made and sent.
 */
package io.bitcoincontroller.blocks;
