package io.bitcoincontroller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.bitcoincontroller.local.user.ControllerProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as it is started: what it says to bad input, and how it ends. */
final class CommandLineTest {
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final String GOOD =
      """
      apiVersion: v1
      kind: Config
      clusters:
      - name: here
        cluster: {server: "https://127.0.0.1:1"}
      users:
      - name: me
        user: {token: s3cret}
      contexts:
      - name: here
        context: {cluster: here, user: me}
      current-context: here
      """;

  @TempDir private Path folder;

  private record Ended(int code, String stdout, String stderr) {}

  @BeforeEach
  void writeKubeconfigs() throws IOException {
    write("good", GOOD);
    write("quote", GOOD.replace("s3cret", "\"s3cret"));
    write("tab", "contexts:\n\t- name: here\n");
    write("other", GOOD.replace("current-context: here", "current-context: there"));
    write("no-url", GOOD.replace("https://", ""));
    write("pod", "apiVersion: v1\nkind: Pod\n");
    Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, (byte) 0xfe});
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** In the folder of the files above, with nothing of the surroundings that names a cluster. */
  private Ended run(List<String> flags) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(ControllerProgram.command(BuiltProgram.command(), flags))
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().keySet().removeAll(List.of("KUBECONFIG", "KUBERNETES_SERVICE_HOST"));
    builder.environment().put("HOME", folder.toString());
    var process = builder.start();
    try {
      assertTrue(process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS), "it goes on: " + flags);
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(folder.resolve("stdout")),
        Files.readString(folder.resolve("stderr")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --nope                                       | unknown flag --nope: --help lists what there is
          start                                        | unknown flag start: --help lists what there is
          --workers                                    | --workers needs a value: --help says which
          --kubeconfig=                                | --kubeconfig needs a value: --help says which
          --workers --namespace=a                      | --workers needs a value: --help says which
          --workers=0                                  | --workers: a number from 1 to 1000, not 0
          --workers many                               | --workers: a number from 1 to 1000, not many
          --workers 1 --workers 2                      | --workers is given twice: give it once
          --log-format xml                             | --log-format: one of text, json, not xml
          --namespace a,B                              | --namespace: "B" is no name of a namespace; separate several by commas
          --bind-address 8080                          | --bind-address: "8080" is no address to listen on: give host:port, [IPv6]:port or :port
          --bind-address :80800                        | --bind-address: ":80800" is no address to listen on: give host:port, [IPv6]:port or :port
          --log-level info                             | no kubeconfig: there is no FOLDER/.kube/config: give --kubeconfig, or set KUBECONFIG
          --kubeconfig missing                         | kubeconfig FOLDER/missing can't be read: there is no such file
          --kubeconfig .                               | kubeconfig FOLDER/. can't be read: it is a folder
          --kubeconfig bytes                           | kubeconfig FOLDER/bytes can't be read: it is not a text in UTF-8
          --kubeconfig pod                             | kubeconfig FOLDER/pod: top level: kind is not Config of v1: this is no kubeconfig, give another file
          --kubeconfig quote                           | kubeconfig FOLDER/quote, line 8, column 17: this quote is never closed: close it before the document ends
          --kubeconfig tab                             | kubeconfig FOLDER/tab, line 2, column 1: a tab in the indentation: indent with spaces
          --kubeconfig other                           | kubeconfig other: the context "there" does not exist: choose one of [here]
          --kubeconfig good --context there            | kubeconfig good: the context "there" does not exist: choose one of [here]
          --kubeconfig no-url                          | kubeconfig FOLDER/no-url: cluster "here": server is no URL like https://host:port (IPv6 hosts need [brackets])
          """)
  void whatTheUserGaveWrongIsOneLineAndExitCode2(String flags, String line) throws Exception {
    var ended = run(List.of(flags.split(" ")));
    var expected = "bitcoin-controller: " + line.replace("FOLDER", folder.toString()) + "\n";
    assertEquals(new Ended(2, "", expected), ended);
  }

  @Test
  void aPortThatIsTakenIsOneLineAndExitCode1() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var address = "127.0.0.1:" + taken.getLocalPort();
      var ended = run(List.of("--kubeconfig", "good", "--bind-address", address));
      assertEquals(
          new Ended(
              1,
              "",
              "bitcoin-controller: can't listen on "
                  + address
                  + " (Address already in use): stop the program that has this port, or choose"
                  + " another address\n"),
          ended);
    }
  }

  @Test
  void helpAndVersionArePrintedAndAllIsWell() throws Exception {
    assertEquals(new Ended(0, Config.HELP, ""), run(List.of("--workers", "3", "--help")));
    for (var code : List.of(" 0 ", " 1 ", " 2 ", " 143, 130 or 129 ")) {
      assertTrue(Config.HELP.split("Exit codes:", 2)[1].contains(code), code);
    }
    var version = run(List.of("--version"));
    assertEquals(0, version.code());
    assertTrue(
        version.stdout().matches("bitcoin-controller [0-9]+\\.[0-9]+\\.[0-9]+\n"), version::stdout);
  }
}
