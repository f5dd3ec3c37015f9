package io.bitcoincontroller.local.image;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments {@code MANIFESTS SERVICE-ACCOUNT COMMAND...} of this room's programs.
 *
 * @param manifests the product's folder of that name
 * @param serviceAccount the folder where the kubelet would mount the service account; the program
 *     writes it
 * @param command starts the controller as its pod does
 */
record Arguments(Path manifests, Path serviceAccount, List<String> command) {
  /** Ends the process with 2 where one is missing. */
  static Arguments of(String program, String[] args) {
    if (args.length < 3) {
      System.err.println("usage: " + program + " MANIFESTS SERVICE-ACCOUNT COMMAND...");
      System.exit(2);
    }
    return new Arguments(
        Path.of(args[0]), Path.of(args[1]), Arrays.asList(args).subList(2, args.length));
  }
}
